/** Runs an EQL search over indices: the answer of `_eql/search`. */
import { type CompiledQuery, compile } from '../../../language/compile.ts'
import type { Plan } from '../../../language/plan.ts'
import { QueryError } from '../../../language/query-error.ts'
import type { EventDocument } from '../../../model/event.ts'
import { ElasticsearchError } from '../errors.ts'
import { type Matcher, matching, shortest } from '../query/matcher.ts'
import { fieldsOf } from '../search/fetch.ts'
import type { StoredDocument, StoredIndex } from '../store/stored-index.ts'
import { planCandidates } from './candidates.ts'
import { type SearchFields, searchFields } from './fields.ts'
import type { EqlRequest } from './request.ts'

export interface EqlAnswer {
  is_partial: boolean
  is_running: boolean
  took: number
  timed_out: boolean
  hits: Record<string, unknown>
}

/** A document, in the form in which the query sees it. */
interface SeenEvent extends EventDocument {
  stored: StoredDocument
  in: StoredIndex
}

const MOST_IN_A_PAGE = 1000

/** Throws `parsing_exception` and `verification_exception` (400) for a query that cannot be run on these indices. */
export function eqlSearch(indices: readonly StoredIndex[], request: EqlRequest, now: number): EqlAnswer {
  const from = performance.now()
  const fields = searchFields(indices, request.runtimeFields)
  const query = compiled(request, fields)
  if (query.shape === 'sample' && request.fetchSize > MOST_IN_A_PAGE) {
    throw new ElasticsearchError(
      500,
      'eql_illegal_argument_exception',
      `Fetch size cannot be greater than [${MOST_IN_A_PAGE}]`,
    )
  }
  const events = indices.flatMap((index) => eventsOf(index, query.plan, request, fields, now))
  if (query.shape === 'sequence') checkOrder(events, request, fields)
  const found = query.search(events, {
    size: request.size,
    resultPosition: request.resultPosition,
    maxSamplesPerKey: request.maxSamplesPerKey,
  })
  const hitOf = (event: EventDocument | null) => shownHit(event as SeenEvent | null, request, fields)
  const hits =
    query.shape === 'event'
      ? { events: found.map(({ events: [event] }) => hitOf(event ?? null)) }
      : {
          sequences: found.map(({ joinKeys, events: matched }) => ({
            ...(joinKeys.length === 0 ? {} : { join_keys: joinKeys }),
            events: matched.map(hitOf),
          })),
        }
  return {
    is_partial: false,
    is_running: false,
    took: Math.round(performance.now() - from),
    timed_out: false,
    hits: { total: { value: found.length, relation: 'eq' }, ...hits },
  }
}

function compiled(request: EqlRequest, { schema }: SearchFields): CompiledQuery {
  try {
    return compile('eql', request.query, {
      schema,
      categoryField: request.categoryField,
      timestampField: request.timestampField,
      ...(request.tiebreakerField === null ? {} : { tiebreakerField: request.tiebreakerField }),
    })
  } catch (error) {
    throw error instanceof QueryError ? queryError(error) : error
  }
}

/** A query that cannot be run, as Elasticsearch tells it: what does not parse, or what the mapping contradicts. */
function queryError({ stage, problems, message }: QueryError): ElasticsearchError {
  if (stage === 'parsing') return new ElasticsearchError(400, 'parsing_exception', message)
  const count = `Found ${problems.length} problem${problems.length === 1 ? '' : 's'}`
  return new ElasticsearchError(400, 'verification_exception', `${count}\n${message}`)
}

/** The documents of an index that the filter lets through and that the query could match, in the order they came. */
function eventsOf(
  index: StoredIndex,
  plan: Plan,
  { filter }: EqlRequest,
  { view }: SearchFields,
  now: number,
): SeenEvent[] {
  const shard = { index, now }
  const filtered = filter?.bind(shard) ?? null
  const matcher: Matcher = {
    matches: (number) => filtered === null || filtered.matches(number),
    candidates: shortest([filtered?.candidates ?? null, planCandidates(plan, index)]),
    score: () => 1,
  }
  return matching(matcher, shard).map((number) => {
    const stored = index.documents[number]!
    return { index: index.name, id: stored.id, source: view(index, stored.source), stored, in: index }
  })
}

/** Sequences need one time an event, and one tiebreaker where one is named. */
function checkOrder(events: readonly SeenEvent[], request: EqlRequest, { schema }: SearchFields): void {
  const { timestampField: time, tiebreakerField: tie } = request
  const isDate = schema.get(time)?.type.startsWith('date') === true
  for (const { in: index, stored } of events) {
    const values = index.column(time)?.at(stored.number) ?? []
    if (values.length > 0 && (values.length > 1 || !isDate)) {
      const wanted = `Expected timestamp field [${time}] to be mapped as [date] or [date_nanos] and to hold a single value`
      throw invalidArgument(`${wanted} but got [${shown(values)}]`)
    }
    const ties = tie === null ? [] : (index.column(tie)?.at(stored.number) ?? [])
    if (ties.length > 1) {
      throw invalidArgument(
        `Expected tiebreaker field [${tie}] to hold a single comparable value but got [${shown(ties)}]`,
      )
    }
  }
}

const shown = (values: readonly unknown[]) => (values.length === 1 ? String(values[0]) : `[${values.join(', ')}]`)

const invalidArgument = (reason: string) => new ElasticsearchError(400, 'invalid_argument_exception', reason)

function shownHit(event: SeenEvent | null, request: EqlRequest, { runtime }: SearchFields): Record<string, unknown> {
  if (event === null) return { _index: '', _id: '', _source: {}, missing: true }
  const { in: index, stored } = event
  const shownFields = {
    ...fieldsOf(index, stored.source, request.fields),
    ...(runtime === null ? {} : fieldsOf({ mapping: runtime }, stored.source, request.fields)),
  }
  return {
    _index: index.name,
    _id: stored.id,
    _source: stored.source,
    ...(Object.keys(shownFields).length === 0 ? {} : { fields: shownFields }),
  }
}
