/** A remote creation of a task as it passes on the wire, made by hand. */
import { ipv4, LINKS, type Segment, tcp } from './packet-maker.ts'
import { bind, bindAck, request, response, TASK_SCHEDULER_UUID } from './pdu-maker.ts'

export const CLIENT: [string, number] = ['10.0.0.5', 56588]
const SERVER: [string, number] = ['10.0.0.6', 49671]

const FIN = 1
const SYN = 2
const ACK = 16

/** What one side says, in the order in which the sides speak. */
export interface Said {
  by: 'client' | 'server'
  bytes: Buffer
}

const uuid = TASK_SCHEDULER_UUID

export const REMOTE_CREATION: Said[] = [
  {
    by: 'client',
    bytes: bind([
      { id: 0, uuid, syntax: 'NDR32' },
      { id: 1, uuid, syntax: 'NDR64' },
      { id: 2, uuid, syntax: 'features' },
    ]),
  },
  { by: 'server', bytes: bindAck([2, 0, 3]) },
  { by: 'client', bytes: bind([{ id: 1, uuid, syntax: 'NDR64' }], { type: 'alter_context', callId: 2 }) },
  { by: 'server', bytes: bindAck([0], { type: 'alter_context_resp', callId: 2 }) },
  { by: 'client', bytes: request(0, { contextId: 1, callId: 3 }) },
  { by: 'server', bytes: response({ contextId: 1, callId: 3 }) },
  { by: 'client', bytes: request(1, { contextId: 1, callId: 4, flags: 1, stub: Buffer.alloc(3000, 0xa7) }) },
  { by: 'client', bytes: request(1, { contextId: 1, callId: 4, flags: 2, stub: Buffer.alloc(700, 0xa8) }) },
  { by: 'server', bytes: response({ contextId: 1, callId: 4 }) },
]

export interface ConversationOptions {
  client?: [string, number]
  server?: [string, number]
  /** First sequence numbers of both sides. */
  first?: [number, number]
  /** Whether its beginning is there. */
  handshake?: boolean
  /** Longest piece of data in a segment. */
  segment?: number
}

/** The segments of a connection in the order in which they were sent. */
export function segmentsOf(
  said: readonly Said[],
  {
    client = CLIENT,
    server = SERVER,
    first = [1000, 5000],
    handshake = true,
    segment = 1460,
  }: ConversationOptions = {},
): Segment[] {
  const sides = {
    client: { source: client, destination: server, next: first[0] },
    server: { source: server, destination: client, next: first[1] },
  }
  const segments: Segment[] = []
  const send = (by: Said['by'], flags: number, data?: Buffer) => {
    const side = sides[by]
    const other = sides[by === 'client' ? 'server' : 'client']
    const { source, destination, next: sequence } = side
    segments.push({ source, destination, sequence, acknowledge: other.next, flags, ...(data ? { data } : {}) })
    side.next += (data?.length ?? 0) + (flags & (SYN | FIN) ? 1 : 0)
  }
  if (handshake) {
    send('client', SYN)
    send('server', SYN | ACK)
    send('client', ACK)
  }
  for (const { by, bytes } of said) {
    for (let at = 0; at < bytes.length; at += segment) send(by, ACK, bytes.subarray(at, at + segment))
  }
  if (handshake) {
    send('client', FIN | ACK)
    send('server', FIN | ACK)
    send('client', ACK)
  }
  return segments
}

/** Segments as frames of Ethernet and IPv4. */
export const framesOf = (segments: readonly Segment[]): Buffer[] => segments.map(frameOf)

export function frameOf(segment: Segment): Buffer {
  const packet = ipv4(tcp(segment), { source: segment.source[0], destination: segment.destination[0] })
  return LINKS.ethernet!.wrap(packet, 0x0800)
}
