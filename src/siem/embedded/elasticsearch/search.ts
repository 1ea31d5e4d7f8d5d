/** `_search`, `_msearch`, `_count`, `_validate/query` and points in time. */
import { randomBytes } from 'node:crypto'
import { ElasticsearchError, illegalArgument, parsingError } from '../errors.ts'
import { type Answer, type ApiRequest, jsonOf, linesOf, objectBody, parseJson } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isObject } from '../query/arguments.ts'
import { type SearchResponse, search } from '../search/execute.ts'
import { parseSearch, type SearchRequest } from '../search/request.ts'
import { indexOptions } from '../store/names.ts'
import type { Store } from '../store/store.ts'
import type { StoredIndex } from '../store/stored-index.ts'

interface PointInTime {
  indices: StoredIndex[]
  /** By index: documents from this number on came later. */
  limits: Map<string, number>
}

export function searchRoutes(routes: Routes, store: Store, now: () => number): void {
  const points = new Map<string, PointInTime>()
  const add = (methods: string, path: string, handler: (request: ApiRequest) => Answer) =>
    routes.add('elasticsearch', methods, path, handler)

  const run = (expression: string, request: SearchRequest, parameters: URLSearchParams): SearchResponse => {
    if (request.pit === null) {
      return search(store.resolve(expression, indexOptions(parameters)), request, { now: now() })
    }
    const point = points.get(request.pit.id)
    if (point === undefined) {
      throw new ElasticsearchError(
        404,
        'search_context_missing_exception',
        `No search context found for id [${request.pit.id}]`,
      )
    }
    const sort = request.sort === null ? null : [...request.sort, ...tieBreaker(request)]
    return {
      pit_id: request.pit.id,
      ...search(point.indices, { ...request, sort }, { now: now(), limits: point.limits }),
    }
  }

  for (const path of ['/_search', '/:index/_search']) {
    add('GET|POST', path, (request) => {
      const asked = parseSearch(jsonOf(request), request.parameters)
      return { body: legacyTotal(run(request.params.index ?? '', asked, request.parameters), request) }
    })
  }
  for (const path of ['/_msearch', '/:index/_msearch']) {
    add('GET|POST', path, (request) => multiSearch(request, run))
  }
  for (const path of ['/_count', '/:index/_count']) {
    add('GET|POST', path, (request) => {
      const body = objectBody(request)
      const unknown = Object.keys(body).find((name) => name !== 'query')
      if (unknown !== undefined) throw parsingError(`request does not support [${unknown}]`)
      const asked = parseSearch({ ...body, size: 0, track_total_hits: true }, countParameters(request))
      const { hits, _shards } = run(request.params.index ?? '', asked, request.parameters)
      return { body: { count: hits.total!.value, _shards } }
    })
  }
  add('POST', '/:index/_pit', ({ params, parameters }) => {
    if (!parameters.has('keep_alive')) throw validation('1: [keep_alive] is not specified;')
    const indices = store.resolve(params.index!, indexOptions(parameters))
    const id = randomBytes(24).toString('base64url')
    points.set(id, { indices, limits: new Map(indices.map((index) => [index.name, index.documents.length])) })
    return { body: { id, _shards: { total: indices.length, successful: indices.length, skipped: 0, failed: 0 } } }
  })
  add('DELETE', '/_pit', (request) => {
    const { id } = objectBody(request)
    const closed = points.delete(String(id))
    return { status: closed ? 200 : 404, body: { succeeded: true, num_freed: closed ? 1 : 0 } }
  })
  for (const path of ['/_validate/query', '/:index/_validate/query']) {
    add('GET|POST', path, (request) => validate(request, run))
  }
}

const validation = (reason: string) =>
  new ElasticsearchError(400, 'action_request_validation_exception', `Validation Failed: ${reason}`)

const countParameters = ({ parameters }: ApiRequest) => {
  const kept = new URLSearchParams()
  for (const name of ['q', 'df', 'default_operator']) {
    const value = parameters.get(name)
    if (value !== null) kept.set(name, value)
  }
  return kept
}

/** Searches of a point in time are ordered to the last document, so that pages fit together. */
const tieBreaker = ({ sort }: SearchRequest) =>
  sort!.some(({ field }) => field === '_shard_doc' || field === '_doc')
    ? []
    : [
        {
          field: '_shard_doc',
          descending: false,
          missing: '_last',
          mode: 'min' as const,
          format: null,
          unmappedType: null,
        },
      ]

/** `rest_total_hits_as_int` gives the total as older clients read it. */
function legacyTotal(response: SearchResponse, { parameters }: ApiRequest): SearchResponse {
  if (parameters.get('rest_total_hits_as_int') !== 'true') return response
  return { ...response, hits: { ...response.hits, total: (response.hits.total?.value ?? -1) as never } }
}

type Run = (expression: string, request: SearchRequest, parameters: URLSearchParams) => SearchResponse

const HEADER = [
  'index',
  'indices',
  'search_type',
  'request_cache',
  'preference',
  'routing',
  'allow_no_indices',
  'ignore_unavailable',
  'ignore_throttled',
  'expand_wildcards',
  'ccs_minimize_roundtrips',
  'project_routing',
]

function multiSearch(request: ApiRequest, run: Run): Answer {
  const from = performance.now()
  const lines = linesOf(request, 'msearch', 'request body or source parameter is required')
  if (lines.length % 2 === 1 && lines.at(-1) !== '')
    throw illegalArgument('a search of _msearch is a header and a body: the last body is missing')
  const searches: { header: Record<string, unknown>; asked: SearchRequest }[] = []
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const header = lines[at]!.trim() === '' ? {} : parseJson(lines[at]!)
    if (!isObject(header)) throw illegalArgument('the header of a search of _msearch is an object')
    const unknown = Object.keys(header).find((name) => !HEADER.includes(name))
    if (unknown !== undefined) throw illegalArgument(`key [${unknown}] is not supported in the metadata section`)
    // A search that cannot be read fails all of them; one that cannot be run fails alone.
    searches.push({ header, asked: parseSearch(parseJson(lines[at + 1]!)) })
  }
  if (searches.length === 0) throw validation('1: no requests added;')
  const responses = searches.map(({ header, asked }) => {
    try {
      const parameters = new URLSearchParams(request.parameters)
      for (const [name, value] of Object.entries(header)) {
        if (name !== 'index' && name !== 'indices') parameters.set(name, [value].flat().join(','))
      }
      const index = [header.index ?? header.indices ?? request.params.index ?? ''].flat().join(',')
      return { ...run(index, asked, parameters), status: 200 }
    } catch (error) {
      if (error instanceof ElasticsearchError) return error.answer
      throw error
    }
  })
  return { body: { took: Math.round(performance.now() - from), responses } }
}

function validate(request: ApiRequest, run: Run): Answer {
  const { query } = objectBody(request)
  const shards = { total: 1, successful: 1, failed: 0 }
  try {
    run(request.params.index ?? '', parseSearch({ query: query ?? { match_all: {} }, size: 0 }), request.parameters)
    return { body: { _shards: shards, valid: true } }
  } catch (error) {
    if (!(error instanceof ElasticsearchError) || error.status === 404) throw error
    return { body: { _shards: shards, valid: false } }
  }
}
