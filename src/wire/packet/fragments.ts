/** Fragments of IP datagrams until each is whole. Where two cover the same bytes, the first counts. */
import { Pieces } from '../pieces.ts'

export interface Fragment {
  /** Where it lies in its datagram. */
  offset: number
  /** Whether another follows it. */
  more: boolean
  bytes: Buffer
  start: number
  end: number
  frame: number
  timeMs: number
}

interface Unfinished {
  pieces: Pieces
  /** Known once the last fragment is there. */
  length: number | null
  timeMs: number
}

const LONGEST_DATAGRAM = 65_535
const MOST_DATAGRAMS = 64
const MOST_PIECES = 1024
/** RFC 8200 gives them a minute. */
const LIFETIME_MS = 60_000

export class FragmentTable {
  /** The oldest first. */
  readonly #unfinished = new Map<string, Unfinished>()

  /** Adds a fragment to the datagram of that key; the datagram's bytes when that makes it whole. */
  take(key: string, { offset, more, bytes, start, end, frame, timeMs }: Fragment): Buffer | null {
    const stop = offset + end - start
    if (stop > LONGEST_DATAGRAM) return null
    let datagram = this.#unfinished.get(key)
    if (datagram === undefined || timeMs - datagram.timeMs > LIFETIME_MS) {
      datagram = { pieces: new Pieces(), length: null, timeMs }
      this.#unfinished.delete(key)
      this.#unfinished.set(key, datagram)
      if (this.#unfinished.size > MOST_DATAGRAMS) this.#unfinished.delete(this.#unfinished.keys().next().value!)
    }
    datagram.pieces.insert(offset, stop, bytes, start, frame, timeMs)
    if (!more) datagram.length ??= stop
    if (datagram.pieces.count > MOST_PIECES) this.#unfinished.delete(key)
    if (datagram.length === null || !datagram.pieces.covers(datagram.length)) return null
    this.#unfinished.delete(key)
    return assembled(datagram.pieces, datagram.length)
  }
}

function assembled(pieces: Pieces, length: number): Buffer {
  const whole = Buffer.alloc(length)
  for (let piece = pieces.shift(); piece !== undefined && piece.start < length; piece = pieces.shift()) {
    piece.bytes.copy(whole, piece.start, 0, Math.min(piece.bytes.length, length - piece.start))
  }
  return whole
}
