/** What a hit shows of its document: `_source` cut to what was asked for, and `fields`. */
import { valuesOf } from '../../../model/event.ts'
import { illegalArgument } from '../errors.ts'
import { type ColumnValue, ValueError } from '../mapping/field-types.ts'
import type { Field, Mapping } from '../mapping/mapping.ts'
import { isObject } from '../query/arguments.ts'
import { simplePattern } from '../query/values.ts'
import { columnValues } from '../store/column.ts'
import type { StoredIndex } from '../store/stored-index.ts'
import type { FieldRequest, SearchRequest } from './request.ts'

type Shown = Pick<SearchRequest, 'source' | 'fields' | 'docValueFields' | 'versions' | 'seqNos'>

export function hitOf(index: StoredIndex, number: number, shown: Shown, score: number | null): Record<string, unknown> {
  const { id, source, version, seqNo } = index.documents[number]!
  const fields = { ...fieldsOf(index, source, shown.fields), ...docValues(index, source, shown.docValueFields) }
  const cut = shown.source === undefined ? source : filterSource(source, shown.source)
  return {
    _index: index.name,
    _id: id,
    ...(shown.versions ? { _version: version } : {}),
    ...(shown.seqNos ? { _seq_no: seqNo, _primary_term: 1 } : {}),
    _score: score,
    ...(cut === null ? {} : { _source: cut }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  }
}

/** Names to keep and to leave out, as `_source` asks in any of its forms; false for no source at all. */
function sourcePatterns(asked: unknown): { includes: string[]; excludes: string[] } | false {
  if (asked === false) return false
  if (asked === true) return { includes: [], excludes: [] }
  if (typeof asked === 'string') return { includes: [asked], excludes: [] }
  if (Array.isArray(asked)) return { includes: asked.map(String), excludes: [] }
  if (!isObject(asked)) throw illegalArgument('Expected one of [VALUE_BOOLEAN, START_OBJECT] but found [VALUE_NUMBER]')
  const list = (...names: string[]) => names.flatMap((name) => [asked[name] ?? []].flat().map(String))
  return { includes: list('includes', 'include'), excludes: list('excludes', 'exclude') }
}

/** A document with only what was asked for; null when that is nothing at all. */
export function filterSource(source: Record<string, unknown>, asked: unknown): Record<string, unknown> | null {
  const patterns = sourcePatterns(asked)
  if (patterns === false) return null
  const { includes, excludes } = patterns
  if (includes.length === 0 && excludes.length === 0) return source
  return cut(source, '', matcherOf(includes), matcherOf(excludes)) ?? {}
}

interface PathMatcher {
  empty: boolean
  /** The path, or an object above it, is named. */
  covers(path: string): boolean
  /** Something below the path may be named. */
  reaches(path: string): boolean
}

function matcherOf(patterns: string[]): PathMatcher {
  // Plain names are looked up, not matched: alerts have a hundred keys, and pollers ask for the same eight of them.
  const plain = new Set(patterns.filter((pattern) => !pattern.includes('*')))
  const wild = patterns
    .filter((pattern) => pattern.includes('*'))
    .map((pattern) => ({ pattern, whole: simplePattern(pattern), below: simplePattern(`${pattern}.*`) }))
  return {
    empty: patterns.length === 0,
    covers: (path) =>
      pathsTo(path).some((above) => plain.has(above)) ||
      wild.some(({ whole, below }) => whole.test(path) || below.test(path)),
    reaches: (path) =>
      [...plain].some((pattern) => pattern.startsWith(`${path}.`)) ||
      wild.some(({ pattern }) => reachesBelow(pattern, path)),
  }
}

/** A path and the objects above it: `a`, `a.b`, `a.b.c`. */
function pathsTo(path: string): string[] {
  const paths: string[] = []
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) paths.push(path.slice(0, dot))
  paths.push(path)
  return paths
}

/** Whether a pattern's part before its first star could lead to something below the path. */
function reachesBelow(pattern: string, path: string): boolean {
  const fixed = pattern.slice(0, pattern.indexOf('*'))
  return `${path}.`.startsWith(fixed) || fixed.startsWith(`${path}.`)
}

function cut(
  object: Record<string, unknown>,
  prefix: string,
  includes: PathMatcher,
  excludes: PathMatcher,
): Record<string, unknown> | undefined {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(object)) {
    const path = prefix + name
    if (excludes.covers(path)) continue
    const whole = includes.empty || includes.covers(path)
    if (whole && !excludes.reaches(path)) kept[name] = value
    else if (whole || includes.reaches(path)) {
      const inner = cutValue(value, `${path}.`, whole ? ALL : includes, excludes)
      if (inner !== undefined) kept[name] = inner
    }
  }
  return Object.keys(kept).length === 0 && prefix !== '' ? undefined : kept
}

const ALL: PathMatcher = { empty: true, covers: () => true, reaches: () => true }

function cutValue(value: unknown, prefix: string, includes: PathMatcher, excludes: PathMatcher): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => cutValue(item, prefix, includes, excludes)).filter((item) => item !== undefined)
    return items.length === 0 && value.length > 0 ? undefined : items
  }
  if (isObject(value)) return cut(value, prefix, includes, excludes)
  return includes.empty ? value : undefined
}

/** The asked fields that a document has, each with all its values. */
export function fieldsOf(
  { mapping }: Pick<StoredIndex, 'mapping'>,
  source: Record<string, unknown>,
  asked: FieldRequest[],
): Record<string, unknown[]> {
  const fields: Record<string, unknown[]> = {}
  for (const { field: pattern, format } of asked) {
    for (const [path, field] of named(mapping, pattern)) {
      const values = shownValues(field, source, format)
      if (values.length > 0) fields[path] = values
    }
  }
  return fields
}

/** Values read back as the mapping understands them; text as it was written. */
function shownValues(field: Field, source: Record<string, unknown>, format?: string): unknown[] {
  const found = valuesOf(source, field.sourcePath).flat(Number.POSITIVE_INFINITY)
  if (!field.type.searchable || field.typeName === 'flattened') return found
  return found.flatMap((value) => {
    if (value === null || value === undefined) return []
    if (field.type.family === 'text') return [String(value)]
    try {
      const parsed = field.type.parse(value, field.parameters)
      return parsed === undefined ? [] : [field.type.format(parsed, field.parameters, format)]
    } catch (error) {
      if (error instanceof ValueError) return []
      throw error
    }
  })
}

function docValues(
  index: StoredIndex,
  source: Record<string, unknown>,
  asked: FieldRequest[],
): Record<string, unknown[]> {
  const fields: Record<string, unknown[]> = {}
  for (const { field: pattern, format } of asked) {
    for (const [path, field] of named(index.mapping, pattern)) {
      if (!field.type.docValues)
        throw illegalArgument(
          `Can't load fielddata on [${path}] because fielddata is unsupported on fields of type [${field.typeName}]. Use doc values instead.`,
        )
      const values = columnValues(field, source)
      if (values !== undefined)
        fields[path] = [...new Set(values)]
          .sort(byValue)
          .map((value) => field.type.format(value, field.parameters, format))
    }
  }
  return fields
}

/** Values by document are kept in order, each once. */
const byValue = (a: ColumnValue, b: ColumnValue) => (a < b ? -1 : a > b ? 1 : 0)

function* named(mapping: Mapping, pattern: string): Iterable<[string, Field]> {
  if (!pattern.includes('*')) {
    const field = mapping.field(pattern)
    if (field !== undefined) yield [pattern, field]
    return
  }
  const wanted = simplePattern(pattern)
  for (const [path, field] of mapping.fields()) if (wanted.test(path)) yield [path, field]
}
