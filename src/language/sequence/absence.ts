/** Watches for the events that a sequence must not have: before its first, after its last, or between two of its events. */
import type { Plan } from '../plan.ts'
import type { Open } from './open-sequence.ts'
import { type StageReader, stageReader } from './stage-test.ts'

interface Watched extends StageReader {
  /** How many positive stages come before it. */
  before: number
  /** Times of its events by join key, ascending. */
  seen: Map<string, number[]>
}

/** How often the times that nothing needs any more are dropped, in pushed events. */
const SWEEP_EVERY = 4096

/**
 * Only time counts here, not the order of events at the same time. Before and after the sequence there must be a
 * window of maxspan that holds the whole sequence and no such event; between two events there must be none at all.
 */
export class Absence<Event> {
  readonly #watched: Watched[]
  readonly #positives: number
  readonly #maxspanMs: number
  #waiting: Open<Event>[] = []
  #pushes = 0

  constructor(plan: Plan & { shape: 'sequence' }) {
    this.#maxspanMs = plan.maxspanMs ?? 0
    this.#positives = plan.stages.filter(({ missing }) => !missing).length
    this.#watched = plan.stages.flatMap((stage, index) => {
      if (!stage.missing) return []
      const before = plan.stages.slice(0, index).filter(({ missing }) => !missing).length
      return [{ ...stageReader(stage), before, seen: new Map() }]
    })
  }

  push(source: unknown, time: number): void {
    for (const { test, keysOf, seen } of this.#watched) {
      if (!test(source)) continue
      for (const { text } of keysOf(source)) {
        const times = seen.get(text)
        if (times === undefined) seen.set(text, [time])
        else times.push(time)
      }
    }
    if (++this.#pushes % SWEEP_EVERY === 0) this.#forget(time - 2 * this.#maxspanMs)
  }

  /** Of the sequences that are complete now or waited, those for which it is certain by `now` that nothing forbids them. */
  settle(complete: Open<Event>[], now: number): Open<Event>[] {
    const ready: Open<Event>[] = []
    const waiting: Open<Event>[] = []
    for (const sequence of [...this.#waiting, ...complete]) {
      const allowed = this.#isAllowed(sequence, now)
      if (allowed === null) waiting.push(sequence)
      else if (allowed) ready.push(sequence)
    }
    this.#waiting = waiting
    return ready
  }

  /** Null while it is too early to say. */
  #isAllowed(sequence: Open<Event>, now: number): boolean | null {
    const { times } = sequence
    const [first, last] = [times[0]!, times.at(-1)!]
    const leads = this.#watched.some(({ before }) => before === 0)
    const trails = this.#watched.some(({ before }) => before === this.#positives)
    let from = leads ? Number.NEGATIVE_INFINITY : first
    let to = trails ? null : last
    for (const { before, seen } of this.#watched) {
      const there = seen.get(sequence.key.text) ?? []
      if (before === 0) from = Math.max(from, there.findLast((time) => time < first) ?? from)
      else if (before === this.#positives) {
        const after = there.find((time) => time > last)
        if (after !== undefined) to = Math.min(to ?? after, after)
      } else if (there.some((time) => time > times[before - 1]! && time < times[before]!)) return false
    }
    if (!leads && !trails) return true
    if (to !== null) return to - from > this.#maxspanMs
    return now - from > this.#maxspanMs ? true : null
  }

  #forget(before: number): void {
    for (const { seen } of this.#watched) {
      for (const [key, times] of seen) {
        const kept = times.filter((time) => time >= before)
        if (kept.length === 0) seen.delete(key)
        else if (kept.length < times.length) seen.set(key, kept)
      }
    }
  }
}
