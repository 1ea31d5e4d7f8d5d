/** How each field type understands the values of documents and of queries. */

import { instantOf } from '../../model/instant.ts'
import type { FieldType, Value } from './expression.ts'
import { sortableIp } from './ip.ts'
import { sortableVersion } from './version.ts'

const NUMBERS = ['long', 'integer', 'short', 'byte', 'unsigned_long', 'double', 'float', 'half_float', 'scaled_float']
const TEXTS = ['keyword', 'text', 'wildcard', 'constant_keyword', 'match_only_text', 'flattened']

export const isNumeric = (type: FieldType) => NUMBERS.includes(type)
export const isText = (type: FieldType) => TEXTS.includes(type)
export const isDate = (type: FieldType) => type === 'date' || type === 'date_nanos'

type Convert = (value: unknown) => Value

const asNumber: Convert = (value) => {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isNaN(number) ? null : number
}

const asText: Convert = (value) => {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? null : String(value)
}

const asBoolean: Convert = (value) => {
  if (typeof value === 'boolean') return value
  if (value === 'true') return true
  return value === 'false' || value === '' ? false : null
}

const asIs: Convert = (value) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null

/** One converter a type. Dates become milliseconds since 1970; addresses and versions stay as they are written. */
const CONVERTERS: Record<string, Convert> = {
  ...Object.fromEntries(NUMBERS.map((type) => [type, asNumber])),
  ...Object.fromEntries(TEXTS.map((type) => [type, asText])),
  boolean: asBoolean,
  ip: (value) => (typeof value === 'string' ? value : null),
  version: (value) => (typeof value === 'string' ? value : null),
  date: instantOf,
  date_nanos: instantOf,
}

/** What turns a document's value into one that can be compared; null for a value that the type does not take. */
export const valueReader = (type: FieldType): Convert => CONVERTERS[type] ?? asIs

/** First and last instant of the time that a date text names: of `2026-01-10` those of the day. Null when it is no date. */
export function periodOf(text: string): { from: number; to: number } | null {
  const from = instantOf(text)
  if (from === null) return null
  const [, year, month, day, hour, minute, second, fraction] =
    /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(\.\d+)?)?)?)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/.exec(text) ??
    []
  if (year === undefined || fraction !== undefined) return { from, to: from }
  if (second !== undefined) return { from, to: from + 999 }
  if (minute !== undefined) return { from, to: from + 59_999 }
  if (hour !== undefined) return { from, to: from + 3_599_999 }
  if (day !== undefined) return { from, to: from + 86_399_999 }
  const next = new Date(from)
  if (month === undefined) next.setUTCFullYear(next.getUTCFullYear() + 1)
  else next.setUTCMonth(next.getUTCMonth() + 1)
  return { from, to: next.getTime() - 1 }
}

/** For types whose spelling is not their order: a text that is, and that is the same for the same value. */
const ORDERED: Record<string, (text: string) => string> = { ip: memo(sortableIp), version: memo(sortableVersion) }

/** What the values of a type are compared by; undefined when it is themselves. */
export const orderedBy = (type: FieldType): ((text: string) => string) | undefined => ORDERED[type]

const MEMO_SIZE = 4096

/** Few addresses and versions make up many events. */
function memo(work: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    let result = known.get(text)
    if (result === undefined) {
      if (known.size >= MEMO_SIZE) known.clear()
      result = work(text)
      known.set(text, result)
    }
    return result
  }
}
