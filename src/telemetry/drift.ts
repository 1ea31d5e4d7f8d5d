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
/** Events whose times are kept, and whose order is compared: of a longer recording its beginning. */
const MOST_KEPT = 2_000_000
const FIRST_ROOM = 4096

interface Kind {
  provider: string | null
  code: string | null
  counts: Map<number, number>
  worst: number
}

/** Few recordings are asked for it, so taking events does no more than it must. */
export class DriftMeter {
  readonly #kinds: Kind[] = []
  readonly #numbers = new Map<string, number>()
  #kindOf = new Int32Array(FIRST_ROOM)
  #eventTimes = new Float64Array(FIRST_ROOM)
  #recordTimes = new Float64Array(FIRST_ROOM)
  #kept = 0
  #counted = 0

  /** The number of the kind to add events with. */
  kind(provider: string | null, code: string | null): number {
    const name = `${code} ${provider}`
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.#kinds.push({ provider, code, counts: new Map(), worst: 0 }) - 1
      this.#numbers.set(name, number)
    }
    return number
  }

  /**
   * Takes the times of an event, in milliseconds since 1970; NaN for one that it does not have. Two that are the same are one: an
   * event without a time of its own shows that of its record. One without a time of its record has no place in the order.
   */
  add(kind: number, eventTime: number, recordTime: number): void {
    if (this.#kept === this.#room && !this.#grow()) {
      this.#count(kind, eventTime, recordTime)
      return
    }
    this.#kindOf[this.#kept] = kind
    this.#eventTimes[this.#kept] = eventTime
    this.#recordTimes[this.#kept] = recordTime
    this.#kept += 1
  }

  /** Takes the times of many events. */
  addAll(count: number, kinds: Int32Array, eventTimes: Float64Array, recordTimes: Float64Array): void {
    while (this.#kept + count > this.#room && this.#grow());
    const room = Math.min(count, this.#room - this.#kept)
    this.#kindOf.set(kinds.subarray(0, room), this.#kept)
    this.#eventTimes.set(eventTimes.subarray(0, room), this.#kept)
    this.#recordTimes.set(recordTimes.subarray(0, room), this.#kept)
    this.#kept += room
    for (let at = room; at < count; at += 1) this.#count(kinds[at]!, eventTimes[at]!, recordTimes[at]!)
  }

  /** Null when no event has both times. */
  result(): Drift | null {
    for (; this.#counted < this.#kept; this.#counted += 1) {
      const at = this.#counted
      this.#count(this.#kindOf[at]!, this.#eventTimes[at]!, this.#recordTimes[at]!)
    }
    const kinds = this.#kinds.filter(({ counts }) => counts.size > 0)
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

  #count(number: number, eventTime: number, recordTime: number): void {
    const apart = eventTime - recordTime
    if (Number.isNaN(apart) || apart === 0) return
    const kind = this.#kinds[number]!
    const { counts } = kind
    const value = counts.size < MOST_EXACT || counts.has(apart) ? apart : Math.round(apart / 1000) * 1000
    counts.set(value, (counts.get(value) ?? 0) + 1)
    if (Math.abs(apart) > Math.abs(kind.worst)) kind.worst = apart
  }

  #reordered(): number {
    const record = this.#recordTimes
    const event = this.#eventTimes.subarray(0, this.#kept).map((time, at) => (Number.isNaN(time) ? record[at]! : time))
    const order = Uint32Array.from(event.keys())
      .filter((at) => !Number.isNaN(record[at]))
      .sort((a, b) => event[a]! - event[b]! || record[a]! - record[b]! || a - b)
    return order.length - longestAscent(order, record)
  }

  /** Events that there is room for. */
  get #room(): number {
    return this.#kindOf.length
  }

  /** False when there is to be no more room. */
  #grow(): boolean {
    if (this.#room >= MOST_KEPT) return false
    const room = Math.min(2 * this.#room, MOST_KEPT)
    this.#kindOf = wider(this.#kindOf, new Int32Array(room))
    this.#eventTimes = wider(this.#eventTimes, new Float64Array(room))
    this.#recordTimes = wider(this.#recordTimes, new Float64Array(room))
    return true
  }
}

function wider<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
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
