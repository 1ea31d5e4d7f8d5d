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
/** The times of so many events are kept together. */
const BLOCK = 1 << 15
/** Events whose times are kept, two million, and whose order is compared: of a longer recording its beginning. */
const MOST_BLOCKS = 64

/** Of each event its kind below zero, counted from -1, or the row that tells it, and its times. */
class Block {
  readonly kinds = new Int32Array(BLOCK)
  readonly eventTimes = new Float64Array(BLOCK)
  readonly recordTimes = new Float64Array(BLOCK)
}

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
  /** By row the kind of its events. */
  readonly #ofRow: number[] = []
  /** They serve one recording after the other. */
  readonly #blocks: Block[] = []
  #kept = 0
  #counted = 0

  /** Another recording begins. */
  forget(): void {
    this.#kinds.length = 0
    this.#numbers.clear()
    this.#ofRow.length = 0
    this.#kept = 0
    this.#counted = 0
  }

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

  /** Events of a row are of a kind. */
  row(row: number, kind: number): void {
    this.#ofRow[row] = kind
  }

  /**
   * Takes the times of an event, in milliseconds since 1970; NaN for one that it does not have. Two that are the same are one: an
   * event without a time of its own shows that of its record. One without a time of its record has no place in the order.
   */
  add(kind: number, eventTime: number, recordTime: number): void {
    const block = this.#blockWithRoom()
    if (block === null) {
      this.#count(kind, eventTime, recordTime)
      return
    }
    const at = this.#kept % BLOCK
    block.kinds[at] = -1 - kind
    block.eventTimes[at] = eventTime
    block.recordTimes[at] = recordTime
    this.#kept += 1
  }

  /** Takes the times of many events. */
  addAll(rows: Int32Array, eventTimes: Float64Array, recordTimes: Float64Array): void {
    let from = 0
    while (from < rows.length) {
      const block = this.#blockWithRoom()
      if (block === null) break
      const at = this.#kept % BLOCK
      const to = Math.min(rows.length, from + BLOCK - at)
      block.kinds.set(rows.subarray(from, to), at)
      block.eventTimes.set(eventTimes.subarray(from, to), at)
      block.recordTimes.set(recordTimes.subarray(from, to), at)
      this.#kept += to - from
      from = to
    }
    for (; from < rows.length; from += 1) {
      this.#count(this.#ofRow[rows[from]!]!, eventTimes[from]!, recordTimes[from]!)
    }
  }

  /** Null when no event has both times. */
  result(): Drift | null {
    for (; this.#counted < this.#kept; this.#counted += 1) {
      const { kinds, eventTimes, recordTimes } = this.#blocks[Math.floor(this.#counted / BLOCK)]!
      const at = this.#counted % BLOCK
      const kind = kinds[at]! < 0 ? -1 - kinds[at]! : this.#ofRow[kinds[at]!]!
      this.#count(kind, eventTimes[at]!, recordTimes[at]!)
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
    const record = this.#allTimes(({ recordTimes }) => recordTimes)
    const event = this.#allTimes(({ eventTimes }) => eventTimes).map((time, at) =>
      Number.isNaN(time) ? record[at]! : time,
    )
    const order = Uint32Array.from(event.keys())
      .filter((at) => !Number.isNaN(record[at]))
      .sort((a, b) => event[a]! - event[b]! || record[a]! - record[b]! || a - b)
    return order.length - longestAscent(order, record)
  }

  #allTimes(of: (block: Block) => Float64Array): Float64Array {
    const all = new Float64Array(this.#kept)
    for (let at = 0; at < this.#kept; at += BLOCK) {
      all.set(of(this.#blocks[at / BLOCK]!).subarray(0, this.#kept - at), at)
    }
    return all
  }

  /** Null when there is to be no more room. */
  #blockWithRoom(): Block | null {
    const number = Math.floor(this.#kept / BLOCK)
    if (number === MOST_BLOCKS) return null
    this.#blocks[number] ??= new Block()
    return this.#blocks[number]
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
