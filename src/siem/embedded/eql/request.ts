/** What an EQL search asks for, read from body and parameters. Facts: Elasticsearch's `_eql/search` request. */
import { parseDuration } from '../../../model/duration.ts'
import { CausedError, describe, ElasticsearchError, illegalArgument } from '../errors.ts'
import { type ApiRequest, jsonOf } from '../http/request.ts'
import { isObject } from '../query/arguments.ts'
import type { Query } from '../query/matcher.ts'
import { parseQuery } from '../query/parse.ts'
import type { FieldRequest } from '../search/request.ts'
import { fieldRequests } from '../search/request.ts'

export interface EqlRequest {
  query: string
  size: number
  fetchSize: number
  filter: Query | null
  timestampField: string
  tiebreakerField: string | null
  categoryField: string
  resultPosition: 'head' | 'tail'
  maxSamplesPerKey: number
  fields: FieldRequest[]
  /** Fields of this search alone: types by name. */
  runtimeFields: Map<string, { type: string }>
  /** How long the request waits for its answer; null: to the end, and nothing is kept. */
  waitMs: number | null
  keepAliveMs: number
  keepOnCompletion: boolean
}

type Kind = 'text' | 'count' | 'flag' | 'time' | 'object' | 'list'

const PARAMETERS: Readonly<Record<string, Kind>> = {
  query: 'text',
  size: 'count',
  fetch_size: 'count',
  filter: 'object',
  timestamp_field: 'text',
  tiebreaker_field: 'text',
  event_category_field: 'text',
  result_position: 'text',
  max_samples_per_key: 'count',
  fields: 'list',
  runtime_mappings: 'object',
  allow_partial_search_results: 'flag',
  allow_partial_sequence_results: 'flag',
  wait_for_completion_timeout: 'time',
  keep_alive: 'time',
  keep_on_completion: 'flag',
}

/** What a request's parameters may say in the place of its body. */
const IN_URL = [
  'wait_for_completion_timeout',
  'keep_alive',
  'keep_on_completion',
  'allow_partial_search_results',
  'allow_partial_sequence_results',
]

const TAKES: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  count: (value) => typeof value === 'number' || typeof value === 'string',
  flag: (value) => typeof value === 'boolean' || typeof value === 'string',
  time: (value) => typeof value === 'string' || typeof value === 'number',
  object: isObject,
  list: Array.isArray,
}

const MIN_KEEP_ALIVE_MS = 60_000
const DEFAULT_KEEP_ALIVE = '5d'

/** Reads a search. Throws 400s as Elasticsearch does: what cannot be read at once, what makes no sense all together. */
export function parseEqlRequest(request: ApiRequest): EqlRequest {
  const given = bodyOf(request)
  for (const name of IN_URL) {
    const value = request.parameters.get(name)
    if (value !== null) given[name] = value === '' ? 'true' : value
  }
  const { result_position: position = 'tail', runtime_mappings: runtime = {} } = given
  if (position !== 'head' && position !== 'tail') {
    throw unreadable('result_position', `result position needs to be 'head' or 'tail', received '${position}'`)
  }
  const read: EqlRequest = {
    query: (given.query as string | undefined) ?? '',
    size: count(given, 'size', 10),
    fetchSize: count(given, 'fetch_size', 1000),
    filter: given.filter === undefined ? null : parseQuery(given.filter),
    timestampField: (given.timestamp_field as string | undefined) ?? '@timestamp',
    tiebreakerField: (given.tiebreaker_field as string | undefined) ?? null,
    categoryField: (given.event_category_field as string | undefined) ?? 'event.category',
    resultPosition: position,
    maxSamplesPerKey: count(given, 'max_samples_per_key', 1),
    fields: fieldRequests(given.fields),
    runtimeFields: new Map(),
    waitMs: given.wait_for_completion_timeout === undefined ? null : waitOf(given.wait_for_completion_timeout),
    keepAliveMs: timeOf('keep_alive', given.keep_alive ?? DEFAULT_KEEP_ALIVE),
    keepOnCompletion: String(given.keep_on_completion) === 'true',
  }
  validate(read, given, runtime as Record<string, unknown>)
  return read
}

function bodyOf(request: ApiRequest): Record<string, unknown> {
  const body = jsonOf(request)
  if (body === undefined) {
    throw new ElasticsearchError(400, 'parse_exception', 'request body or source parameter is required')
  }
  if (!isObject(body)) throw notRead(`[eql/search] Expected START_OBJECT but was: ${describe(body)}`)
  for (const [name, value] of Object.entries(body)) {
    const kind = PARAMETERS[name]
    if (kind === undefined) throw notRead(`[eql/search] unknown field [${name}]`)
    if (!TAKES[kind](value)) throw notRead(`[eql/search] ${name} doesn't support values of type: ${describe(value)}`)
  }
  return { ...body }
}

const notRead = (reason: string) => new ElasticsearchError(400, 'x_content_parse_exception', reason)

function unreadable(name: string, reason: string, type = 'illegal_argument_exception'): ElasticsearchError {
  return new CausedError(400, 'x_content_parse_exception', `[eql/search] failed to parse field [${name}]`, {
    caused_by: { type, reason },
  })
}

function count(given: Record<string, unknown>, name: string, fallback: number): number {
  const value = given[name]
  if (value === undefined) return fallback
  const number = Number(value)
  if (value === '' || !Number.isInteger(number)) {
    throw unreadable(name, `For input string: "${value}"`, 'number_format_exception')
  }
  return number
}

/** Minus one waits to the end, as no value does. */
const waitOf = (value: unknown) => (String(value) === '-1' ? null : timeOf('wait_for_completion_timeout', value))

/** Milliseconds of a time with its unit, such as `500ms`. */
export function timeOf(name: string, value: unknown): number {
  const ms = parseDuration(String(value)) ?? (String(value) === '0' ? 0 : null)
  if (ms !== null) return ms
  throw illegalArgument(
    `failed to parse setting [${name}] with value [${value}] as a time value: unit is missing or unrecognized`,
  )
}

function validate(read: EqlRequest, given: Record<string, unknown>, runtime: Record<string, unknown>): void {
  const checks: [fails: boolean, problem: string][] = [
    [read.query === '', 'query is null or empty'],
    [read.timestampField === '', '@timestamp field is null or empty'],
    [read.categoryField === '', 'event category field is null or empty'],
    [read.size < 0, 'size must be greater than or equal to 0'],
    [read.fetchSize < 2, 'fetch size must be greater than 1'],
    [
      read.keepAliveMs < MIN_KEEP_ALIVE_MS,
      `[keep_alive] must be greater than 1 minute, got:${given.keep_alive ?? DEFAULT_KEEP_ALIVE}`,
    ],
  ]
  const problems = checks.filter(([fails]) => fails).map(([, problem]) => problem)
  for (const [name, definition] of Object.entries(runtime)) {
    const type = isObject(definition) ? definition.type : null
    if (typeof type === 'string') read.runtimeFields.set(name, { type })
    else if (isObject(definition)) problems.push(`No type specified for runtime field [${name}]`)
    else problems.push(`Expected map for runtime field [${name}] definition but got [String]`)
    if (typeof type !== 'string') break
    if (isObject(definition) && definition.script !== undefined) {
      throw illegalArgument(`runtime field [${name}]: scripts are not supported by the embedded SIEM`)
    }
  }
  if (read.maxSamplesPerKey < 1) problems.push('max_samples_per_key must be greater than 0')
  if (problems.length === 0) return
  const list = problems.map((problem, at) => `${at + 1}: ${problem};`).join('')
  throw new ElasticsearchError(400, 'action_request_validation_exception', `Validation Failed: ${list}`)
}
