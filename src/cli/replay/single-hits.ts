/** Hits of one event each, of one input: all are counted, and of more than are asked for the first in time are kept. */
import { inOrder, type Ordered } from './candidates.ts'
import type { Hit } from './result.ts'

interface Kept extends Ordered {
  hit: Hit
}

export class SingleHits {
  readonly #most: number
  #kept: Kept[] = []
  /** Nothing later is among the first. */
  #latest = Number.POSITIVE_INFINITY
  count = 0

  constructor(most: number) {
    this.#most = most
  }

  /** @param make makes the hit, if it is kept */
  add({ time, record }: Ordered, make: () => Hit): void {
    this.count += 1
    if (this.#most === 0 || time > this.#latest) return
    this.#kept.push({ time, record, hit: make() })
    if (this.#kept.length >= 2 * this.#most) this.#cut()
  }

  /** Gives them in the order of their times, those of the same time in the order of their records, and begins anew. */
  drain(): Hit[] {
    this.#cut()
    const hits = this.#kept.map(({ hit }) => hit)
    this.#kept = []
    this.#latest = Number.POSITIVE_INFINITY
    this.count = 0
    return hits
  }

  #cut(): void {
    this.#kept.sort(inOrder)
    if (this.#most === 0 || this.#kept.length < this.#most) return
    this.#kept.length = this.#most
    this.#latest = this.#kept.at(-1)!.time
  }
}
