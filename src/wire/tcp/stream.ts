/** One direction of a TCP connection: segments in any order in, its bytes in order out, with the gaps that loss leaves. */
import type { Memory } from '../block-splitter.ts'
import { Pieces } from '../pieces.ts'

export interface StreamReader {
  /** The next bytes of the stream, from `offset`; they are only lent. `frame` is the packet that brought them. */
  data(bytes: Buffer, start: number, end: number, offset: number, frame: number, timeMs: number): void
  /** A part of the stream is missing. */
  gap(): void
}

/** Beyond that much ahead of a hole, what is missing will not come any more. */
const MOST_AHEAD_BYTES = 256 << 10
const MOST_AHEAD_PIECES = 256
/** A segment further away belongs to another stream: the numbers began anew. */
const FURTHEST = 64 << 20
/** The peer acknowledges what never passed the sensor: after so many times the hole counts as lost. */
const ACKNOWLEDGED_ENOUGH = 3

export class TcpStream {
  readonly #reader: StreamReader
  readonly #memory: Memory
  readonly #ahead = new Pieces()
  /** The sequence number that comes next, and its place in the stream. */
  #nextNumber: number
  #nextOffset = 0
  #acknowledged = 0
  #finOffset = Number.POSITIVE_INFINITY

  /** @param first sequence number of the stream's first byte */
  constructor(first: number, reader: StreamReader, memory: Memory) {
    this.#nextNumber = first >>> 0
    this.#reader = reader
    this.#memory = memory
  }

  /** Whether everything up to the sender's FIN has come. */
  get finished(): boolean {
    return this.#nextOffset >= this.#finOffset
  }

  /**
   * A segment's bytes from `start` to `end`. They would go on to `wireEnd` if all had been captured.
   * `number` is the sequence number of the first.
   */
  take(
    number: number,
    bytes: Buffer,
    start: number,
    end: number,
    wireEnd: number,
    frame: number,
    timeMs: number,
  ): void {
    const offset = this.#offsetOf(number)
    const lead = this.#nextOffset - offset
    if (Math.abs(lead) > FURTHEST) {
      this.flush()
      this.#nextNumber = number
      this.#reader.gap()
      this.take(number, bytes, start, end, wireEnd, frame, timeMs)
      return
    }
    // What was delivered already does not count again.
    const known = Math.max(0, lead)
    if (lead >= 0 && this.#ahead.count === 0) {
      if (known < end - start) this.#deliver(bytes, start + known, end, frame, timeMs)
    } else if (known < end - start) this.#wait(offset + known, bytes, start + known, end, frame, timeMs)
    if (lead < 0) {
      if (this.#ahead.size > MOST_AHEAD_BYTES || this.#ahead.count > MOST_AHEAD_PIECES) this.#giveUpHole()
      return
    }
    this.#deliverAhead()
    if (wireEnd > end) this.#giveUpTo(offset + wireEnd - start)
  }

  /** The sender is done; `number` follows its last byte. */
  fin(number: number): void {
    this.#finOffset = this.#offsetOf(number)
  }

  /** The peer has everything before this number. */
  acknowledged(number: number): void {
    const piece = this.#ahead.first()
    if (piece === undefined || this.#offsetOf(number) <= this.#nextOffset) return
    this.#acknowledged += 1
    if (this.#acknowledged >= ACKNOWLEDGED_ENOUGH) this.#giveUpHole()
  }

  /** Delivers what waits behind holes: nothing more will come. */
  flush(): void {
    while (this.#ahead.count > 0) this.#giveUpHole()
  }

  /** Forgets what is held. */
  release(): void {
    this.#memory.held -= this.#ahead.size
    while (this.#ahead.count > 0) this.#ahead.shift()
  }

  /** Sequence numbers wrap around; the nearest offset is meant. */
  #offsetOf(number: number): number {
    return this.#nextOffset + ((number - this.#nextNumber) | 0)
  }

  #deliver(bytes: Buffer, start: number, end: number, frame: number, timeMs: number): void {
    const offset = this.#nextOffset
    this.#advance(end - start)
    this.#reader.data(bytes, start, end, offset, frame, timeMs)
  }

  #advance(length: number): void {
    this.#nextOffset += length
    this.#nextNumber = (this.#nextNumber + length) >>> 0
  }

  /** Keeps what is new of bytes that lie at `offset`, until what comes before them is there. */
  #wait(offset: number, bytes: Buffer, start: number, end: number, frame: number, timeMs: number): void {
    const before = this.#ahead.size
    this.#ahead.insert(offset, offset + end - start, bytes, start, frame, timeMs)
    this.#memory.held += this.#ahead.size - before
  }

  #skipTo(offset: number): void {
    this.#advance(offset - this.#nextOffset)
    this.#reader.gap()
  }

  #deliverAhead(): void {
    for (let piece = this.#ahead.first(); piece !== undefined; piece = this.#ahead.first()) {
      if (piece.start > this.#nextOffset) return
      this.#ahead.shift()
      this.#memory.held -= piece.bytes.length
      this.#acknowledged = 0
      this.#deliver(piece.bytes, 0, piece.bytes.length, piece.frame, piece.timeMs)
    }
  }

  #giveUpHole(): void {
    const piece = this.#ahead.first()
    if (piece === undefined) return
    this.#skipTo(piece.start)
    this.#deliverAhead()
  }

  /** What comes before `offset` and is not there will not come. */
  #giveUpTo(offset: number): void {
    while (this.#nextOffset < offset) {
      this.#skipTo(Math.min(offset, this.#ahead.first()?.start ?? offset))
      this.#deliverAhead()
    }
  }
}
