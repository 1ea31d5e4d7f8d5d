/** Pieces of a stream or of a datagram that came before what precedes them. Of bytes that come twice, the first count. */

export interface Piece {
  start: number
  end: number
  bytes: Buffer
  frame: number
  timeMs: number
}

export class Pieces {
  /** In order, none overlapping another. */
  readonly #list: Piece[] = []
  #size = 0

  /** Bytes that are held. */
  get size(): number {
    return this.#size
  }

  get count(): number {
    return this.#list.length
  }

  first(): Piece | undefined {
    return this.#list[0]
  }

  shift(): Piece | undefined {
    const piece = this.#list.shift()
    if (piece !== undefined) this.#size -= piece.bytes.length
    return piece
  }

  /** Whether they lie end to end from 0 to `length`. */
  covers(length: number): boolean {
    let at = 0
    for (const { start, end } of this.#list) {
      if (start > at) break
      at = end
    }
    return at >= length
  }

  /** Copies what is new of `source` from `from`, which lies at `start` to `end`. */
  insert(start: number, end: number, source: Buffer, from: number, frame: number, timeMs: number): void {
    let at = this.#after(start)
    let next = start
    const before = this.#list[at - 1]
    if (before !== undefined) next = Math.max(next, before.end)
    while (next < end) {
      const following = this.#list[at]
      const stop = following === undefined ? end : Math.min(end, following.start)
      if (stop > next) {
        const bytes = Buffer.from(source.subarray(from + next - start, from + stop - start))
        this.#list.splice(at, 0, { start: next, end: stop, bytes, frame, timeMs })
        this.#size += bytes.length
        at += 1
      }
      if (following === undefined) return
      next = Math.max(next, following.end)
      at += 1
    }
  }

  /** Index of the first piece that starts after `place`. */
  #after(place: number): number {
    let low = 0
    let high = this.#list.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#list[middle]!.start <= place) low = middle + 1
      else high = middle
    }
    return low
  }
}
