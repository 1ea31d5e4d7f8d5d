/**
 * Finds sequences in a stream of events that comes in time order. One unfinished sequence is kept for each stage and
 * join key: a newer one takes its place. What is older than maxspan is dropped, so that memory follows the open sequences.
 */
import type { Found, Plan } from '../plan.ts'
import { Absence } from './absence.ts'
import { type Key, orderOfKeys } from './join-key.ts'
import type { Open } from './open-sequence.ts'
import { type StageReader, stageReader, timeReader } from './stage-test.ts'

/** A found sequence, with the position of its first event. */
export interface Match<Event> extends Found<Event> {
  start: number
  key: Key
}

/** Matches are ordered by their first event; those that begin with the same one, by their join key. */
export const orderOfMatches = (a: Match<unknown>, b: Match<unknown>): number =>
  a.start - b.start || orderOfKeys(a.key, b.key)

/** Events are pushed with their document; positions break ties of time. */
export class SequenceMatcher<Event> {
  readonly #stages: StageReader[]
  /** Last positive stage first, so that no event follows itself. */
  readonly #positive: number[]
  readonly #until: StageReader | null
  readonly #maxspanMs: number | null
  readonly #time: (source: unknown) => number
  readonly #document: (event: Event) => unknown
  /** Open sequences by the stage that matched last, then by key. */
  readonly #open: Map<string, Open<Event>>[]
  #started: Open<Event>[] = []
  #expired = 0
  #position = 0
  readonly #absence: Absence<Event> | null

  constructor(plan: Plan & { shape: 'sequence' }, document: (event: Event) => unknown, timestampField?: string) {
    this.#stages = plan.stages.map(stageReader)
    this.#positive = plan.stages.flatMap(({ missing }, index) => (missing ? [] : [index]))
    this.#until = plan.until === null ? null : stageReader(plan.until)
    this.#maxspanMs = plan.maxspanMs
    this.#time = timeReader(timestampField)
    this.#document = document
    this.#open = this.#stages.map(() => new Map())
    this.#absence = plan.stages.some(({ missing }) => missing) ? new Absence(plan) : null
  }

  /** Takes the next event; gives the sequences that are certain with it, unordered. An event without a time is in none. */
  push(event: Event): readonly Match<Event>[] {
    const source = this.#document(event)
    const time = this.#time(source)
    if (Number.isNaN(time)) return []
    const position = this.#position++
    this.#expire(time)
    this.#absence?.push(source, time)
    const complete: Open<Event>[] = []
    for (let order = this.#positive.length - 1; order >= 0; order--) {
      const index = this.#positive[order]!
      const { test, keysOf } = this.#stages[index]!
      const previous = order === 0 ? null : this.#open[this.#positive[order - 1]!]!
      if (previous !== null && previous.size === 0) continue
      if (!test(source)) continue
      for (const key of keysOf(source)) {
        const sequence =
          previous === null ? this.#begin(event, key, position, time) : this.#advance(previous, key, event, index, time)
        if (sequence === null) continue
        sequence.stage = index
        if (order === this.#positive.length - 1) complete.push(sequence)
        else {
          this.#open[index]!.set(key.text, sequence)
          if (order === 0 && this.#maxspanMs !== null) this.#started.push(sequence)
        }
      }
    }
    this.#applyUntil(source)
    if (this.#absence !== null) return this.#absence.settle(complete, time).map(matchOf)
    return complete.length === 0 ? NONE : complete.map(matchOf)
  }

  /** The stream has ended: gives the sequences that only waited for an event that must not come. */
  finish(): Match<Event>[] {
    return this.#absence === null ? [] : this.#absence.settle([], Number.POSITIVE_INFINITY).map(matchOf)
  }

  #begin(event: Event, key: Key, position: number, time: number): Open<Event> {
    const events = Array<Event | null>(this.#stages.length).fill(null)
    events[this.#positive[0]!] = event
    return { key, events, start: position, stage: 0, times: [time] }
  }

  /** A newer event of a stage takes the sequence away from it, also when that is then too late. */
  #advance(
    previous: Map<string, Open<Event>>,
    key: Key,
    event: Event,
    stage: number,
    time: number,
  ): Open<Event> | null {
    const sequence = previous.get(key.text)
    if (sequence === undefined) return null
    previous.delete(key.text)
    if (this.#maxspanMs !== null && time - sequence.times[0]! > this.#maxspanMs) return null
    sequence.events[stage] = event
    sequence.times.push(time)
    return sequence
  }

  #applyUntil(source: unknown): void {
    if (this.#until === null || !this.#until.test(source)) return
    for (const { text } of this.#until.keysOf(source)) for (const open of this.#open) open.delete(text)
  }

  /** Drops the sequences that nothing can complete any more. */
  #expire(now: number): void {
    if (this.#maxspanMs === null) return
    for (;;) {
      const oldest = this.#started[this.#expired]
      if (oldest === undefined || now - oldest.times[0]! <= this.#maxspanMs) break
      const open = this.#open[oldest.stage]!
      if (open.get(oldest.key.text) === oldest) open.delete(oldest.key.text)
      this.#expired += 1
    }
    if (this.#expired > 1024 && this.#expired * 2 > this.#started.length) {
      this.#started = this.#started.slice(this.#expired)
      this.#expired = 0
    }
  }
}

/** Most events complete nothing. */
const NONE: readonly never[] = []

const matchOf = <Event>({ events, key, start }: Open<Event>) => ({ events, joinKeys: key.values, start, key })
