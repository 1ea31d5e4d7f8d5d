/** How the kinds of RPC clients differ on the wire. */
import type { Word } from './packets/endpoint-map.ts'
import type { Transfer } from './packets/interfaces.ts'

/** How a kind of client speaks. */
export interface RpcDialect {
  /** Ways to write parameters that it offers, in its order. */
  offers: readonly Transfer[]
  /** The one of them that servers take. */
  accepted: Transfer
  /** Bytes of pointers and counts in that way. */
  word: Word
  /** Largest fragment it asks for. */
  largest: number
  firstCall: number
  /** Bytes that its first call on a context carries behind its parameters (MS-RPCE 2.2.2.13). */
  verification: number
}

/** Windows' own runtime, as recorded (see docs/emulated-hosts.md). Components of COM keep to the older way. */
export const WINDOWS: RpcDialect = {
  offers: ['ndr32', 'ndr64', 'features'],
  accepted: 'ndr64',
  word: 8,
  largest: 5840,
  firstCall: 2,
  verification: 52,
}
export const WINDOWS_COM: RpcDialect = { ...WINDOWS, accepted: 'ndr32', word: 4 }

/** The public Python library that `atexec.py` and `tschclient.py` stand for. */
export const IMPACKET: RpcDialect = {
  offers: ['ndr32'],
  accepted: 'ndr32',
  word: 4,
  largest: 4280,
  firstCall: 1,
  verification: 0,
}
