/** The times of segments: a client's connections share one, so that they pass in the order in which it makes them. */
import type { Timeline } from '../../machine/timeline.ts'

export class WireClock {
  readonly #timeline: Timeline
  #last = 0

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  /** Lab milliseconds, to the microsecond: not before what happens on the hosts, and `after` the segment before. */
  stamp(after: number): number {
    const at = Math.max(this.#timeline.step(), this.#last + after)
    this.#last = Math.round(at * 1000) / 1000
    return this.#last
  }
}
