/** What a search asks for, read from body and parameters. */
import { describe, illegalArgument, parsingError } from '../errors.ts'
import { isObject } from '../query/arguments.ts'
import { matchAll } from '../query/compound.ts'
import type { Query } from '../query/matcher.ts'
import { parseQuery } from '../query/parse.ts'
import { type Aggregations, parseAggregations } from './aggregate/parse.ts'
import { parseSort, type SortKey } from './sort.ts'

export interface FieldRequest {
  field: string
  format?: string
}

export interface SearchRequest {
  query: Query
  from: number
  size: number
  sort: SortKey[] | null
  searchAfter: unknown[] | null
  /** How many hits are counted exactly; true: all, false: none. */
  trackTotalHits: boolean | number
  trackScores: boolean
  minScore: number | null
  source: unknown
  fields: FieldRequest[]
  docValueFields: FieldRequest[]
  aggregations: Aggregations
  postFilter: Query | null
  versions: boolean
  seqNos: boolean
  pit: { id: string; keepAlive: string | undefined } | null
}

const KEYS = new Set([
  'query',
  'from',
  'size',
  'sort',
  'search_after',
  'track_total_hits',
  'track_scores',
  'min_score',
  '_source',
  'fields',
  'docvalue_fields',
  'stored_fields',
  'aggs',
  'aggregations',
  'post_filter',
  'version',
  'seq_no_primary_term',
  'timeout',
  'terminate_after',
  'pit',
  'runtime_mappings',
  'profile',
  'explain',
  'highlight',
  'stats',
  'ext',
  'slice',
])
const NOT_SUPPORTED = ['collapse', 'suggest', 'rescore', 'knn', 'retriever', 'script_fields', 'indices_boost']

/** Reads a search. Throws 400s as the server does for what it cannot read. */
export function parseSearch(body: unknown, parameters: URLSearchParams = new URLSearchParams()): SearchRequest {
  if (body !== undefined && !isObject(body)) {
    throw parsingError(`Expected [START_OBJECT] but found [${describe(body)}]`)
  }
  const given = withParameters((body ?? {}) as Record<string, unknown>, parameters)
  for (const [name, value] of Object.entries(given)) {
    if (NOT_SUPPORTED.includes(name)) throw illegalArgument(`[${name}] is not supported by the embedded SIEM`)
    if (!KEYS.has(name)) throw parsingError(`Unknown key for a ${describe(value)} in [${name}].`)
  }
  if (given.query !== undefined && !isObject(given.query)) {
    throw parsingError(`Unknown key for a ${describe(given.query)} in [query].`)
  }
  const request: SearchRequest = {
    query: given.query === undefined ? matchAll({}) : parseQuery(given.query),
    from: count('from', given.from, 0),
    size: count('size', given.size, 10),
    sort: given.sort === undefined ? null : parseSort(given.sort),
    searchAfter: Array.isArray(given.search_after) ? given.search_after : null,
    trackTotalHits: trackOf(given.track_total_hits),
    trackScores: given.track_scores === true,
    minScore: typeof given.min_score === 'number' ? given.min_score : null,
    source: given._source,
    fields: fieldRequests(given.fields),
    docValueFields: fieldRequests(given.docvalue_fields),
    aggregations: parseAggregations(given.aggs ?? given.aggregations),
    postFilter: given.post_filter === undefined ? null : parseQuery(given.post_filter),
    versions: given.version === true,
    seqNos: given.seq_no_primary_term === true,
    pit: pitOf(given.pit),
  }
  if (request.searchAfter !== null && request.from > 0) {
    throw illegalArgument('`from` parameter must be set to 0 when `search_after` is used')
  }
  return request
}

/** The body with what the request's parameters say in its place. */
function withParameters(body: Record<string, unknown>, parameters: URLSearchParams): Record<string, unknown> {
  const given = { ...body }
  for (const name of [
    'from',
    'size',
    'track_total_hits',
    '_source',
    'version',
    'seq_no_primary_term',
    'track_scores',
  ]) {
    const value = parameters.get(name)
    if (value === null) continue
    given[name] = name === '_source' && value !== 'true' && value !== 'false' ? value.split(',') : plain(value)
  }
  const includes = parameters.get('_source_includes') ?? parameters.get('_source_include')
  const excludes = parameters.get('_source_excludes') ?? parameters.get('_source_exclude')
  if (includes !== null || excludes !== null) {
    given._source = { includes: includes?.split(',') ?? [], excludes: excludes?.split(',') ?? [] }
  }
  const sort = parameters.get('sort')
  if (sort !== null) {
    given.sort = sort.split(',').map((part) => {
      const [field, order] = part.split(':') as [string, string | undefined]
      return order === undefined ? field : { [field]: order }
    })
  }
  const text = parameters.get('q')
  if (text !== null) {
    const operator = parameters.get('default_operator') ?? 'OR'
    const field = parameters.get('df')
    given.query = {
      query_string: { query: text, default_operator: operator, ...(field === null ? {} : { default_field: field }) },
    }
  }
  return given
}

const plain = (text: string): unknown =>
  text === 'true' || text === '' ? true : text === 'false' ? false : /^-?\d+$/.test(text) ? Number(text) : text

function count(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback
  const number = Number(value)
  if (!Number.isInteger(number)) {
    throw Object.assign(illegalArgument(`For input string: "${value}"`), { type: 'number_format_exception' })
  }
  if (number < 0) throw illegalArgument(`[${name}] parameter cannot be negative, found [${number}]`)
  return number
}

function trackOf(value: unknown): boolean | number {
  if (value === undefined) return 10_000
  if (typeof value === 'boolean') return value
  const number = Number(value)
  if (Number.isInteger(number) && number >= 0) return number
  throw illegalArgument(`[track_total_hits] parameter must be positive or equals to -1, got ${value}`)
}

/** The fields that hits are to show, from names and `{field, format}`. */
export function fieldRequests(value: unknown): FieldRequest[] {
  return [value ?? []].flat().map((entry) => {
    if (typeof entry === 'string') return { field: entry }
    if (isObject(entry) && typeof entry.field === 'string') {
      return { field: entry.field, ...(typeof entry.format === 'string' ? { format: entry.format } : {}) }
    }
    throw parsingError(`[fields] expected a field name, but found ${describe(entry)}`)
  })
}

function pitOf(value: unknown): SearchRequest['pit'] {
  if (value === undefined) return null
  if (!isObject(value) || typeof value.id !== 'string') throw parsingError('[pit] requires an id')
  return { id: value.id, keepAlive: typeof value.keep_alive === 'string' ? value.keep_alive : undefined }
}
