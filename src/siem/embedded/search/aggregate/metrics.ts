/** Aggregations that give values. */
import { illegalArgument } from '../../errors.ts'
import { hitOf } from '../fetch.ts'
import { parseSearch } from '../request.ts'
import { bindKey, rowOrder } from '../sort.ts'
import type { Aggregation } from './parse.ts'
import { eachValue, fieldName, type Key, type Part } from './values.ts'

type Answer = Record<string, unknown>

export function metric({ type, body }: Aggregation, parts: readonly Part[]): Answer {
  if (type === 'top_hits') return topHits(body, parts)
  const field = fieldName(type, body)
  if (type === 'cardinality') {
    const seen = new Set<Key>()
    eachValue(parts, field, (value) => seen.add(value))
    return { value: seen.size }
  }
  let count = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let format: ((value: number) => unknown) | null = null
  eachValue(parts, field, (value, column) => {
    count += 1
    if (type === 'value_count') return
    const { type: fieldType, parameters } = column.field
    if (typeof value === 'string') {
      throw illegalArgument(
        `Field [${field}] of type [${column.field.typeName}] is not supported for aggregation [${type}]`,
      )
    }
    const number = typeof value === 'bigint' ? Number(value / 1_000_000n) : Number(value)
    if (fieldType.family === 'date') format = (date) => fieldType.format(date, parameters)
    sum += number
    if (number < min) min = number
    if (number > max) max = number
  })
  return shown(type, { count, sum, min, max }, format)
}

interface Totals {
  count: number
  sum: number
  min: number
  max: number
}

function shown(type: string, { count, sum, min, max }: Totals, format: ((value: number) => unknown) | null): Answer {
  const none = count === 0
  const value = (number: number): Answer => ({
    value: none ? null : number,
    ...(none || format === null ? {} : { value_as_string: format(number) }),
  })
  switch (type) {
    case 'value_count':
      return { value: count }
    case 'sum':
      return { ...value(sum), value: sum }
    case 'min':
      return value(min)
    case 'max':
      return value(max)
    case 'avg':
      return value(sum / count)
    default:
      return none ? { count: 0, min: null, max: null, avg: null, sum: 0 } : { count, min, max, avg: sum / count, sum }
  }
}

/** The best hits of a bucket. */
function topHits(body: Record<string, unknown>, parts: readonly Part[]): Answer {
  const request = parseSearch({ size: 3, ...body })
  const sort = request.sort ?? []
  const scored = { matches: () => true, candidates: null, score: () => 1 }
  const rows = parts.flatMap(({ shard, documents }) => {
    const keys = sort.map((key) => bindKey(shard, key, scored, 0))
    return documents.map((document) => ({ shard, document, keys, values: keys.map((key) => key.valueOf(document)) }))
  })
  const order = rowOrder(sort)
  rows.sort((a, b) => order(a.values, b.values))
  const hits = rows.slice(request.from, request.from + request.size).map(({ shard, document, keys, values }) => ({
    ...hitOf(shard.index, document, request, request.sort === null ? 1 : null),
    ...(request.sort === null ? {} : { sort: keys.map((key, at) => key.show(values[at]!)) }),
  }))
  const total = { value: rows.length, relation: 'eq' }
  return { hits: { total, max_score: request.sort === null && rows.length > 0 ? 1 : null, hits } }
}
