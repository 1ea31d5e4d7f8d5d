/** A TCP connection on the wire: what both ends send becomes segments in the order and at the times they would pass. */
import { randomInt } from 'node:crypto'
import type { Endpoint } from '../../machine/changes.ts'
import { encodeFrame, FLAG, type Frame } from './frame.ts'
import type { WireClock } from './wire-clock.ts'

export type Side = 'client' | 'server'

const LARGEST_SEGMENT = 1460
/** Milliseconds between a segment and what follows from it at the other end, and between segments sent at once. */
const TURN_MS = 0.12
const NEXT_MS = 0.012

/** Options of a first segment, as Windows sends them: largest segment, window scale 8, selective acknowledgement. */
const FIRST_OPTIONS = Buffer.from([2, 4, LARGEST_SEGMENT >> 8, LARGEST_SEGMENT & 0xff, 1, 3, 3, 8, 1, 1, 4, 2])
const NOTHING = Buffer.alloc(0)

interface End {
  endpoint: Endpoint
  sequence: number
  /** What it has received up to. */
  acknowledged: number
  identification: number
}

export interface TcpStreamOptions {
  client: Endpoint
  server: Endpoint
  /** The client's: its connection is its doing, and so are the answers to it. */
  clock: WireClock
  /** Gets every frame; null where nothing listens. */
  see: ((frame: Frame) => void) | null
}

const other = (side: Side): Side => (side === 'client' ? 'server' : 'client')

export class TcpStream {
  readonly #ends: Record<Side, End>
  readonly #clock: WireClock
  readonly #see: ((frame: Frame) => void) | null
  #closed = false

  constructor({ client, server, clock, see }: TcpStreamOptions) {
    this.#ends = { client: newEnd(client), server: newEnd(server) }
    this.#clock = clock
    this.#see = see
  }

  /** The handshake; without an answer only its first segment passes. */
  open(answered: boolean): void {
    this.#segment('client', FLAG.synchronise, TURN_MS, NOTHING, FIRST_OPTIONS)
    if (!answered) return
    this.#segment('server', FLAG.synchronise | FLAG.acknowledge, TURN_MS, NOTHING, FIRST_OPTIONS)
    this.#segment('client', FLAG.acknowledge, NEXT_MS)
  }

  /** Data of one side, in as many segments as it takes. Who gets several acknowledges at once. */
  send(from: Side, data: Buffer): void {
    for (let at = 0; at < data.length; at += LARGEST_SEGMENT) {
      const last = at + LARGEST_SEGMENT >= data.length
      const flags = FLAG.acknowledge | (last ? FLAG.push : 0)
      this.#segment(from, flags, at === 0 ? TURN_MS : NEXT_MS, data.subarray(at, at + LARGEST_SEGMENT))
    }
    if (data.length > LARGEST_SEGMENT) this.#segment(other(from), FLAG.acknowledge, TURN_MS)
  }

  /** The client ends it: in order, or at once as a program that just ends does. */
  close(how: 'finish' | 'reset'): void {
    if (this.#closed) return
    this.#closed = true
    if (how === 'reset') {
      this.#segment('client', FLAG.reset | FLAG.acknowledge, TURN_MS)
      return
    }
    this.#segment('client', FLAG.finish | FLAG.acknowledge, TURN_MS)
    this.#segment('server', FLAG.acknowledge, TURN_MS)
    this.#segment('server', FLAG.finish | FLAG.acknowledge, TURN_MS)
    this.#segment('client', FLAG.acknowledge, NEXT_MS)
  }

  #segment(from: Side, flags: number, after: number, data: Buffer = NOTHING, options: Buffer = NOTHING): void {
    const sender = this.#ends[from]
    const receiver = this.#ends[other(from)]
    const at = this.#clock.stamp(after)
    if (this.#see !== null) {
      const bytes = encodeFrame({
        source: sender.endpoint,
        destination: receiver.endpoint,
        sequence: sender.sequence,
        acknowledged: flags & FLAG.acknowledge ? sender.acknowledged : 0,
        flags,
        identification: sender.identification,
        options,
        data,
      })
      this.#see({ at, bytes })
    }
    sender.identification += 1
    sender.sequence += data.length + (flags & (FLAG.synchronise | FLAG.finish) ? 1 : 0)
    receiver.acknowledged = sender.sequence
  }
}

/** Both counts begin anywhere; sequence numbers are kept below what a long connection could bring to overflow. */
const newEnd = (endpoint: Endpoint): End => ({
  endpoint,
  sequence: randomInt(2 ** 31),
  acknowledged: 0,
  identification: randomInt(2 ** 16),
})
