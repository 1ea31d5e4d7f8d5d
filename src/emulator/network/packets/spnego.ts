/** SPNEGO (RFC 4178, MS-SPNG): the envelopes in which two ends agree on how they authenticate. */
import { der, enumerated, field, generalString, identifier, octets, sequence } from './der.ts'
import { MECHANISM, type Mechanism } from './mechanisms.ts'

const SPNEGO = '2b0601050502'
const offer = (mechanisms: readonly Mechanism[], ...more: Buffer[]): Buffer =>
  der(
    0x60,
    identifier(SPNEGO),
    field(0, sequence(field(0, sequence(...mechanisms.map((name) => identifier(MECHANISM[name])))), ...more)),
  )

/** The client's first token: the mechanisms in the order it wants them, with what the first needs. */
export const negotiationStart = (mechanisms: readonly Mechanism[], token: Buffer): Buffer =>
  offer(mechanisms, field(2, octets(token)))

/** What an SMB server offers before it is asked. */
export const serverOffer = (mechanisms: readonly Mechanism[]): Buffer =>
  offer(mechanisms, field(3, sequence(field(0, generalString('not_defined_in_RFC4178@please_ignore')))))

const STATES = { completed: 0, incomplete: 1, rejected: 2 }

/** Any token after the first. */
export function negotiationStep(step: {
  state?: keyof typeof STATES
  mechanism?: Mechanism
  token?: Buffer
  /** The signature over the mechanisms that were offered. */
  signature?: Buffer
}): Buffer {
  const { state, mechanism, token, signature } = step
  const parts = [
    ...(state === undefined ? [] : [field(0, enumerated(STATES[state]))]),
    ...(mechanism === undefined ? [] : [field(1, identifier(MECHANISM[mechanism]))]),
    ...(token === undefined ? [] : [field(2, octets(token))]),
    ...(signature === undefined ? [] : [field(3, octets(signature))]),
  ]
  return field(1, sequence(...parts))
}
