/** Queries for exact values: `term`, `terms`, `ids`, `exists`. */
import { type ElasticsearchError, illegalArgument, parsingError, queryShardError } from '../errors.ts'
import type { Instant } from '../mapping/date.ts'
import { resolveDate } from '../mapping/date-math.ts'
import { type ColumnValue, isNumeric, ValueError } from '../mapping/field-types.ts'
import { parseCidr, parseIp } from '../mapping/ip.ts'
import type { Field } from '../mapping/mapping.ts'
import { type Column, isInside, type Range } from '../store/column.ts'
import { boostOf, checkNames, fieldClause, flag, objectOf } from './arguments.ts'
import {
  type Candidates,
  candidatesOf,
  MATCH_NONE,
  type Matcher,
  matchAll,
  type Query,
  type Shard,
  union,
} from './matcher.ts'
import { bm25, rarity } from './score.ts'

type Comparable = string | number | bigint | boolean

const anyOf = (matchers: Matcher[]): Matcher => ({
  matches: (document) => matchers.some((matcher) => matcher.matches(document)),
  candidates: union(matchers),
  score: () => 1,
})

/** Documents in which the column has one of these values (text: tokens). */
export function havingAny(column: Column, values: readonly Comparable[]): Matcher {
  const wanted = new Set(values)
  let documents: Candidates | null = null
  const [only] = values.length === 1 ? values : []
  const has = (value: ColumnValue): boolean =>
    Array.isArray(value)
      ? only === undefined
        ? value.some((token) => wanted.has(token))
        : value.includes(only as string)
      : wanted.has(value)
  return {
    matches: (document) => column.at(document)?.some(has) ?? false,
    get candidates() {
      documents ??= candidatesOf(
        values.length === 1 ? column.having(values[0]!) : values.flatMap((value) => column.having(value)),
      )
      return documents
    },
    score: () => 1,
  }
}

export function inRange(column: Column, range: Range): Matcher {
  return {
    matches: (document) => column.at(document)?.some((value) => isInside(value as Comparable, range)) ?? false,
    candidates: column.between(range),
    score: () => 1,
  }
}

/** What a query's value means for a field, as a range where it means more than one value. */
function exactValue(field: Field, value: unknown, now: number): Comparable | Range | null {
  const { family } = field.type
  const text = String(value)
  if (family === 'ip') {
    const block = parseCidr(text)
    if (block !== null) return { low: block[0], includeLow: true, high: block[1], includeHigh: true }
    const address = parseIp(text)
    if (address === null) throw new ValueError(`'${text}' is not an IP string literal.`)
    return address
  }
  if (family === 'date' || family === 'date_nanos') return dateRange(field, text, now)
  if (isNumeric(family)) {
    const number = Number(value)
    if (text.trim() === '' || Number.isNaN(number))
      throw new ValueError(`For input string: "${text}"`, 'number_format_exception')
    return /float|double/.test(family) || Number.isInteger(number) ? number : null
  }
  if (family === 'boolean') {
    if (value === '') return false
    if (value !== true && value !== false && value !== 'true' && value !== 'false') {
      throw new ValueError(`Can't parse boolean value [${value}], expected [true] or [false]`)
    }
    return String(value) === 'true'
  }
  return field.parameters.normalizer === undefined ? text : text.toLowerCase()
}

/** The span of time that a date means: a day for `2026-01-01`. */
function dateRange(field: Field, text: string, now: number): Range {
  const formats =
    typeof field.parameters.format === 'string' ? field.parameters.format : 'strict_date_optional_time||epoch_millis'
  const low = resolveDate(text, { formats, now })
  const high = resolveDate(text, { formats, now, roundUp: true })
  if (low === null || high === null) {
    throw new ValueError(
      `failed to parse date field [${text}] with format [${formats}]: [Failed to parse with all enclosed parsers]`,
      'parse_exception',
    )
  }
  const exact = (instant: Instant) =>
    field.type.family === 'date' ? instant.ms : BigInt(instant.ms) * 1_000_000n + BigInt(instant.nanos)
  return { low: exact(low), includeLow: true, high: exact(high), includeHigh: true }
}

/** A value that a field does not take, as the error of the shard that finds it. */
export function valueFailure(error: unknown, shard: Shard): ElasticsearchError {
  if (!(error instanceof ValueError)) throw error
  return queryShardError(shard.index, `failed to create query: ${error.message}`, {
    type: error.type,
    reason: error.message,
  })
}

/** Documents whose `_id` or `_index` is one of these; null for other names. */
function metaMatcher(shard: Shard, path: string, values: readonly unknown[]): Matcher | null {
  if (path === '_index') {
    const names = [shard.index.name, shard.index.dataStream, ...shard.index.aliases.keys()]
    return values.some((value) => names.includes(String(value))) ? matchAll() : MATCH_NONE
  }
  return path === '_id' ? withIds(shard, values.map(String)) : null
}

function withIds({ index }: Shard, ids: readonly string[]): Matcher {
  const wanted = new Set(ids)
  const documents = () => [...wanted].flatMap((id) => index.get(id)?.number ?? [])
  return {
    matches: (number) => wanted.has(index.documents[number]?.id ?? ''),
    candidates: { size: wanted.size, documents },
    score: () => 1,
  }
}

/** Documents with one exact value. Text is compared token by token, without analysis. */
export function termMatcher(
  shard: Shard,
  path: string,
  value: unknown,
  { caseInsensitive = false, boost = 1 } = {},
): Matcher {
  const meta = metaMatcher(shard, path, [value])
  if (meta !== null) return meta
  const column = shard.index.column(path)
  if (column === undefined) return MATCH_NONE
  try {
    const { family } = column.field.type
    if (caseInsensitive && TEXTUAL.has(family)) {
      const lower = String(value).toLowerCase()
      return havingAny(
        column,
        [...column.terms].filter((term) => String(term).toLowerCase() === lower),
      )
    }
    const exact = exactValue(column.field, value, shard.now)
    if (exact === null) return MATCH_NONE
    if (typeof exact === 'object') return inRange(column, exact)
    const matcher = havingAny(column, [exact])
    return SCORED.has(family) && column.field.typeName !== 'constant_keyword'
      ? { ...matcher, score: scoring(column, exact, boost) }
      : matcher
  } catch (error) {
    throw valueFailure(error, shard)
  }
}

export const TEXTUAL = new Set(['keyword', 'text', 'version', 'flattened'])
const SCORED = new Set([...TEXTUAL, 'boolean'])

function scoring(column: Column, term: Comparable, boost: number): (document: number) => number {
  let rare: number | undefined
  return (document) => {
    rare ??= rarity(column, column.having(term).length)
    const frequency =
      column.field.type.family === 'text' ? occurrences((column.at(document) ?? []) as string[][], term) : 1
    return boost * bm25(column, document, rare, frequency)
  }
}

function occurrences(values: readonly string[][], term: Comparable): number {
  let count = 0
  for (const tokens of values) for (const token of tokens) if (token === term) count += 1
  return count
}

export function term(body: unknown): Query {
  const { field, given } = fieldClause('term', body, { short: 'value', allowed: ['value', 'case_insensitive'] })
  if (given.value === null || given.value === undefined) throw illegalArgument('field name is null or empty')
  if (typeof given.value === 'object') throw parsingError('[term] query does not support array of values')
  const options = { caseInsensitive: flag(given, 'case_insensitive'), boost: boostOf(given) }
  return { bind: (shard) => termMatcher(shard, field, given.value, options) }
}

export function terms(body: unknown): Query {
  const given = objectOf('terms', body)
  const fields = Object.keys(given).filter((name) => name !== 'boost' && name !== '_name')
  if (fields.length > 1)
    throw parsingError(
      `[terms] query does not support more than one field, already got: [${fields[0]}] but found [${fields[1]}]`,
    )
  const field = fields[0]
  if (field === undefined)
    throw parsingError(
      '[terms] query requires a field name, followed by array of terms or a document lookup specification',
    )
  const values = given[field]
  if (!Array.isArray(values)) throw parsingError(`[terms] query does not support [${field}]`)
  return {
    bind(shard) {
      const meta = metaMatcher(shard, field, values)
      if (meta !== null) return meta
      const column = shard.index.column(field)
      if (column === undefined) return MATCH_NONE
      try {
        const exact = values
          .map((value) => exactValue(column.field, value, shard.now))
          .filter((value) => value !== null)
        const single = exact.filter((value) => typeof value !== 'object')
        const ranges = exact.filter((value) => typeof value === 'object')
        return anyOf([havingAny(column, single), ...ranges.map((range) => inRange(column, range))])
      } catch (error) {
        throw valueFailure(error, shard)
      }
    },
  }
}

export function ids(body: unknown): Query {
  const given = objectOf('ids', body)
  checkNames('ids', given, ['values'])
  const values = [given.values ?? []].flat().map(String)
  return { bind: (shard) => withIds(shard, values) }
}

export function exists(body: unknown): Query {
  const given = objectOf('exists', body)
  checkNames('exists', given, ['field'])
  const { field } = given
  if (typeof field !== 'string') throw parsingError('[exists] must be provided with a [field]')
  return { bind: (shard) => existing(shard, field) }
}

/** Documents with any value of a field, or of any field below an object; `*` in the name stands for any text. */
export function existing(shard: Shard, path: string): Matcher {
  if (['_id', '_index', '_source'].includes(path)) return matchAll()
  const columns = columnsBelow(shard, path)
  if (columns.length === 0) return MATCH_NONE
  return {
    matches: (document) => columns.some((column) => column.at(document) !== undefined),
    candidates: null,
    score: () => 1,
  }
}

function columnsBelow({ index }: Shard, path: string): Column[] {
  const exact = index.column(path)
  if (exact !== undefined) return [exact]
  const wanted = path.includes('*') ? simplePattern(path) : null
  const columns: Column[] = []
  for (const [name] of index.mapping.fields()) {
    if (wanted === null ? name.startsWith(`${path}.`) : wanted.test(name)) columns.push(index.column(name)!)
  }
  return columns
}

/** A name with `*` as a regular expression. */
export const simplePattern = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replace(/\*+/g, '.*')}$`, 's')
