/** Searches an Elasticsearch cluster for what analytics match, as far as its limits let it, and says where they did not. */
import type { Client, estypes } from '@elastic/elasticsearch'
import { errors } from '@elastic/elasticsearch'
import { SiemError } from '../../engine/ports.ts'
import type { EventDocument } from '../../model/event.ts'
import { createClient, type ElasticConnection, siemError } from './connection.ts'
import { MOST_EVENTS } from './event-search.ts'

export interface Place {
  /** An index expression, as the user writes it. */
  index: string
  /** Milliseconds since 1970, `to` exclusive; null for no bound. */
  from: number | null
  to: number | null
}

export interface ClusterAnswer {
  /** Each hit's events in order. */
  hits: EventDocument[][]
  /** Why there may be more; null when these are all. */
  incomplete: string | null
}

/** Every method throws `SiemError` when the cluster refuses, or cannot be asked. */
export interface SearchCluster {
  /** How many events each query has, at most `most`; null for all of them. */
  count(place: Place, queries: estypes.QueryDslQueryContainer[], most: number | null): Promise<number[]>
  /** The types that fields are mapped as; fields that are not mapped are left out. */
  types(place: Place, fields: string[]): Promise<Map<string, string[]>>
  /** One query by `_eql/search`. */
  eql(place: Place, query: string): Promise<ClusterAnswer>
  /** Many by `_msearch`: for each its answer, or why it was refused. */
  search(place: Place, queries: estypes.QueryDslQueryContainer[]): Promise<(ClusterAnswer | SiemError)[]>
  close(): Promise<void>
}

/** `pageSize`: hits of one request; a result beyond it is asked for page by page. */
export function createSearchCluster(connection: ElasticConnection, pageSize = MOST_EVENTS): SearchCluster {
  const client = createClient(connection)
  return {
    count: (place, queries, most) => asked(() => count(client, place, queries, most)),
    types: (place, fields) => asked(() => types(client, place, fields)),
    eql: (place, query) => asked(() => eql(client, place, query, pageSize)),
    search: (place, queries) => searchEach(client, place, queries, pageSize),
    close: () => client.close(),
  }
}

/** The cluster understood the request and will not answer it. */
class Refusal extends SiemError {
  constructor(reason: string) {
    super(`the cluster refused the query: ${reason}`)
  }
}

async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof errors.ResponseError && error.statusCode === 400) {
      throw new Refusal(reasonIn(error.body) ?? 'it gave no reason')
    }
    if (error instanceof errors.ResponseError && error.statusCode === 404) {
      throw new SiemError(reasonIn(error.body) ?? 'there is no such index')
    }
    throw siemError(error)
  }
}

/** A name without an index behind it is a mistake, not an empty one. */
const STRICT = { ignore_unavailable: false, allow_no_indices: false }

function within({ from, to }: Place): estypes.QueryDslQueryContainer[] {
  if (from === null && to === null) return []
  const bounds = { ...(from === null ? {} : { gte: from }), ...(to === null ? {} : { lt: to }) }
  return [{ range: { '@timestamp': { ...bounds, format: 'epoch_millis' } } }]
}

async function count(
  client: Client,
  place: Place,
  queries: estypes.QueryDslQueryContainer[],
  most: number | null,
): Promise<number[]> {
  const { responses } = await client.msearch({
    searches: queries.flatMap((query) => [
      { index: place.index, ...STRICT },
      { size: 0, track_total_hits: most ?? true, query: { bool: { filter: [...within(place), query] } } },
    ]),
  })
  return responses.map((response) => {
    if ('error' in response) throw new SiemError(reasonOf(response.error))
    const { total } = response.hits
    return typeof total === 'number' ? total : (total?.value ?? 0)
  })
}

async function types(client: Client, { index }: Place, fields: string[]): Promise<Map<string, string[]>> {
  if (fields.length === 0) return new Map()
  const { fields: found } = await client.fieldCaps({ index, fields, ...STRICT })
  return new Map(
    Object.entries(found).map(([name, byType]) => [name, Object.keys(byType).filter((type) => type !== 'unmapped')]),
  )
}

async function eql(client: Client, place: Place, query: string, size: number): Promise<ClusterAnswer> {
  const pages = new Pages()
  for (let from = place.from; ; from = pages.next) {
    const filter = within({ ...place, from })
    const answer = await client.eql.search({
      index: place.index,
      ...STRICT,
      query,
      size,
      fetch_size: Math.min(1_000, Math.max(2, size)),
      result_position: 'head',
      ...(filter.length === 0 ? {} : { filter: filter[0]! }),
    })
    const { events, sequences } = answer.hits
    const hits = (sequences?.map((sequence) => sequence.events) ?? (events ?? []).map((event) => [event])).map(
      (found) =>
        found.filter(({ _id }) => _id !== '').map(({ _index, _id, _source }) => documentOf(_index, _id, _source)),
    )
    pages.add(hits)
    if (answer.is_partial || answer.timed_out || (answer.shard_failures?.length ?? 0) > 0) {
      const reason = answer.shard_failures?.[0]?.reason.reason
      return pages.answer(`the cluster gave only a part of the answer${reason === undefined ? '' : `: ${reason}`}`)
    }
    if (hits.length < size) return pages.answer(null)
    // A sequence that begins before the next page would be lost.
    if (sequences !== undefined) return pages.answer(`there are more than ${size} sequences: ask for a shorter time`)
    if (!pages.advance()) return pages.answer(`more than ${size} events carry the same time`)
  }
}

/** A query that cannot be parsed fails the whole request: then each is asked alone. */
async function searchEach(
  client: Client,
  place: Place,
  queries: estypes.QueryDslQueryContainer[],
  size: number,
): Promise<(ClusterAnswer | SiemError)[]> {
  try {
    return await asked(() => search(client, place, queries, size))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (queries.length === 1) return [error]
  }
  const answers: (ClusterAnswer | SiemError)[] = []
  for (const query of queries) answers.push(...(await searchEach(client, place, [query], size)))
  return answers
}

async function search(
  client: Client,
  place: Place,
  queries: estypes.QueryDslQueryContainer[],
  size: number,
): Promise<(ClusterAnswer | SiemError)[]> {
  const answers = new Map<number, ClusterAnswer | SiemError>()
  let open = queries.map((query, position) => ({ query, position, from: place.from, pages: new Pages() }))
  while (open.length > 0) {
    const { responses } = await client.msearch({
      searches: open.flatMap(({ query, from }) => [
        { index: place.index, ...STRICT },
        {
          size,
          query: { bool: { filter: [...within({ ...place, from }), query] } },
          sort: [{ '@timestamp': { order: 'asc', format: 'epoch_millis', unmapped_type: 'date' } }],
          track_total_hits: false,
        },
      ]),
    })
    open = responses.flatMap((response, at) => {
      const one = open[at]!
      const { position, pages } = one
      if ('error' in response) {
        answers.set(position, new Refusal(reasonOf(response.error)))
        return []
      }
      const { hits } = response.hits
      pages.add(hits.map(({ _index, _id, _source }) => [documentOf(_index, _id!, _source)]))
      const broken = response.timed_out
        ? 'the search timed out in the cluster'
        : response._shards.failed > 0
          ? `${response._shards.failed} of ${response._shards.total} shards failed`
          : null
      if (broken === null && hits.length === size && pages.advance()) return [{ ...one, from: pages.next }]
      const cut = broken === null && hits.length === size ? `more than ${size} events carry the same time` : broken
      answers.set(position, pages.answer(cut))
      return []
    })
  }
  return queries.map((_, position) => answers.get(position)!)
}

/** A server without the endpoint answers with a text in place of an error's parts. */
function reasonIn(body: unknown): string | null {
  const error = (body as { error?: estypes.ErrorCause | string } | undefined)?.error
  return typeof error === 'string' ? error : error === undefined ? null : reasonOf(error)
}

function reasonOf(error: estypes.ErrorCause): string {
  return error.root_cause?.[0]?.reason ?? error.reason ?? error.type
}

const documentOf = (index: string, id: string, source: unknown): EventDocument => ({
  index,
  id,
  source: (source ?? {}) as Record<string, unknown>,
})

/** The hits of several pages, each once. The next page begins at the time at which this one ended. */
class Pages {
  readonly #hits = new Map<string, EventDocument[]>()
  #last: number | null = null
  /** Milliseconds since 1970. */
  next: number | null = null

  add(hits: EventDocument[][]): void {
    for (const events of hits) {
      this.#hits.set(events.map(({ index, id }) => `${index}/${id}`).join(), events)
      const time = Date.parse(String(timeOf(events.at(-1)!)))
      if (!Number.isNaN(time)) this.#last = time
    }
  }

  /** Goes on to the next page; false when it would be the same again. */
  advance(): boolean {
    if (this.#last === null || this.#last === this.next) return false
    this.next = this.#last
    return true
  }

  answer(incomplete: string | null): ClusterAnswer {
    return { hits: [...this.#hits.values()], incomplete }
  }
}

const timeOf = ({ source }: EventDocument): unknown => source['@timestamp']
