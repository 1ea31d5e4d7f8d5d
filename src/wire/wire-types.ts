/** What the decoder gives out. */
import type { Context, ContextResult } from './rpc/bind.ts'
import type { PduType } from './rpc/header.ts'

export interface Endpoint {
  ip: string
  port: number
}

/** One PDU as it passed. */
export interface WirePdu {
  /** The packet that brought its last byte, from 1. */
  frame: number
  type: PduType
  /** Name of the interface, or its UUID where it has none; of a bind the first; null where nothing tells it. */
  interface: string | null
  /** Of requests and their answers. */
  opnum: number | null
  operation: string | null
  callId: number
  /** Of a bind the first. */
  contextId: number | null
  /** The header's flags: 1 first fragment, 2 last fragment, 0x80 object UUID. */
  flags: number
  source: Endpoint
  destination: Endpoint
  /** The named pipe that it came through, such as `atsvc`. */
  pipe: string | null
  /** Where it begins in the sender's side of the TCP connection. */
  streamOffset: number
  length: number
  /** Of binds and alter_contexts. */
  contexts?: Context[]
  /** Of their answers, in the order of the contexts. */
  results?: ContextResult[]
  /** Of a bind_nak the reason, of a fault the status. */
  status?: number | null
  /** Object UUID of a request that has one. */
  object?: string
  /** Type and level of its authentication, such as 9 (SPNEGO) and 6 (privacy). */
  authentication?: { type: number; level: number }
}

/** One client message with its answer, as an ECS document. */
export interface WireEvent {
  /** Number in its capture, from 1. */
  record: number
  document: Record<string, unknown>
}

export type View = 'decoded' | 'raw' | 'printable'

/** What the sensor's views look for. */
export interface Watched {
  view: View
  /** A UUID for `decoded`, bytes as hex pairs for `raw`, text for `printable`. */
  pattern: string
}

/** A place where a view found what it looks for. */
export interface Occurrence {
  view: View
  pattern: string
  frame: number
  /** Where it begins in the sender's side of the TCP connection. */
  streamOffset: number
  /** Where it begins in its PDU. */
  pduOffset: number
  pdu: PduType
  /** Source and destination. */
  ports: [number, number]
}
