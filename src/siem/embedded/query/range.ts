/** `range`: numbers, addresses, texts, and dates with date math and time zones. */
import { illegalArgument, queryShardError } from '../errors.ts'
import { zoneOffset } from '../mapping/date.ts'
import { resolveDate } from '../mapping/date-math.ts'
import { isNumeric, ValueError } from '../mapping/field-types.ts'
import { parseIp } from '../mapping/ip.ts'
import type { Field } from '../mapping/mapping.ts'
import type { Range } from '../store/column.ts'
import { type Arguments, fieldClause } from './arguments.ts'
import { MATCH_NONE, type Query, type Shard } from './matcher.ts'
import { inRange, valueFailure } from './values.ts'

const ALLOWED = [
  'gte',
  'gt',
  'lte',
  'lt',
  'from',
  'to',
  'include_lower',
  'include_upper',
  'format',
  'time_zone',
  'relation',
]

interface Bounds {
  low: unknown
  includeLow: boolean
  high: unknown
  includeHigh: boolean
  format: string | undefined
  zoneMs: number
}

export function range(body: unknown): Query {
  const { field, given } = fieldClause('range', body, { short: null, allowed: ALLOWED })
  const bounds = boundsOf(given)
  return { bind: (shard) => rangeMatcher(shard, field, bounds) }
}

function boundsOf(given: Arguments): Bounds {
  const zone = given.time_zone
  const zoneMs = zone === undefined ? 0 : zoneOffset(String(zone))
  if (zoneMs === null) throw illegalArgument(`Unknown time-zone ID: ${zone}`)
  return {
    low: given.gte ?? given.gt ?? given.from ?? null,
    includeLow: given.gte !== undefined || (given.gt === undefined && given.include_lower !== false),
    high: given.lte ?? given.lt ?? given.to ?? null,
    includeHigh: given.lte !== undefined || (given.lt === undefined && given.include_upper !== false),
    format: typeof given.format === 'string' ? given.format : undefined,
    zoneMs,
  }
}

export function rangeMatcher(shard: Shard, path: string, bounds: Bounds) {
  const column = shard.index.column(path)
  if (column === undefined) return MATCH_NONE
  try {
    return inRange(column, typedRange(column.field, bounds, shard))
  } catch (error) {
    throw valueFailure(error, shard)
  }
}

function typedRange(field: Field, bounds: Bounds, shard: Shard): Range {
  const { includeLow, includeHigh } = bounds
  const { family } = field.type
  if (family === 'date' || family === 'date_nanos') return dateRange(field, bounds, shard)
  if (isNumeric(family)) {
    return { low: numberOf(bounds.low), includeLow, high: numberOf(bounds.high), includeHigh }
  }
  if (family === 'ip') return { low: addressOf(bounds.low), includeLow, high: addressOf(bounds.high), includeHigh }
  if (family === 'text')
    throw queryShardError(shard.index, 'failed to create query: ranges over analysed text are not supported')
  const text = (value: unknown) =>
    value === null ? null : family === 'boolean' ? value === true || value === 'true' : String(value)
  return { low: text(bounds.low), includeLow, high: text(bounds.high), includeHigh }
}

function numberOf(value: unknown): number | null {
  if (value === null) return null
  const number = Number(value)
  if (Number.isNaN(number) || String(value).trim() === '')
    throw new ValueError(`For input string: "${value}"`, 'number_format_exception')
  return number
}

function addressOf(value: unknown): string | null {
  if (value === null) return null
  const address = parseIp(String(value))
  if (address === null) throw new ValueError(`'${value}' is not an IP string literal.`)
  return address
}

/** `gt` and `lte` of a partial date mean its end, `gte` and `lt` its beginning. */
function dateRange(field: Field, bounds: Bounds, shard: Shard): Range {
  const own =
    typeof field.parameters.format === 'string' ? field.parameters.format : 'strict_date_optional_time||epoch_millis'
  const formats = bounds.format ?? own
  const exact = (value: unknown, roundUp: boolean) => {
    if (value === null) return null
    const instant = resolveDate(String(value), { formats, now: shard.now, roundUp, zoneMs: bounds.zoneMs })
    if (instant === null) {
      throw new ValueError(
        `failed to parse date field [${value}] with format [${formats}]: [Failed to parse with all enclosed parsers]`,
        'parse_exception',
      )
    }
    return field.type.family === 'date' ? instant.ms : BigInt(instant.ms) * 1_000_000n + BigInt(instant.nanos)
  }
  const { includeLow, includeHigh } = bounds
  return { low: exact(bounds.low, !includeLow), includeLow, high: exact(bounds.high, includeHigh), includeHigh }
}

export type { Bounds }
