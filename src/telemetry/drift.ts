/** How far the two clocks of events lie apart: the time of the event itself, and the time at which its record was written. */

import { isJson, type Json } from './shapes/shape.ts'

/** Time of the event less time of the record, in milliseconds: below zero where records are written later, as is usual. */
export interface Apart {
  /** Events that have both times, and two of them. */
  events: number
  medianMs: number
  /** The one furthest from zero. */
  worstMs: number
}

export interface Drift extends Apart {
  /** Of how many events the place would change if all were put in the order of the other clock: the fewest that must move. */
  reordered: number
  /** By provider and event id, the furthest apart first. */
  kinds: (Apart & { provider: string | null; code: string | null })[]
}

/** When the record of a Windows event was written, ISO; null when its normalised document does not say. */
export function recordedAt({ event, winlog }: Json): string | null {
  if (!isJson(event) || !isJson(winlog)) return null
  return typeof event.created === 'string' ? event.created : null
}

/** Distinct values that are told apart to the millisecond; after that to the second, so that memory stays bounded. */
const MOST_EXACT = 20_000
/** Events whose order is compared: of a longer recording its beginning. */
const MOST_ORDERED = 2_000_000
const FIRST_ROOM = 64

interface Kind {
  provider: string | null
  code: string | null
  counts: Map<number, number>
  worst: number
}

export class DriftMeter {
  readonly #kinds = new Map<string, Kind>()
  #room = FIRST_ROOM
  #eventTimes = new Float64Array(FIRST_ROOM)
  #recordTimes = new Float64Array(FIRST_ROOM)
  #count = 0

  /** The kind to add events with. */
  kind(provider: string | null, code: string | null): Kind {
    const name = `${code} ${provider}`
    let kind = this.#kinds.get(name)
    if (kind === undefined) {
      kind = { provider, code, counts: new Map(), worst: 0 }
      this.#kinds.set(name, kind)
    }
    return kind
  }

  /** Takes the times of an event, in milliseconds since 1970; NaN for one that it does not have. */
  add(kind: Kind, eventTime: number, recordTime: number): void {
    const apart = eventTime - recordTime
    if (!Number.isNaN(apart)) {
      const { counts } = kind
      const value = counts.size < MOST_EXACT || counts.has(apart) ? apart : Math.round(apart / 1000) * 1000
      counts.set(value, (counts.get(value) ?? 0) + 1)
      if (Math.abs(apart) > Math.abs(kind.worst)) kind.worst = apart
    }
    if (this.#count === MOST_ORDERED) return
    if (this.#count === this.#room) this.#grow()
    this.#eventTimes[this.#count] = Number.isNaN(eventTime) ? recordTime : eventTime
    this.#recordTimes[this.#count] = Number.isNaN(recordTime) ? eventTime : recordTime
    this.#count += 1
  }

  /** Null when no event has both times. */
  result(): Drift | null {
    const kinds = [...this.#kinds.values()].filter(({ counts }) => counts.size > 0)
    if (kinds.length === 0) return null
    const all = new Map<number, number>()
    for (const { counts } of kinds) for (const [value, count] of counts) all.set(value, (all.get(value) ?? 0) + count)
    const worst = kinds.reduce((found, kind) => (Math.abs(kind.worst) > Math.abs(found) ? kind.worst : found), 0)
    return {
      ...apartOf(all, worst),
      reordered: this.#reordered(),
      kinds: kinds
        .map(({ provider, code, counts, worst: furthest }) => ({ provider, code, ...apartOf(counts, furthest) }))
        .sort((a, b) => Math.abs(b.worstMs) - Math.abs(a.worstMs)),
    }
  }

  #reordered(): number {
    const times = (all: Float64Array) => all.subarray(0, this.#count)
    const [event, record] = [times(this.#eventTimes), times(this.#recordTimes)]
    const order = Uint32Array.from(event.keys()).sort(
      (a, b) => event[a]! - event[b]! || record[a]! - record[b]! || a - b,
    )
    return order.length - longestAscent(order, record)
  }

  #grow(): void {
    this.#room *= 2
    for (const name of ['event', 'record'] as const) {
      const wider = new Float64Array(this.#room)
      wider.set(name === 'event' ? this.#eventTimes : this.#recordTimes)
      if (name === 'event') this.#eventTimes = wider
      else this.#recordTimes = wider
    }
  }
}

function apartOf(counts: ReadonlyMap<number, number>, worstMs: number): Apart {
  const values = [...counts].sort(([a], [b]) => a - b)
  const events = values.reduce((sum, [, count]) => sum + count, 0)
  let before = 0
  for (const [value, count] of values) {
    before += count
    if (before * 2 >= events) return { events, medianMs: value, worstMs }
  }
  return { events, medianMs: 0, worstMs }
}

/** Length of the longest subsequence whose times never fall. */
function longestAscent(order: Uint32Array, times: Float64Array): number {
  /** By length the least time that such a subsequence can end with. */
  const ends = new Float64Array(order.length)
  let length = 0
  for (const index of order) {
    const time = times[index]!
    let [low, high] = [0, length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! <= time) low = middle + 1
      else high = middle
    }
    ends[low] = time
    if (low === length) length += 1
  }
  return length
}
