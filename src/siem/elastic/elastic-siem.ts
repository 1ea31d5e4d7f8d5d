/** The `Siem` port on Elasticsearch and Kibana, real or embedded alike: nothing here asks which one it is but `info`. */
import type { Client, estypes } from '@elastic/elasticsearch'
import type { Alert, EventAnswer, EventQuery, NativeQuery, QueryAnswer, RuleState, Siem } from '../../engine/ports.ts'
import { alertFrom, alertSearch } from './alerts.ts'
import { createClient, type ElasticConnection, siemError } from './connection.ts'
import { eventSearch, MOST_EVENTS } from './event-search.ts'
import { Kibana } from './kibana.ts'
import { EMBEDDED_CLUSTER } from './names.ts'

/** Hits that one native query may bring; Elasticsearch's default limit of a result window. */
const MOST_HITS = 10_000

export class ElasticSiem implements Siem {
  readonly languages: ReadonlySet<string> = new Set(['eql', 'kuery'])
  readonly #client: Client
  readonly #kibana: Kibana
  readonly #space: string

  constructor(connection: ElasticConnection) {
    this.#client = createClient(connection)
    this.#kibana = new Kibana(connection)
    this.#space = connection.space ?? 'default'
  }

  async info(): Promise<{ kind: 'embedded' | 'elastic'; version: string }> {
    return this.#ask(async () => {
      const { cluster_name: cluster, version } = await this.#client.info()
      return { kind: cluster === EMBEDDED_CLUSTER ? 'embedded' : 'elastic', version: version.number }
    })
  }

  async events(queries: EventQuery[]): Promise<EventAnswer[]> {
    if (queries.length === 0) return []
    return this.#ask(async () => {
      const answers = queries.map((): EventAnswer => ({ complete: true, events: [] }))
      // Almost always one round; a window with more events than one answer holds is asked for from its last time on.
      let open = queries.map((query, index) => ({ query, index, from: query.from }))
      while (open.length > 0) {
        const { responses } = await this.#client.msearch({
          searches: open.flatMap(({ query, from }) => eventSearch(query, from)),
        })
        open = responses.flatMap((response, position) => {
          const asked = open[position]!
          const { answer, next } = merge(answers[asked.index]!, response, asked.from)
          answers[asked.index] = answer
          return next === null ? [] : [{ ...asked, from: next }]
        })
      }
      return answers
    })
  }

  async query({ language, query, indices, from, to }: NativeQuery): Promise<QueryAnswer> {
    const filter = { range: { '@timestamp': { gte: from, lt: to, format: 'epoch_millis' } } }
    const where = { index: indices.join(','), ignore_unavailable: true, allow_no_indices: true }
    return this.#ask(async () => {
      if (language === 'eql') {
        const answer = await this.#client.eql.search({ ...where, query, filter, size: MOST_HITS, fetch_size: 1000 })
        const hits =
          answer.hits.sequences?.map(({ events }) => events) ?? (answer.hits.events ?? []).map((event) => [event])
        const references = hits.map((events) =>
          events.filter(({ _id }) => _id !== '').map(({ _index, _id }) => ({ index: _index, id: _id })),
        )
        if (answer.is_partial || answer.timed_out || (answer.shard_failures?.length ?? 0) > 0) {
          return { complete: false, reason: 'the SIEM gave only a part of the answer to the query', hits: references }
        }
        return { complete: true, hits: references }
      }
      const kql = { kql: { query } } as unknown as estypes.QueryDslQueryContainer
      const answer = await this.#client.search({
        ...where,
        query: { bool: { filter: [filter, kql] } },
        size: MOST_HITS,
        _source: false,
      })
      const hits = answer.hits.hits.map(({ _index, _id }) => [{ index: _index, id: _id! }])
      const broken = trouble(answer)
      return broken === null ? { complete: true, hits } : { complete: false, reason: broken, hits }
    })
  }

  rules(ruleIds: string[]): Promise<RuleState[]> {
    return Promise.all(ruleIds.map((ruleId) => this.#kibana.rule(ruleId)))
  }

  async alerts(ruleIds: string[], from: number): Promise<Alert[]> {
    if (ruleIds.length === 0) return []
    return this.#ask(async () => {
      const found = new Map<string, Alert>()
      for (let since = from; ; ) {
        const answer = await this.#client.search(alertSearch(this.#space, ruleIds, since))
        const broken = trouble(answer)
        if (broken !== null) throw new Error(broken)
        for (const hit of answer.hits.hits) found.set(hit._id!, alertFrom(hit))
        const last = [...found.values()].at(-1)
        if (answer.hits.hits.length < MOST_EVENTS || last === undefined || last.at === since) return [...found.values()]
        since = last.at
      }
    })
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw siemError(error)
    }
  }
}

type MultiSearchItem = estypes.MsearchResponseItem<unknown>

/** Adds one response to an answer; `next` is the time to go on from, null when there is no more. */
function merge(
  answer: EventAnswer,
  response: MultiSearchItem,
  from: number,
): { answer: EventAnswer; next: number | null } {
  if ('error' in response) {
    const reason = `the SIEM could not search: ${response.error.reason ?? response.error.type}`
    return { answer: { complete: false, reason, events: answer.events }, next: null }
  }
  const known = new Set(answer.events.map(({ id }) => id))
  const hits = response.hits.hits.filter(({ _id }) => !known.has(_id!))
  const events = [
    ...answer.events,
    ...hits.map(({ _index, _id, _source }) => ({
      index: _index,
      id: _id!,
      source: (_source ?? {}) as Record<string, unknown>,
    })),
  ]
  const broken = trouble(response)
  if (broken !== null) return { answer: { complete: false, reason: broken, events }, next: null }
  if (response.hits.hits.length < MOST_EVENTS) return { answer: { complete: true, events }, next: null }
  const last = Number(response.hits.hits.at(-1)?.sort?.[0])
  if (last === from) {
    return {
      answer: { complete: false, reason: `more than ${MOST_EVENTS} events carry the same time`, events },
      next: null,
    }
  }
  return { answer: { complete: true, events }, next: last }
}

/** Why a search response is only a part of the truth; null when it is whole. */
function trouble(response: { timed_out: boolean; _shards: estypes.ShardStatistics }): string | null {
  if (response.timed_out) return 'the search timed out in the SIEM'
  if (response._shards.failed > 0) return `${response._shards.failed} of ${response._shards.total} shards failed`
  return null
}
