/** Time along one chain of cause and effect, such as a command with all it leads to, on its own host and on others. */
import type { Clock } from '../../model/clock.ts'

/**
 * The emulator does in microseconds what takes Windows milliseconds; with the clock alone a cause and its effect would
 * often share a timestamp. A timeline keeps the order: it is never behind the clock, and each step may ask to be later
 * than the one before.
 */
/** Real milliseconds between two looks at a clock that may run faster. */
const LONGEST_WAIT_MS = 5

export class Timeline {
  readonly #clock: Clock
  #last: number

  constructor(clock: Clock, last = 0) {
    this.#clock = clock
    this.#last = last
  }

  /** The moment of the next thing that happens: lab milliseconds, at least `ms` after the last. */
  step(ms = 0): number {
    this.#last = Math.max(this.#clock.now(), this.#last + ms)
    return this.#last
  }

  fork(): Timeline {
    return new Timeline(this.#clock, this.#last)
  }

  /** What happens next here happens after all of `other`. */
  join(other: Timeline): void {
    this.#last = Math.max(this.#last, other.#last)
  }

  /** Waits for the clock where the timeline is ahead of it: a command ends only after all that it did. */
  async settle(): Promise<void> {
    for (let ahead = this.#last - this.#clock.now(); ahead > 0; ahead = this.#last - this.#clock.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(ahead, LONGEST_WAIT_MS)))
    }
  }
}
