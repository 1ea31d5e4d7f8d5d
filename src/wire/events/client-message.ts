/** One client message with what answered it, as the ECS document that a network sensor ships. */
import { isIPv4 } from 'node:net'
import type { ContextResult } from '../rpc/bind.ts'
import type { Endpoint } from '../wire-types.ts'

/** A client message while its answer may still come. */
export interface ClientMessage {
  action: string
  /** Interfaces it is addressed to, by name and by UUID, without repeats. */
  interfaces: string[]
  uuids: string[]
  opnum: number | null
  operation: string | null
  callId: number
  contextId: number | null
  /** Those that a bind or alter_context offers. */
  contexts: OfferedContext[]
  pipe: string | null
  client: Endpoint
  server: Endpoint
  timeMs: number
  /** Packets that brought its parts and its answer's. */
  frames: number[]
  streamOffset: number
  /** The message's bytes as hex pairs and its printable bytes alone: the first `VIEWED_BYTES`, of a bind all its contexts. */
  raw: string
  printable: string
  length: number
  answer: Answer | null
}

export interface Answer {
  timeMs: number
  outcome: 'success' | 'failure'
  /** Of a fault, or of a refused bind. */
  status: number | null
}

/** A presentation context as the event shows it. */
export interface OfferedContext {
  id: number
  interface: string
  transfer_syntax: string
  /** Where the interface's UUID lies in the message. */
  uuid_offset: number
  /** What the server said to it; absent while it said nothing. */
  result?: ContextResult['result']
}

/** Bytes of a message that its event carries for the views of sensors, at least. */
export const VIEWED_BYTES = 2048
export const MOST_FRAMES = 64

/** What all messages of a connection have in common. */
export interface ConnectionFacts {
  communityId: string | null
  observer: string
}

export function documentOf(
  message: ClientMessage,
  { communityId, observer }: ConnectionFacts,
): Record<string, unknown> {
  const { client, server, answer, opnum, operation, contextId, pipe, interfaces, uuids } = message
  return {
    '@timestamp': new Date(message.timeMs).toISOString(),
    event: {
      kind: 'event',
      category: ['network'],
      type: ['connection', 'protocol'],
      action: message.action,
      dataset: 'network_traffic.dcerpc',
      ...(answer === null
        ? {}
        : { outcome: answer.outcome, duration: Math.max(0, Math.round((answer.timeMs - message.timeMs) * 1e6)) }),
    },
    network: {
      type: isIPv4(client.ip) ? 'ipv4' : 'ipv6',
      transport: 'tcp',
      protocol: 'dce_rpc',
      community_id: communityId,
    },
    rpc: {
      ...(interfaces.length === 0 ? {} : { interface: oneOrAll(interfaces), interface_uuid: oneOrAll(uuids) }),
      ...(opnum === null ? {} : { opnum }),
      ...(operation === null ? {} : { operation }),
      call_id: message.callId,
      ...(contextId === null ? {} : { context_id: contextId }),
      ...(pipe === null ? {} : { endpoint: `\\PIPE\\${pipe}` }),
      ...(answer?.status == null ? {} : { status: answer.status }),
    },
    source: { ip: client.ip, port: client.port },
    destination: { ip: server.ip, port: server.port },
    observer: { type: 'sensor', name: observer },
    wire: {
      ...(message.contexts.length === 0 ? {} : { contexts: message.contexts }),
      frames: message.frames,
      stream_offset: message.streamOffset,
      length: message.length,
      raw: message.raw,
      printable: message.printable,
    },
  }
}

const oneOrAll = (values: string[]) => (values.length === 1 ? values[0] : values)
