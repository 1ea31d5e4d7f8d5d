/** The values of one field of one index, by document; built when a query first asks, then kept up to date. */
import { fieldOf, valuesOf } from '../../../model/event.ts'
import { type ColumnValue, ValueError } from '../mapping/field-types.ts'
import type { Field } from '../mapping/mapping.ts'

type Comparable = string | number | bigint | boolean

/** What a column reads its documents from: `undefined` where a document was replaced or deleted before it was read. */
export type Documents = readonly ({ source: Record<string, unknown> } | undefined)[]

export class Column {
  readonly field: Field
  readonly #documents: Documents
  /** By document number: nothing, one value, or several. Analysed text is a list of token lists. */
  readonly #values: (ColumnValue[] | undefined)[] = []
  #postings: Map<Comparable, number[]> | undefined
  #posted = 0
  /** Document numbers by value, for ranges; a document with several values stands several times. */
  #sorted: { value: Comparable; document: number }[] = []
  #sortedUpTo = 0
  /** Documents that have the field, and how many tokens they have together: what scores are made of. */
  count = 0
  tokens = 0

  constructor(field: Field, documents: Documents) {
    this.field = field
    this.#documents = documents
  }

  /** The values of one document, undefined when it has none. */
  at(document: number): ColumnValue[] | undefined {
    if (document >= this.#values.length) this.#read()
    return this.#values[document]
  }

  /** Documents from a number on that have this value (text: this token), ascending; replaced documents included. */
  having(value: Comparable, from = 0): readonly number[] {
    this.#post()
    const all = this.#postings!.get(value) ?? []
    if (from === 0) return all
    let first = all.length
    while (first > 0 && all[first - 1]! >= from) first -= 1
    return all.slice(first)
  }

  /** All different values (text: tokens). */
  get terms(): Iterable<Comparable> {
    this.#post()
    return this.#postings!.keys()
  }

  /** How many pairs of value and document lie in a range, and their documents, in the order of the values. */
  between(inside: Range): { size: number; documents(): number[] } {
    this.#sort()
    const from = lowerBound(this.#sorted, (value) => !isBelow(value, inside))
    const to = Math.max(
      from,
      lowerBound(this.#sorted, (value) => isAbove(value, inside)),
    )
    return {
      size: to - from,
      documents: () => this.#sorted.slice(from, to).map(({ document }) => document),
    }
  }

  #read(): void {
    const { field } = this
    for (let document = this.#values.length; document < this.#documents.length; document += 1) {
      const source = this.#documents[document]?.source
      const values = source === undefined ? undefined : columnValues(field, source)
      this.#values.push(values)
      if (values === undefined) continue
      const tokens = values.reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 1), 0)
      this.tokens += tokens
      if (tokens > 0) this.count += 1
    }
  }

  #post(): void {
    this.#read()
    this.#postings ??= new Map()
    for (; this.#posted < this.#values.length; this.#posted += 1) {
      for (const value of this.#values[this.#posted]?.flat() ?? []) {
        const documents = this.#postings.get(value)
        if (documents === undefined) this.#postings.set(value, [this.#posted])
        else if (documents.at(-1) !== this.#posted) documents.push(this.#posted)
      }
    }
  }

  #sort(): void {
    this.#read()
    if (this.#sortedUpTo === this.#values.length) return
    const added: { value: Comparable; document: number }[] = []
    for (let document = this.#sortedUpTo; document < this.#values.length; document += 1) {
      for (const value of this.#values[document]?.flat() ?? []) added.push({ value, document })
    }
    this.#sortedUpTo = this.#values.length
    added.sort((a, b) => compare(a.value, b.value))
    const last = this.#sorted.at(-1)
    // Events mostly come in the order of their times: then there is nothing to merge.
    if (last === undefined || added.length === 0 || compare(last.value, added[0]!.value) <= 0) {
      for (const entry of added) this.#sorted.push(entry)
    } else this.#sorted = merge(this.#sorted, added)
  }
}

/** Bounds of a range; null is no bound. */
export interface Range {
  low: Comparable | null
  includeLow: boolean
  high: Comparable | null
  includeHigh: boolean
}

const isBelow = (value: Comparable, { low, includeLow }: Range) =>
  low !== null && (includeLow ? value < low : value <= low)
const isAbove = (value: Comparable, { high, includeHigh }: Range) =>
  high !== null && (includeHigh ? value > high : value >= high)

export const isInside = (value: Comparable, range: Range): boolean => !isBelow(value, range) && !isAbove(value, range)

/** Order of two values of one column. */
const compare = (a: Comparable, b: Comparable): number => (a < b ? -1 : a > b ? 1 : 0)

/** Index of the first entry whose value passes; all entries after it pass too. */
function lowerBound(entries: readonly { value: Comparable }[], passes: (value: Comparable) => boolean): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(entries[middle]!.value)) high = middle
    else low = middle + 1
  }
  return low
}

function merge<T extends { value: Comparable }>(left: T[], right: T[]): T[] {
  const merged: T[] = []
  let at = 0
  for (const entry of right) {
    while (at < left.length && compare(left[at]!.value, entry.value) <= 0) merged.push(left[at++]!)
    merged.push(entry)
  }
  while (at < left.length) merged.push(left[at++]!)
  return merged
}

/** The values of a field in a document; those that its type does not take are left out, as `ignore_malformed` asks. */
export function columnValues(field: Field, source: Record<string, unknown>): ColumnValue[] | undefined {
  if (!field.type.searchable) return undefined
  const { null_value: nullValue, value: constant } = field.parameters
  if (field.typeName === 'constant_keyword' && constant !== undefined) return [String(constant)]
  let found = nullValue === undefined ? valuesOf(source, field.sourcePath) : withNulls(source, field, nullValue)
  if (field.typeName === 'flattened') found = found.flatMap(leavesOf)
  const values: ColumnValue[] = []
  for (const value of found.flat(Number.POSITIVE_INFINITY)) {
    if (value === null || value === undefined) continue
    try {
      const parsed = field.type.parse(value, field.parameters)
      if (parsed !== undefined) values.push(parsed)
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
    }
  }
  return values.length === 0 ? undefined : values
}

/** The values with `null_value` in the place of each null. */
function withNulls(source: Record<string, unknown>, field: Field, nullValue: unknown): unknown[] {
  const found = fieldOf(source, field.sourcePath)
  return (Array.isArray(found) ? found : found === undefined ? [] : [found]).map((value) => value ?? nullValue)
}

const leavesOf = (value: unknown): unknown[] =>
  value !== null && typeof value === 'object' ? Object.values(value).flatMap(leavesOf) : [value]
