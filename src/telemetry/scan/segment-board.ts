/**
 * Who goes through which segment of a file: the reader takes them in order, other threads some of those that lie ahead of it.
 * All of them share this.
 */

/** The segment that the reader is at. */
const CURRENT = 0
const STATES = 1

const FREE = 0
const READERS = 1
/** Plus the thread that goes through it. */
const TAKEN = 2
/** Plus the thread that did and, times `THREADS`, its room. */
const READY = 1 << 16
const THREADS = 256

/** Other threads leave so many to the reader, so that it seldom comes to one which they are at. */
const LEAD = 8
/** How long the reader waits before it sees to other things, such as a thread that ended. */
const PATIENCE_MS = 100

export class SegmentBoard {
  readonly words: Int32Array

  private constructor(words: Int32Array) {
    this.words = words
  }

  static for(segments: number): SegmentBoard {
    return new SegmentBoard(new Int32Array(new SharedArrayBuffer((STATES + segments) * Int32Array.BYTES_PER_ELEMENT)))
  }

  /** That of another thread. */
  static over(words: Int32Array): SegmentBoard {
    return new SegmentBoard(words)
  }

  get segments(): number {
    return this.words.length - STATES
  }

  /** The reader comes to a segment. Gives whether nobody else went through it: then the reader does. */
  reach(segment: number): boolean {
    Atomics.store(this.words, CURRENT, segment)
    return Atomics.compareExchange(this.words, STATES + segment, FREE, READERS) === FREE
  }

  /** Waits for one that another thread has: which thread and in which of its rooms; of one that is not ready yet the thread alone. */
  await(segment: number): { thread: number; room: number | null } {
    const state = Atomics.load(this.words, STATES + segment)
    if (state < READY) Atomics.wait(this.words, STATES + segment, state, PATIENCE_MS)
    const now = Atomics.load(this.words, STATES + segment)
    if (now < READY) return { thread: now - TAKEN, room: null }
    return { thread: (now - READY) % THREADS, room: Math.floor((now - READY) / THREADS) }
  }

  /** Other threads begin no more. */
  close(): void {
    Atomics.store(this.words, CURRENT, this.segments)
  }

  /** Takes the next segment for a thread, after one and ahead of the reader; null when there is none. */
  takeAhead(after: number, thread: number): number | null {
    const current = Atomics.load(this.words, CURRENT)
    for (let segment = Math.max(after + 1, current + LEAD); segment < this.segments; segment += 1) {
      if (Atomics.compareExchange(this.words, STATES + segment, FREE, TAKEN + thread) === FREE) return segment
    }
    return null
  }

  /** Another thread is through with one, and left what it found in a room of its own. */
  publish(segment: number, thread: number, room: number): void {
    Atomics.store(this.words, STATES + segment, READY + thread + room * THREADS)
    Atomics.notify(this.words, STATES + segment)
  }
}
