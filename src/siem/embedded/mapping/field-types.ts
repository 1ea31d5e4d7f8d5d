/** What each field type takes, and what it becomes in a column. */
import { analyze } from './analyze.ts'
import { DEFAULT_DATE_FORMAT, formatDate, parseDate } from './date.ts'
import { formatIp, parseIp } from './ip.ts'

/**
 * A value in a column, comparable with its like: text of keywords, 32 hexadecimal digits of an address, numbers,
 * milliseconds of dates, nanoseconds (bigint) of `date_nanos`, tokens of analysed text.
 */
export type ColumnValue = string | number | bigint | boolean | string[]

/** A value that the field's type does not take: the reason, as Elasticsearch gives it. */
export class ValueError extends Error {
  override name = 'ValueError'
  readonly type: string
  readonly cause_: { type: string; reason: string } | undefined

  constructor(reason: string, type = 'illegal_argument_exception', cause?: { type: string; reason: string }) {
    super(reason)
    this.type = type
    this.cause_ = cause
  }
}

/** Parameters of one field's mapping, as written. */
export type FieldParameters = Readonly<Record<string, unknown>>

export interface FieldType {
  /** Types of one family are searched alike and are reported as one by field capabilities. */
  family: string
  /** One value of a document, or undefined where the field leaves it out. Throws ValueError. */
  parse(value: unknown, parameters: FieldParameters): ColumnValue | undefined
  /** A value as answers carry it under `fields`. */
  format(value: ColumnValue, parameters: FieldParameters, format?: string): unknown
  /** Parameters that a mapping may give, besides `meta`. */
  parameters: readonly string[]
  /** Sorting and aggregating need values by document; analysed text has none. */
  docValues: boolean
  searchable: boolean
}

const asIs = (value: ColumnValue): unknown => value

const textOf = (value: unknown): string => {
  if (typeof value === 'object') throw new ValueError('Expected text but found START_OBJECT')
  return String(value)
}

const COMMON = ['index', 'doc_values', 'store', 'null_value', 'copy_to', 'fields', 'boost', 'time_series_dimension']

const keyword = (family = 'keyword'): FieldType => ({
  family,
  parse(value, parameters) {
    const text = textOf(value)
    const most = parameters.ignore_above
    if (typeof most === 'number' && text.length > most) return undefined
    return parameters.normalizer === undefined ? text : text.toLowerCase()
  },
  format: asIs,
  parameters: [
    ...COMMON,
    'ignore_above',
    'normalizer',
    'norms',
    'index_options',
    'eager_global_ordinals',
    'similarity',
    'split_queries_on_whitespace',
    'value',
  ],
  docValues: true,
  searchable: true,
})

const text = (): FieldType => ({
  family: 'text',
  parse: (value) => analyze(textOf(value)),
  format: asIs,
  parameters: [
    ...COMMON,
    'analyzer',
    'search_analyzer',
    'search_quote_analyzer',
    'norms',
    'index_options',
    'fielddata',
    'fielddata_frequency_filter',
    'position_increment_gap',
    'term_vector',
    'similarity',
    'index_prefixes',
    'index_phrases',
    'eager_global_ordinals',
  ],
  docValues: false,
  searchable: true,
})

/** Numbers of a whole type with its bounds, or of a floating type without. */
function number(name: string, bounds?: readonly [number, number]): FieldType {
  return {
    family: name,
    parse(value, { coerce }) {
      if (typeof value === 'object') throw new ValueError('Cannot parse object as number')
      if (typeof value === 'boolean') {
        throw new ValueError(
          `Current token (VALUE_${String(value).toUpperCase()}) not numeric, can not use numeric value accessors`,
        )
      }
      if (typeof value === 'string' && (coerce === false || coerce === 'false')) {
        throw new ValueError('Numeric value passed as String')
      }
      if (value === '') return undefined
      const read = typeof value === 'number' ? value : Number(value)
      if (!Number.isFinite(read) || (typeof value === 'string' && value.trim() === '')) {
        throw new ValueError(`For input string: "${value}"`)
      }
      if (bounds === undefined) return read
      if (read < bounds[0] || read > bounds[1]) {
        throw new ValueError(`Value [${value}] is out of range for ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`)
      }
      return Math.trunc(read)
    },
    format: asIs,
    parameters: [...COMMON, 'coerce', 'ignore_malformed', 'scaling_factor', 'time_series_metric'],
    docValues: true,
    searchable: true,
  }
}

const formatsOf = (parameters: FieldParameters, fallback: string): string =>
  typeof parameters.format === 'string' ? parameters.format : fallback

function readDate(value: unknown, formats: string) {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const instant = parseDate(text, formats)
  if (instant !== null) return instant
  throw new ValueError(`failed to parse date field [${text}] with format [${formats}]`, 'illegal_argument_exception', {
    type: 'date_time_parse_exception',
    reason: formats.includes('||')
      ? 'Failed to parse with all enclosed parsers'
      : `Text '${text}' could not be parsed at index 0`,
  })
}

const DATE_PARAMETERS = [...COMMON, 'format', 'locale', 'ignore_malformed']

const date: FieldType = {
  family: 'date',
  parse: (value, parameters) => readDate(value, formatsOf(parameters, DEFAULT_DATE_FORMAT)).ms,
  format: (value, parameters, format) =>
    formatDate({ ms: value as number, nanos: 0 }, format ?? formatsOf(parameters, DEFAULT_DATE_FORMAT)),
  parameters: DATE_PARAMETERS,
  docValues: true,
  searchable: true,
}

const NANOS_FORMAT = 'strict_date_optional_time_nanos||epoch_millis'

const dateNanos: FieldType = {
  ...date,
  family: 'date_nanos',
  parse(value, parameters) {
    const { ms, nanos } = readDate(value, formatsOf(parameters, NANOS_FORMAT))
    return BigInt(ms) * 1_000_000n + BigInt(nanos)
  },
  format: (value, parameters, format) =>
    formatDate(
      { ms: Number((value as bigint) / 1_000_000n), nanos: Number((value as bigint) % 1_000_000n) },
      format ?? formatsOf(parameters, NANOS_FORMAT),
    ),
}

const boolean: FieldType = {
  family: 'boolean',
  parse(value) {
    if (value === true || value === 'true') return true
    if (value === false || value === 'false' || value === '') return false
    throw new ValueError(`Failed to parse value [${value}] as only [true] or [false] are allowed.`)
  },
  format: asIs,
  parameters: [...COMMON, 'ignore_malformed'],
  docValues: true,
  searchable: true,
}

const ip: FieldType = {
  family: 'ip',
  parse(value) {
    const address = parseIp(String(value))
    if (address === null) throw new ValueError(`'${value}' is not an IP string literal.`)
    return address
  },
  format: (value) => formatIp(value as string),
  parameters: [...COMMON, 'ignore_malformed'],
  docValues: true,
  searchable: true,
}

/** Kept in the document, never searched. */
const kept = (family: string): FieldType => ({
  family,
  parse: () => undefined,
  format: asIs,
  parameters: [...COMMON, 'ignore_malformed', 'ignore_z_value', 'dims', 'similarity', 'index_options'],
  docValues: false,
  searchable: false,
})

const flattened: FieldType = {
  ...keyword('flattened'),
  parse(value, parameters) {
    if (typeof value === 'object') return undefined
    const most = parameters.ignore_above
    const text = String(value)
    return typeof most === 'number' && text.length > most ? undefined : text
  },
  parameters: [...keyword().parameters, 'depth_limit', 'time_series_dimensions'],
}

const WHOLE = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]

/** The field types by name; `object`, `nested` and `alias` belong to the tree of the mapping. */
export const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  keyword: keyword(),
  constant_keyword: keyword(),
  wildcard: keyword(),
  version: keyword('version'),
  text: text(),
  match_only_text: text(),
  long: number('long', WHOLE(64)),
  integer: number('integer', WHOLE(32)),
  short: number('short', WHOLE(16)),
  byte: number('byte', WHOLE(8)),
  unsigned_long: number('unsigned_long', [0, 2 ** 64]),
  double: number('double'),
  float: number('float'),
  half_float: number('half_float'),
  scaled_float: number('scaled_float'),
  date,
  date_nanos: dateNanos,
  boolean,
  ip,
  flattened,
  binary: kept('binary'),
  geo_point: kept('geo_point'),
  dense_vector: kept('dense_vector'),
}

export const isNumeric = (family: string): boolean =>
  ['long', 'integer', 'short', 'byte', 'unsigned_long', 'double', 'float', 'half_float', 'scaled_float'].includes(
    family,
  )
