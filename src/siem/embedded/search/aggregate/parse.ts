/** Reads `aggs`: names, one type each, and what is counted within each bucket. */
import { describe, ElasticsearchError, parsingError } from '../../errors.ts'
import { isObject } from '../../query/arguments.ts'

export interface Aggregation {
  type: string
  body: Record<string, unknown>
  /** Counted again for each bucket. */
  within: Aggregations
}

export type Aggregations = ReadonlyMap<string, Aggregation>

/** The types there are: metrics give values, buckets give groups of documents. */
export const METRICS = ['min', 'max', 'sum', 'avg', 'value_count', 'stats', 'cardinality', 'top_hits'] as const
const BUCKETS = ['terms', 'filter', 'filters', 'missing', 'histogram', 'date_histogram', 'composite'] as const

const TYPES: readonly string[] = [...METRICS, ...BUCKETS]

export function parseAggregations(value: unknown): Aggregations {
  if (value === undefined) return new Map()
  if (!isObject(value)) throw parsingError(`Expected [START_OBJECT] under [aggs], but got a [${describe(value)}]`)
  return new Map(Object.entries(value).map(([name, body]) => [name, aggregationOf(name, body)]))
}

function aggregationOf(name: string, value: unknown): Aggregation {
  if (!isObject(value)) {
    throw parsingError(
      `Aggregation definition for [${name} starts with a [${describe(value)}], expected a [START_OBJECT].`,
    )
  }
  const { aggs, aggregations, meta: _, ...types } = value
  const [found, second] = Object.entries(types)
  if (found === undefined) throw parsingError(`Missing definition for aggregation [${name}]`)
  if (second !== undefined) {
    throw parsingError(`Found two aggregation type definitions in [${name}]: [${found[0]}] and [${second[0]}]`)
  }
  const [type, body] = found
  if (!TYPES.includes(type)) {
    throw parsingError(`Unknown aggregation type [${type}]`, {
      caused_by: { type: 'named_object_not_found_exception', reason: `unknown field [${type}]` },
    })
  }
  if (!isObject(body)) {
    throw new ElasticsearchError(
      400,
      'parsing_exception',
      `Expected [START_OBJECT] under [${type}], but got a [${describe(body)}] in [${name}]`,
    )
  }
  return { type, body, within: parseAggregations(aggs ?? aggregations) }
}
