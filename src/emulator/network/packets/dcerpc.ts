/** DCE/RPC PDUs of the connection-oriented protocol (C706 chapter 12, MS-RPCE 2.2.2). */
import { missingTo, u8, u16, u32, uuid, zeros } from './bytes.ts'
import { type RpcInterface, TRANSFER, type Transfer } from './interfaces.ts'

const TYPES = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  alterContext: 14,
  alterContextResponse: 15,
  auth3: 16,
} as const
type PduType = keyof typeof TYPES

export const FRAGMENT = { first: 0x01, last: 0x02 }
const WHOLE = FRAGMENT.first | FRAGMENT.last
/** On a bind: the header is signed too. On other PDUs the bit means something else. */
const SIGNS_HEADER = 0x04
const HAS_OBJECT = 0x80

export const HEADER = 16
const LITTLE_ENDIAN_ASCII_IEEE = 0x10

/** An authentication trailer: its kind, its value, and how many bytes before it only align it. */
export interface Trailer {
  type: number
  level: number
  padding: number
  value: Buffer
}

interface Pdu {
  type: PduType
  flags: number
  callId: number
  body: Buffer
  trailer?: Trailer | undefined
}

function encode({ type, flags, callId, body, trailer }: Pdu): Buffer {
  const tail =
    trailer === undefined
      ? []
      : [u8(trailer.type), u8(trailer.level), u8(trailer.padding), u8(0), u32(0), trailer.value]
  const rest = Buffer.concat([body, ...tail])
  return Buffer.concat([
    Buffer.of(5, 0, TYPES[type], flags),
    u32(LITTLE_ENDIAN_ASCII_IEEE),
    u16(HEADER + rest.length),
    u16(trailer?.value.length ?? 0),
    u32(callId),
    rest,
  ])
}

const bindFlags = (trailer: Trailer | undefined) => WHOLE | (trailer === undefined ? 0 : SIGNS_HEADER)

/** One interface in one way to write its parameters. */
export interface Context {
  id: number
  interface: RpcInterface
  transfer: Transfer
}

export interface BindOptions {
  callId: number
  largest: number
  group: number
  trailer?: Trailer | undefined
}

const sizes = ({ largest, group }: BindOptions) => [u16(largest), u16(largest), u32(group)]

/** A bind, or a change of the contexts of one. */
export function bind(type: 'bind' | 'alterContext', contexts: readonly Context[], options: BindOptions): Buffer {
  const items = contexts.flatMap(({ id, interface: abstract, transfer }) => [
    u16(id),
    u8(1),
    u8(0),
    uuid(abstract.uuid),
    u32(abstract.version),
    uuid(TRANSFER[transfer].uuid),
    u32(TRANSFER[transfer].version),
  ])
  const { callId, trailer } = options
  const body = Buffer.concat([...sizes(options), u8(contexts.length), zeros(3), ...items])
  return encode({ type, flags: bindFlags(trailer), callId, body, trailer })
}

/** Results of offered contexts: accepted; rejected, as the way to write is not known; features that both have. */
const RESULTS = {
  accepted: (transfer: Transfer) => [u16(0), u16(0), uuid(TRANSFER[transfer].uuid), u32(TRANSFER[transfer].version)],
  rejected: () => [u16(2), u16(2), zeros(20)],
  negotiated: () => [u16(3), u16(3), zeros(20)],
}

/** The answer to a bind or to a change of contexts, for each context what becomes of it. */
export function bindAnswer(
  type: 'bindAck' | 'alterContextResponse',
  contexts: readonly Context[],
  accepted: Transfer,
  options: BindOptions & { secondaryAddress: string },
): Buffer {
  const { callId, trailer, secondaryAddress } = options
  const address = secondaryAddress === '' ? zeros(0) : Buffer.from(`${secondaryAddress}\0`, 'latin1')
  const results = contexts.flatMap(({ transfer }) => {
    if (transfer === 'features') return RESULTS.negotiated()
    return transfer === accepted ? RESULTS.accepted(transfer) : RESULTS.rejected()
  })
  const body = Buffer.concat([
    ...sizes(options),
    u16(address.length),
    address,
    zeros(missingTo(2 + address.length, 4)),
    u8(contexts.length),
    zeros(3),
    ...results,
  ])
  return encode({ type, flags: bindFlags(trailer), callId, body, trailer })
}

/** The third leg of an authentication, which nothing answers. */
export const auth3 = (callId: number, trailer: Trailer): Buffer =>
  encode({ type: 'auth3', flags: WHOLE, callId, body: zeros(4), trailer })

export interface CallOptions {
  callId: number
  contextId: number
  /** `FRAGMENT` bits: which of a call's fragments this is. */
  fragment: number
  /** Bytes of the whole call's parameters. */
  hint: number
  stub: Buffer
  trailer?: Trailer | undefined
}

export function request(options: CallOptions & { opnum: number; object?: string | undefined }): Buffer {
  const { callId, contextId, fragment, hint, stub, trailer, opnum, object } = options
  const head = [u32(hint), u16(contextId), u16(opnum), ...(object === undefined ? [] : [uuid(object)])]
  const flags = fragment | (object === undefined ? 0 : HAS_OBJECT)
  return encode({ type: 'request', flags, callId, body: Buffer.concat([...head, stub]), trailer })
}

export function response({ callId, contextId, fragment, hint, stub, trailer }: CallOptions): Buffer {
  const body = Buffer.concat([u32(hint), u16(contextId), u8(0), u8(0), stub])
  return encode({ type: 'response', flags: fragment, callId, body, trailer })
}

const DID_NOT_EXECUTE = 0x20

/** The server could not do what was asked: an NCA status or a Windows error. */
export function fault(callId: number, contextId: number, status: number): Buffer {
  const body = Buffer.concat([u32(32), u16(contextId), u8(0), u8(0), u32(status), zeros(4)])
  return encode({ type: 'fault', flags: WHOLE | DID_NOT_EXECUTE, callId, body })
}
