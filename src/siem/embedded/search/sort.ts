/** Order of hits: keys of a search, and the values they give each document of an index. */
import { illegalArgument, parsingError, queryShardError } from '../errors.ts'
import { formatDate, parseDate } from '../mapping/date.ts'
import { FIELD_TYPES, ValueError } from '../mapping/field-types.ts'
import { formatIp, parseIp } from '../mapping/ip.ts'
import { isObject } from '../query/arguments.ts'
import type { Matcher, Shard } from '../query/matcher.ts'
import type { Column } from '../store/column.ts'

export type SortValue = string | number | bigint | boolean | null

export interface SortKey {
  field: string
  descending: boolean
  /** `_last`, `_first`, or the value that stands for a missing one. */
  missing: unknown
  mode: 'min' | 'max'
  format: string | null
  unmappedType: string | null
}

/** Reads `sort` in all its forms. */
export function parseSort(value: unknown): SortKey[] {
  return [value].flat().flatMap((entry) => {
    if (typeof entry === 'string') return [keyOf(entry, {})]
    if (!isObject(entry))
      throw illegalArgument('malformed sort format, within the sort array, an object, or an actual string are allowed')
    return Object.entries(entry).map(([field, options]) =>
      keyOf(field, typeof options === 'string' ? { order: options } : ((options ?? {}) as Record<string, unknown>)),
    )
  })
}

const OPTIONS = ['order', 'missing', 'mode', 'format', 'unmapped_type', 'numeric_type', 'nested']

function keyOf(field: string, options: Record<string, unknown>): SortKey {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) throw parsingError(`[field_sort] unknown field [${unknown}]`)
  const order = String(options.order ?? (field === '_score' ? 'desc' : 'asc')).toLowerCase()
  if (order !== 'asc' && order !== 'desc')
    throw illegalArgument(`No enum constant org.elasticsearch.search.sort.SortOrder.${order.toUpperCase()}`)
  const descending = order === 'desc'
  const mode = options.mode === 'min' || options.mode === 'max' ? options.mode : descending ? 'max' : 'min'
  return {
    field,
    descending,
    missing: options.missing ?? '_last',
    mode,
    format: typeof options.format === 'string' ? options.format : null,
    unmappedType: typeof options.unmapped_type === 'string' ? options.unmapped_type : null,
  }
}

/** A key on one index: the value that orders a document, and how answers write it. */
export interface BoundKey {
  key: SortKey
  valueOf(document: number): SortValue
  show(value: SortValue): unknown
  /** Reads back what `show` wrote, for `search_after`. */
  read(value: unknown): SortValue
}

const LAST_LONG = 2 ** 63
const FIRST_LONG = -(2 ** 63)

export function bindKey(shard: Shard, key: SortKey, matcher: Matcher, offset: number): BoundKey {
  const { field } = key
  if (field === '_score') return { key, valueOf: (document) => matcher.score(document), show: asIs, read: Number }
  if (field === '_doc' || field === '_shard_doc') {
    return { key, valueOf: (document) => offset + document, show: asIs, read: Number }
  }
  if (field === '_id' || field === '_index') {
    const name = (document: number) => (field === '_id' ? shard.index.documents[document]!.id : shard.index.name)
    return { key, valueOf: name, show: asIs, read: String }
  }
  const column = shard.index.column(field)
  if (column === undefined) {
    if (key.unmappedType === null)
      throw queryShardError(shard.index, `No mapping found for [${field}] in order to sort on`)
    const type = FIELD_TYPES[key.unmappedType]
    if (type === undefined) throw illegalArgument(`No mapper found for type [${key.unmappedType}]`)
    return { ...shown(key, type.family, {}), valueOf: () => null }
  }
  const { type, parameters } = column.field
  if (!type.docValues) throw fieldDataDisabled(field, shard.index.name, type.family)
  return { ...shown(key, type.family, parameters), valueOf: valueReader(column, key) }
}

const asIs = (value: SortValue): unknown => value

export function fieldDataDisabled(field: string, index: string, family = 'text') {
  if (family !== 'text') return illegalArgument(`Field [${field}] of type [${family}] doesn't support sort`)
  return illegalArgument(
    `Fielddata is disabled on [${field}] in [${index}]. Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [${field}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.`,
  )
}

/** The least or the greatest value of a document; what `missing` gives where there is none. */
function valueReader(column: Column, { mode, missing }: SortKey): (document: number) => SortValue {
  const given = missing === '_last' || missing === '_first' ? null : typed(column, missing)
  const better = mode === 'min' ? (a: SortValue, b: SortValue) => a! < b! : (a: SortValue, b: SortValue) => a! > b!
  return (document) => {
    const values = column.at(document) as SortValue[] | undefined
    if (values === undefined) return given
    let best = values[0]!
    for (let at = 1; at < values.length; at += 1) if (better(values[at]!, best)) best = values[at]!
    return best
  }
}

function typed(column: Column, value: unknown): SortValue {
  try {
    return (column.field.type.parse(value, column.field.parameters) ?? null) as SortValue
  } catch (error) {
    if (error instanceof ValueError) throw illegalArgument(error.message)
    throw error
  }
}

/** How values of a type are written in `sort` and read from `search_after`. Missing numbers are the extreme ones. */
function shown(key: SortKey, family: string, parameters: Readonly<Record<string, unknown>>): Omit<BoundKey, 'valueOf'> {
  const { format } = key
  const low = key.descending !== (key.missing === '_first')
  const dateFormat =
    format ?? (typeof parameters.format === 'string' ? parameters.format : 'strict_date_optional_time||epoch_millis')
  switch (family) {
    case 'date':
      return {
        key,
        show: (value) =>
          value === null
            ? extreme(low)
            : format === null
              ? value
              : formatDate({ ms: value as number, nanos: 0 }, format),
        read: (value) =>
          typeof value === 'number' || isExtreme(value)
            ? readNumber(value)
            : (parseDate(String(value), dateFormat)?.ms ?? null),
      }
    case 'date_nanos':
      return {
        key,
        show: (value) =>
          value === null
            ? extreme(low)
            : format === null
              ? Number(value)
              : FIELD_TYPES.date_nanos!.format(value, parameters, format),
        read: (value) => {
          if (typeof value === 'number') return BigInt(Math.round(value))
          const instant = parseDate(String(value), dateFormat)
          return instant === null ? null : BigInt(instant.ms) * 1_000_000n + BigInt(instant.nanos)
        },
      }
    case 'ip':
      return {
        key,
        show: (value) => (value === null ? null : formatIp(value as string)),
        read: (value) => (value === null ? null : parseIp(String(value))),
      }
    case 'boolean':
      return {
        key,
        show: (value) => (value === null ? extreme(low) : value ? 1 : 0),
        read: (value) => (typeof value === 'boolean' ? value : isExtreme(value) ? null : Number(value) === 1),
      }
    case 'long':
    case 'integer':
    case 'short':
    case 'byte':
    case 'unsigned_long':
      return { key, show: (value) => value ?? extreme(low), read: readNumber }
    case 'double':
    case 'float':
    case 'half_float':
    case 'scaled_float':
      return { key, show: (value) => value ?? (low ? '-Infinity' : 'Infinity'), read: readNumber }
    default:
      return { key, show: asIs, read: (value) => (value === null ? null : String(value)) }
  }
}

const extreme = (low: boolean) => (low ? FIRST_LONG : LAST_LONG)
const isExtreme = (value: unknown) => Math.abs(Number(value)) >= 9.2e18
const readNumber = (value: unknown): SortValue => (value === null || isExtreme(value) ? null : Number(value))

/** Order of two rows of sort values. */
export function rowOrder(keys: readonly SortKey[]): (a: readonly SortValue[], b: readonly SortValue[]) => number {
  return (a, b) => {
    for (let at = 0; at < keys.length; at += 1) {
      const left = a[at]!
      const right = b[at]!
      if (left === right) continue
      const { descending, missing } = keys[at]!
      if (left === null || right === null) return (left === null) === (missing === '_first') ? -1 : 1
      if (left < right) return descending ? 1 : -1
      if (left > right) return descending ? -1 : 1
    }
    return 0
  }
}
