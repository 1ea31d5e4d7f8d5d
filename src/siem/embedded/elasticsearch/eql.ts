/** `_eql/search`, synchronous. */
import { compile } from '../../../language/compile.ts'
import { QueryError } from '../../../language/query-error.ts'
import type { EventDocument } from '../../../model/event.ts'
import { ElasticsearchError, illegalArgument } from '../errors.ts'
import { type Answer, type ApiRequest, objectBody } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { matching } from '../query/matcher.ts'
import { parseQuery } from '../query/parse.ts'
import { indexOptions } from '../store/names.ts'
import { indexSchema } from '../store/schema.ts'
import type { Store } from '../store/store.ts'

const KEYS = [
  'query',
  'size',
  'fetch_size',
  'filter',
  'timestamp_field',
  'tiebreaker_field',
  'event_category_field',
  'result_position',
  'max_samples_per_key',
  'fields',
  'runtime_mappings',
  'case_sensitive',
  'allow_partial_search_results',
  'allow_partial_sequence_results',
  'wait_for_completion_timeout',
  'keep_alive',
  'keep_on_completion',
]

export function eqlRoutes(routes: Routes, store: Store, now: () => number): void {
  routes.add('elasticsearch', 'GET|POST', '/:index/_eql/search', (request) => eqlSearch(store, request, now()))
}

function eqlSearch(store: Store, request: ApiRequest, now: number): Answer {
  const from = performance.now()
  const body = objectBody(request)
  const unknown = Object.keys(body).find((name) => !KEYS.includes(name))
  if (unknown !== undefined) {
    throw new ElasticsearchError(400, 'x_content_parse_exception', `[eql/search] unknown field [${unknown}]`)
  }
  if (typeof body.query !== 'string') {
    throw new ElasticsearchError(
      400,
      'action_request_validation_exception',
      'Validation Failed: 1: query is null or empty;',
    )
  }
  const size = whole('size', body.size, 10, 0)
  whole('fetch size', body.fetch_size, 1000, 2)
  const position = body.result_position ?? 'tail'
  if (position !== 'head' && position !== 'tail') {
    throw illegalArgument(`result position needs to be 'head' or 'tail', received '${position}'`)
  }
  const indices = store.resolve(request.params.index!, indexOptions(request.parameters))
  const filter = body.filter === undefined ? null : parseQuery(body.filter)
  const events: EventDocument[] = indices.flatMap((index) => {
    if (filter === null) return [...index.live()]
    const shard = { index, now }
    return matching(filter.bind(shard), shard).map((number) => index.documents[number]!)
  })
  try {
    const compiled = compile('eql', body.query, {
      schema: indexSchema(indices),
      ...fieldName('categoryField', body.event_category_field),
      ...fieldName('timestampField', body.timestamp_field),
      ...fieldName('tiebreakerField', body.tiebreaker_field),
    })
    const found = compiled.search(events, {
      size,
      resultPosition: position,
      ...(typeof body.max_samples_per_key === 'number' ? { maxSamplesPerKey: body.max_samples_per_key } : {}),
    })
    const hits =
      compiled.shape === 'event'
        ? { events: found.map((match) => hitOf(match.events[0] ?? null)) }
        : {
            sequences: found.map((match) => ({
              ...(match.joinKeys.length === 0 ? {} : { join_keys: match.joinKeys }),
              events: match.events.map(hitOf),
            })),
          }
    return {
      body: {
        is_partial: false,
        is_running: false,
        took: Math.round(performance.now() - from),
        timed_out: false,
        hits: { total: { value: found.length, relation: 'eq' }, ...hits },
      },
    }
  } catch (error) {
    if (error instanceof QueryError) throw verificationError(error)
    throw error
  }
}

const fieldName = <K extends string>(key: K, value: unknown): { [name in K]?: string } =>
  typeof value === 'string' ? ({ [key]: value } as { [name in K]: string }) : {}

function whole(name: string, value: unknown, fallback: number, least: number): number {
  if (value === undefined) return fallback
  const number = Number(value)
  if (!Number.isInteger(number) || number < least)
    throw illegalArgument(`${name} must be greater than ${least - 1}, got ${value}`)
  return number
}

const hitOf = (event: EventDocument | null): Record<string, unknown> =>
  event === null
    ? { _index: '', _id: '', _source: {}, missing: true }
    : { _index: event.index, _id: event.id, _source: event.source }

/** A query that cannot be run, as Elasticsearch tells it: what does not parse, or what the mapping contradicts. */
function verificationError({ stage, problems, message }: QueryError): ElasticsearchError {
  if (stage === 'parsing') return new ElasticsearchError(400, 'parsing_exception', message)
  const count = `Found ${problems.length} problem${problems.length === 1 ? '' : 's'}`
  return new ElasticsearchError(400, 'verification_exception', `${count}\n${message}`)
}
