/** The search for the events that one test may have left. */
import type { estypes } from '@elastic/elasticsearch'
import type { EventQuery } from '../../engine/ports.ts'

/** The largest answer Elasticsearch gives by default (`index.max_result_window`). */
export const MOST_EVENTS = 10_000

/** Header and body of one search in `_msearch`, oldest event first. `from` in lab milliseconds. */
export function eventSearch(
  query: EventQuery,
  from: number,
): [estypes.MsearchMultisearchHeader, estypes.SearchSearchRequestBody] {
  const { hosts, addresses, to, indices, categories } = query
  // ECS has host names as they are; a domain host may show upper or lower case, so case is no difference.
  const places: estypes.QueryDslQueryContainer[] = hosts.map((host) => ({
    term: { 'host.name': { value: host, case_insensitive: true } },
  }))
  if (addresses.length > 0) {
    places.push({ terms: { 'source.ip': addresses } }, { terms: { 'destination.ip': addresses } })
  }
  const filter: estypes.QueryDslQueryContainer[] = [
    { range: { '@timestamp': { gte: from, lt: to, format: 'epoch_millis' } } },
    { bool: { should: places, minimum_should_match: 1 } },
  ]
  if (categories.length > 0) filter.push({ terms: { 'event.category': categories } })
  return [
    { index: indices.join(','), ignore_unavailable: true, allow_no_indices: true },
    {
      size: MOST_EVENTS,
      query: { bool: { filter } },
      sort: [{ '@timestamp': { order: 'asc', format: 'epoch_millis', unmapped_type: 'date' } }],
      track_total_hits: false,
    },
  ]
}
