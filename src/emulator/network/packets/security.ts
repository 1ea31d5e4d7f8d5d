/** How a client and a server authenticate inside RPC: the tokens of each leg, and what sealed calls carry after that. */
import type { Credentials } from '../../program.ts'
import * as kerberos from './kerberos.ts'
import { MECHANISM, type Mechanism } from './mechanisms.ts'
import * as ntlm from './ntlm.ts'
import { negotiationStart, negotiationStep } from './spnego.ts'
import type { Side } from './tcp-stream.ts'

export interface Security {
  /** MS-RPCE 2.2.1.1.7: 9 SPNEGO, 10 NTLM. */
  type: number
  /** Client, server, client; the server's last is null where nothing answers the third leg. */
  tokens: { start: Buffer; answer: Buffer; proof: Buffer; done: Buffer | null }
  seal(by: Side): Buffer
  /** Bytes of a seal, and what the sealed data before it is aligned to. */
  sealLength: number
  alignment: number
}

/** Packets are encrypted: MS-TSCH asks for it, and clients of WMI do so by default. */
export const PRIVACY = 6

/** Windows among members of one domain: SPNEGO, which settles on Kerberos. */
export function kerberosSecurity(host: string, realm: string): Security {
  const offered = Object.keys(MECHANISM) as Mechanism[]
  return {
    type: 9,
    tokens: {
      start: negotiationStart(offered, kerberos.ticketFor(host, realm)),
      answer: negotiationStep({
        state: 'incomplete',
        mechanism: 'kerberosOfMicrosoft',
        token: kerberos.ticketAnswer(110),
      }),
      proof: negotiationStep({
        state: 'incomplete',
        token: kerberos.ticketAnswer(66),
        signature: kerberos.signature(false),
      }),
      done: negotiationStep({ state: 'completed', signature: kerberos.signature(true) }),
    },
    seal: (by) => kerberos.seal(by === 'server'),
    sealLength: 76,
    alignment: 16,
  }
}

/** Clients with a protocol library of their own: NTLM without an envelope. */
export function ntlmSecurity({ user, domain = '' }: Credentials, server: ntlm.Computer): Security {
  return {
    type: 10,
    tokens: {
      start: ntlm.negotiate(),
      answer: ntlm.challenge(server),
      proof: ntlm.authenticate({ name: user, domain }, server),
      done: null,
    },
    seal: () => ntlm.seal(),
    sealLength: 16,
    alignment: 4,
  }
}
