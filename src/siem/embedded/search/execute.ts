/** Runs a search over indices: matches, orders, pages, fetches, aggregates. */
import { AllShardsFailed, ElasticsearchError, illegalArgument, type ShardFailure } from '../errors.ts'
import { type Matcher, matching, type Shard } from '../query/matcher.ts'
import type { StoredIndex } from '../store/stored-index.ts'
import { aggregate } from './aggregate/aggregate.ts'
import { hitOf } from './fetch.ts'
import type { SearchRequest } from './request.ts'
import type { ShardMatches } from './shard-matches.ts'
import { type BoundKey, bindKey, rowOrder, type SortKey, type SortValue } from './sort.ts'
import { Top } from './top.ts'

export const NODE_ID = 'tocsin-embedded-node-0'

export interface Shards {
  total: number
  successful: number
  skipped: number
  failed: number
  failures?: ShardFailure[]
}

export interface SearchResponse {
  took: number
  timed_out: boolean
  _shards: Shards
  hits: {
    total?: { value: number; relation: 'eq' | 'gte' }
    max_score: number | null
    hits: Record<string, unknown>[]
  }
  aggregations?: Record<string, unknown>
  [more: string]: unknown
}

interface Row {
  values: SortValue[]
  document: number
  shard: number
}

const BY_SCORE: SortKey = {
  field: '_score',
  descending: true,
  missing: '_last',
  mode: 'max',
  format: null,
  unmappedType: null,
}

/** Throws `search_phase_execution_exception` when every index fails; some failures are told in `_shards`. */
export function search(
  indices: readonly StoredIndex[],
  request: SearchRequest,
  { now, limits }: { now: number; limits?: ReadonlyMap<string, number> },
): SearchResponse {
  const from = performance.now()
  const failures: ShardFailure[] = []
  const shards: (ShardMatches & { keys: BoundKey[] })[] = []
  const sort = request.sort ?? [BY_SCORE]
  let offset = 0
  for (const index of indices) {
    const shard = { index, now }
    try {
      checkWindow(request, index)
      checkAfter(request, sort)
      const matcher = request.query.bind(shard)
      const keys = sort.map((key) => bindKey(shard, key, matcher, offset))
      const documents = visible(found(shard, matcher, request), limits?.get(index.name))
      shards.push({ shard, matcher, documents, keys })
    } catch (error) {
      if (!(error instanceof ElasticsearchError)) throw error
      failures.push({ shard: 0, index: index.name, node: NODE_ID, reason: error.body })
    }
    offset += index.documents.length
  }
  if (failures.length > 0 && shards.length === 0) throw new AllShardsFailed(failures)
  const aggregations = counted(request, shards)
  filterAfter(shards, request)
  const total = shards.reduce((sum, { documents }) => sum + documents.length, 0)
  const rows = page(shards, sort, request)
  return {
    took: Math.round(performance.now() - from),
    timed_out: false,
    _shards: {
      total: indices.length,
      successful: shards.length,
      skipped: 0,
      failed: failures.length,
      ...(failures.length > 0 ? { failures } : {}),
    },
    hits: {
      ...totalOf(total, request.trackTotalHits),
      max_score: maxScore(shards, rows, request),
      hits: rows.map((row) => hit(shards[row.shard]!, row, request)),
    },
    ...(aggregations === null ? {} : { aggregations }),
  }
}

function found(shard: Shard, matcher: Matcher, { minScore }: SearchRequest): number[] {
  const documents = matching(matcher, shard)
  return minScore === null ? documents : documents.filter((document) => matcher.score(document) >= minScore)
}

/** A point in time sees only documents that were there when it was opened. */
const visible = (documents: number[], limit: number | undefined) =>
  limit === undefined ? documents : documents.filter((document) => document < limit)

function filterAfter(shards: ShardMatches[], { postFilter }: SearchRequest): void {
  if (postFilter === null) return
  for (const each of shards) {
    const filter = postFilter.bind(each.shard)
    each.documents = each.documents.filter((document) => filter.matches(document))
  }
}

function page(
  shards: (ShardMatches & { keys: BoundKey[] })[],
  sort: readonly SortKey[],
  request: SearchRequest,
): Row[] {
  const { from, size, searchAfter } = request
  const byRow = rowOrder(sort)
  const order = (a: Row, b: Row) => byRow(a.values, b.values) || a.shard - b.shard || a.document - b.document
  const top = new Top<Row>(from + size, order)
  for (const [number, { documents, keys }] of shards.entries()) {
    const after = searchAfter?.map((value, at) => keys[at]!.read(value)) ?? null
    for (const document of documents) {
      const values = keys.map((key) => key.valueOf(document))
      if (after === null || byRow(values, after) > 0) top.add({ values, document, shard: number })
    }
  }
  return top.sorted().slice(from)
}

const LARGEST_WINDOW = 10_000

function checkWindow({ from, size, pit }: SearchRequest, { settings }: StoredIndex): void {
  const largest = Number(settings.max_result_window ?? LARGEST_WINDOW)
  if (from + size <= largest || pit !== null) return
  throw illegalArgument(
    `Result window is too large, from + size must be less than or equal to: [${largest}] but was [${from + size}]. See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.`,
  )
}

/** What is to be counted cannot be: then it cannot be on any index. */
function counted({ aggregations }: SearchRequest, shards: ShardMatches[]): Record<string, unknown> | null {
  try {
    return aggregate(aggregations, shards)
  } catch (error) {
    if (!(error instanceof ElasticsearchError)) throw error
    const index = shards[0]?.shard.index.name ?? ''
    throw new AllShardsFailed([{ shard: 0, index, node: NODE_ID, reason: error.body }])
  }
}

function checkAfter({ searchAfter }: SearchRequest, sort: readonly SortKey[]): void {
  if (searchAfter === null || searchAfter.length === sort.length) return
  throw illegalArgument(`search_after has ${searchAfter.length} value(s) but sort has ${sort.length}.`)
}

function totalOf(total: number, track: boolean | number): { total?: { value: number; relation: 'eq' | 'gte' } } {
  if (track === false) return {}
  if (track === true || total <= track) return { total: { value: total, relation: 'eq' } }
  return { total: { value: track, relation: 'gte' } }
}

const sortsByScore = ({ sort }: SearchRequest) => sort === null || sort.some(({ field }) => field === '_score')

function maxScore(shards: readonly ShardMatches[], rows: readonly Row[], request: SearchRequest): number | null {
  // An explicit order has no use for the best score, even when it is by score.
  if (shards.length === 0) return 0
  if (request.size === 0 || !(request.sort === null || request.trackScores)) return null
  // Without an order of its own a search is ordered by score: the first hit has the best.
  if (request.sort === null && request.from === 0) return (rows[0]?.values[0] as number | undefined) ?? null
  let best: number | null = null
  for (const { documents, matcher } of shards) {
    for (const document of documents) {
      const score = matcher.score(document)
      if (best === null || score > best) best = score
    }
  }
  return best
}

function hit({ shard, matcher, keys }: ShardMatches & { keys: BoundKey[] }, row: Row, request: SearchRequest) {
  const scored = sortsByScore(request) || request.trackScores
  return {
    ...hitOf(shard.index, row.document, request, scored ? matcher.score(row.document) : null),
    ...(request.sort === null ? {} : { sort: keys.map((key, at) => key.show(row.values[at]!)) }),
  }
}
