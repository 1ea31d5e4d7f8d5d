/** DCE/RPC PDUs of one direction, cut out of its bytes. */
import { type BlockFormat, BlockSplitter, type Memory } from '../block-splitter.ts'
import { HEADER_LENGTH, pduLength } from './header.ts'

/** Where a PDU was seen: the packet that brought its last byte, and the place of its first in the stream. */
export interface PduPlace {
  frame: number
  timeMs: number
  streamOffset: number
}

/** Bytes in, whole PDUs out; after a gap it goes on at the next PDU. */
export class PduStream implements BlockFormat {
  readonly headLength = HEADER_LENGTH
  readonly #splitter: BlockSplitter
  readonly #take: (bytes: Buffer, at: number, end: number, place: PduPlace) => void
  #frame = 0
  #timeMs = 0
  #seen = 0

  /** @param take gets each whole PDU; its bytes are only lent */
  constructor(memory: Memory, take: (bytes: Buffer, at: number, end: number, place: PduPlace) => void) {
    this.#splitter = new BlockSplitter(this, memory)
    this.#take = take
  }

  /** PDUs so far. */
  get seen(): number {
    return this.#seen
  }

  /** Whether the bytes that came are no PDUs. */
  get lost(): boolean {
    return this.#splitter.lost
  }

  push(bytes: Buffer, start: number, end: number, offset: number, frame: number, timeMs: number): void {
    this.#frame = frame
    this.#timeMs = timeMs
    this.#splitter.push(bytes, start, end, offset)
  }

  gap(): void {
    this.#splitter.gap()
  }

  release(): void {
    this.#splitter.release()
  }

  lengthAt(bytes: Buffer, at: number): number {
    return pduLength(bytes, at)
  }

  find(bytes: Buffer, at: number, end: number): number {
    for (let place = bytes.indexOf(5, at); place !== -1 && place + HEADER_LENGTH <= end; ) {
      const length = pduLength(bytes, place)
      // What only looks like a header is not followed by another, nor does it end where the bytes end.
      if (length > 0 && isFollowed(bytes, place + length, end)) return place
      place = bytes.indexOf(5, place + 1)
    }
    return -1
  }

  take(bytes: Buffer, at: number, end: number, offset: number): void {
    this.#seen += 1
    this.#take(bytes, at, end, { frame: this.#frame, timeMs: this.#timeMs, streamOffset: offset })
  }
}

/** Whether a PDU that ends at `at` is followed by another, by nothing, or by what has not come yet. */
const isFollowed = (bytes: Buffer, at: number, end: number): boolean =>
  at + HEADER_LENGTH > end || pduLength(bytes, at) > 0
