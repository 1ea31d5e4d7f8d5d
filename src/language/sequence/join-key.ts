/** The values that join events. A field with several values gives an event several keys. */
import type { JoinKey } from '../plan.ts'
import { order } from '../predicate/compare.ts'
import type { Field, Scalar, Value } from '../predicate/expression.ts'
import { fieldReader } from '../predicate/field-reader.ts'
import { isDate, orderedBy } from '../predicate/field-types.ts'
import { canonicalIp } from '../predicate/ip.ts'

export interface Key {
  /** As they are shown. */
  values: Value[]
  /** By what they are compared. */
  ranks: Value[]
  /** Equal for equal keys. */
  text: string
}

const NO_KEYS: readonly Key[] = []
const ONLY_KEY: readonly Key[] = [{ values: [], ranks: [], text: '' }]

/** Several fields with several values each make a key of each combination: no event is taken for more than these. */
const MOST_KEYS = 10_000

/** Reads the join keys of events: none when a value that must be there is missing. */
export function keysReader(keys: JoinKey[]): (source: unknown) => readonly Key[] {
  if (keys.length === 0) return () => ONLY_KEY
  const readers = keys.map(({ field, optional }) => ({ read: fieldReader(field), optional, form: formOf(field) }))
  const [only] = readers
  if (readers.length === 1) return (source) => keysOfOne(only!, source)
  return (source) => {
    let found: { values: Value[]; ranks: Value[] }[] = [{ values: [], ranks: [] }]
    for (const { read, optional, form } of readers) {
      const values: readonly Value[] = read(source)
      if (values.length === 0 && !optional) return NO_KEYS
      const choices = (values.length === 0 ? NULLS : values).map((value) => ({
        shown: form.show(value),
        rank: form.rank(value),
      }))
      found = found
        .flatMap((key) =>
          choices.map(({ shown, rank }) => ({ values: [...key.values, shown], ranks: [...key.ranks, rank] })),
        )
        .slice(0, MOST_KEYS)
    }
    return distinct(found.map((key) => ({ ...key, text: key.ranks.map(textOf).join('') })))
  }
}

interface KeyReader {
  read: (source: unknown) => readonly Scalar[]
  optional: boolean
  form: Form
}

/** Most keys are one field with one value. */
function keysOfOne({ read, optional, form }: KeyReader, source: unknown): readonly Key[] {
  const values: readonly Value[] = read(source)
  if (values.length === 0 && !optional) return NO_KEYS
  const keyOf = (value: Value): Key => {
    const rank = form.rank(value)
    return { values: [form.show(value)], ranks: [rank], text: textOfOne(rank) }
  }
  if (values.length < 2) return [keyOf(values[0] ?? null)]
  return distinct(values.map(keyOf))
}

const NULLS: readonly Value[] = [null]

const distinct = (keys: Key[]): Key[] =>
  keys.length < 2 ? keys : [...new Map(keys.map((key) => [key.text, key])).values()]

const textOf = (value: Value) => (typeof value === 'string' ? `"${value.length}:${value}` : `${value},`)

/** A text as it is, so that none is made for each event; anything else, and what looks like it, begins with a NUL. */
const textOfOne = (value: Value) => {
  if (typeof value !== 'string') return `\0${value}`
  return value.charCodeAt(0) === 0 ? `\0"${value}` : value
}

/** How the values of a type are shown, and by what they are compared. */
interface Form {
  show: (value: Value) => Value
  rank: (value: Value) => Value
}

const same = (value: Value) => value

function formOf({ type }: Field): Form {
  const ordered = orderedBy(type)
  return {
    show: isDate(type)
      ? isoTime
      : type === 'ip'
        ? (value) => (value === null ? null : canonicalIp(String(value)))
        : same,
    rank: ordered === undefined ? same : (value) => (typeof value === 'string' ? ordered(value) : value),
  }
}

const isoTime = (value: Value) => (typeof value === 'number' ? new Date(value).toISOString() : value)

/** Nulls first, as a composite aggregation orders its buckets. */
export function orderOfKeys({ ranks: left }: Pick<Key, 'ranks'>, { ranks: right }: Pick<Key, 'ranks'>): number {
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? null
    if (a === b) continue
    if (a === null) return -1
    if (b === null) return 1
    const found = order(a, b) ?? 0
    if (found !== 0) return found
  }
  return 0
}
