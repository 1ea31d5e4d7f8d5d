/**
 * Finds sequences in a stream of events that comes in time order. One unfinished sequence is kept for each stage and
 * join key: a newer one takes its place. What is older than maxspan is dropped, so that memory follows the open sequences.
 */
import type { Found, Plan, Stage } from '../plan.ts'
import { type Key, keyReader, type StageTest, stageTest, timeReader } from './stage-test.ts'

/** A found sequence, with the position of its first event. */
export interface Match<Event> extends Found<Event> {
  start: number
}

interface Open<Event> {
  key: Key
  events: (Event | null)[]
  /** Position of its last event in the stream. */
  last: number
  startTime: number
  lastTime: number
  /** Position of its first event: matches are ordered by it. */
  start: number
  /** Index of its last stage. */
  stage: number
  /** Times and positions at which its positive stages matched, for the gaps between them. */
  marks: Mark[]
}

interface Mark {
  position: number
  time: number
}

/** Events are pushed with their document; positions break ties of time. */
export class SequenceMatcher<Event> {
  readonly #stages: { stage: Stage; test: StageTest; key: (source: unknown) => Key | null; index: number }[]
  /** Last positive stage first, so that no event follows itself. */
  readonly #positive: number[]
  readonly #until: { test: StageTest; key: (source: unknown) => Key | null } | null
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
    this.#stages = plan.stages.map((stage, index) => ({
      stage,
      test: stageTest(stage),
      key: keyReader(stage.keys),
      index,
    }))
    this.#positive = this.#stages.filter(({ stage }) => !stage.missing).map(({ index }) => index)
    this.#until = plan.until === null ? null : { test: stageTest(plan.until), key: keyReader(plan.until.keys) }
    this.#maxspanMs = plan.maxspanMs
    this.#time = timeReader(timestampField)
    this.#document = document
    this.#open = this.#stages.map(() => new Map())
    this.#absence = plan.stages.some(({ missing }) => missing) ? new Absence(this.#stages, plan.maxspanMs ?? 0) : null
  }

  /** Takes the next event; gives the sequences that are complete with it, unordered. An event without a time is in none. */
  push(event: Event): Match<Event>[] {
    const source = this.#document(event)
    const time = this.#time(source)
    if (Number.isNaN(time)) return []
    const mark = { position: this.#position++, time }
    this.#expire(time)
    this.#absence?.push(source, mark)
    const complete: Open<Event>[] = []
    for (let order = this.#positive.length - 1; order >= 0; order--) {
      const { test, key: keyOf, index } = this.#stages[this.#positive[order]!]!
      const previous = order === 0 ? null : this.#open[this.#positive[order - 1]!]!
      if (previous !== null && previous.size === 0) continue
      if (!test(source)) continue
      const key = keyOf(source)
      if (key === null) continue
      const sequence =
        previous === null ? this.#begin(event, key, mark) : this.#advance(previous, key, event, index, mark)
      if (sequence === null) continue
      sequence.stage = index
      if (order === this.#positive.length - 1) complete.push(sequence)
      else {
        this.#open[index]!.set(key.text, sequence)
        if (order === 0 && this.#maxspanMs !== null) this.#started.push(sequence)
      }
    }
    this.#applyUntil(source)
    if (this.#absence === null) return complete.map(matchOf)
    return this.#absence.settle(complete, time).map(matchOf)
  }

  /** The stream has ended: gives the sequences that only waited for an event that must not come. */
  finish(): Match<Event>[] {
    return this.#absence === null ? [] : this.#absence.settle([], Number.POSITIVE_INFINITY).map(matchOf)
  }

  #begin(event: Event, key: Key, mark: Mark): Open<Event> {
    const events = Array<Event | null>(this.#stages.length).fill(null)
    events[this.#positive[0]!] = event
    const { position, time } = mark
    return { key, events, start: position, last: position, startTime: time, lastTime: time, stage: 0, marks: [mark] }
  }

  #advance(previous: Map<string, Open<Event>>, key: Key, event: Event, stage: number, mark: Mark): Open<Event> | null {
    const sequence = previous.get(key.text)
    if (sequence === undefined) return null
    previous.delete(key.text)
    if (this.#maxspanMs !== null && mark.time - sequence.startTime > this.#maxspanMs) return null
    sequence.events[stage] = event
    sequence.last = mark.position
    sequence.lastTime = mark.time
    sequence.marks.push(mark)
    return sequence
  }

  #applyUntil(source: unknown): void {
    if (this.#until === null || !this.#until.test(source)) return
    const key = this.#until.key(source)
    if (key === null) return
    for (const open of this.#open) open.delete(key.text)
  }

  /** Drops the sequences that nothing can complete any more. */
  #expire(now: number): void {
    if (this.#maxspanMs === null) return
    for (;;) {
      const oldest = this.#started[this.#expired]
      if (oldest === undefined || now - oldest.startTime <= this.#maxspanMs) break
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

const matchOf = <Event>({ events, key, start }: Open<Event>) => ({ events, joinKeys: key.values, start })

/** Watches for the events that must not be there. */
class Absence<Event> {
  readonly #watched: {
    test: StageTest
    key: (source: unknown) => Key | null
    index: number
    seen: Map<string, Mark[]>
  }[]
  readonly #positive: number[]
  readonly #maxspanMs: number
  #waiting: Open<Event>[] = []
  #pushes = 0

  constructor(
    stages: { stage: Stage; test: StageTest; key: (source: unknown) => Key | null; index: number }[],
    maxspanMs: number,
  ) {
    this.#watched = stages.filter(({ stage }) => stage.missing).map((stage) => ({ ...stage, seen: new Map() }))
    this.#positive = stages.filter(({ stage }) => !stage.missing).map(({ index }) => index)
    this.#maxspanMs = maxspanMs
  }

  push(source: unknown, mark: Mark): void {
    for (const { test, key: keyOf, seen } of this.#watched) {
      if (!test(source)) continue
      const key = keyOf(source)
      if (key === null) continue
      const marks = seen.get(key.text)
      if (marks === undefined) seen.set(key.text, [mark])
      else marks.push(mark)
    }
    if (++this.#pushes % 4096 === 0) this.#forget(mark.time - 2 * this.#maxspanMs)
  }

  /** Of those complete, and those that waited, the ones that are now certain to lack what they must lack. */
  settle(complete: Open<Event>[], now: number): Open<Event>[] {
    this.#waiting.push(...complete)
    const waits = this.#watched.some(({ index }) => index > this.#positive.at(-1)!)
    const ready: Open<Event>[] = []
    const still: Open<Event>[] = []
    for (const sequence of this.#waiting) {
      if (waits && now - sequence.startTime <= this.#maxspanMs) still.push(sequence)
      else if (this.#watched.every((watched) => !this.#isThere(watched, sequence))) ready.push(sequence)
    }
    this.#waiting = still
    return ready
  }

  /** Whether such an event lies in the gap where there must be none. */
  #isThere({ index, seen }: { index: number; seen: Map<string, Mark[]> }, sequence: Open<Event>): boolean {
    const marks = seen.get(sequence.key.text)
    if (marks === undefined) return false
    const after = this.#positive.findIndex((stage) => stage > index)
    const before = after === -1 ? this.#positive.length - 1 : after - 1
    const from = sequence.marks[before]
    const to = after === -1 ? undefined : sequence.marks[after]
    return marks.some(({ position, time }) => {
      if (from !== undefined && position <= from.position) return false
      if (to !== undefined && position >= to.position) return false
      if (from === undefined) return time >= sequence.lastTime - this.#maxspanMs
      return to !== undefined || time <= sequence.startTime + this.#maxspanMs
    })
  }

  #forget(before: number): void {
    for (const { seen } of this.#watched) {
      for (const [key, marks] of seen) {
        const kept = marks.filter(({ time }) => time >= before)
        if (kept.length === 0) seen.delete(key)
        else if (kept.length < marks.length) seen.set(key, kept)
      }
    }
  }
}
