/** The best so many of a stream, without keeping or sorting the rest. */

/** A heap of at most `limit` entries whose top is the worst of them. */
export class Top<T> {
  readonly #limit: number
  readonly #order: (a: T, b: T) => number
  readonly #heap: T[] = []

  constructor(limit: number, order: (a: T, b: T) => number) {
    this.#limit = limit
    this.#order = order
  }

  add(entry: T): void {
    const heap = this.#heap
    if (heap.length < this.#limit) {
      heap.push(entry)
      this.#rise(heap.length - 1)
    } else if (this.#limit > 0 && this.#order(entry, heap[0]!) < 0) {
      heap[0] = entry
      this.#sink()
    }
  }

  /** The entries in order, best first. */
  sorted(): T[] {
    return this.#heap.sort(this.#order)
  }

  #rise(at: number): void {
    const heap = this.#heap
    for (let child = at; child > 0; ) {
      const parent = (child - 1) >> 1
      if (this.#order(heap[child]!, heap[parent]!) <= 0) return
      this.#swap(child, parent)
      child = parent
    }
  }

  #sink(): void {
    const heap = this.#heap
    for (let parent = 0; ; ) {
      let worst = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && this.#order(heap[child]!, heap[worst]!) > 0) worst = child
      }
      if (worst === parent) return
      this.#swap(parent, worst)
      parent = worst
    }
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a]!
    this.#heap[a] = this.#heap[b]!
    this.#heap[b] = kept
  }
}
