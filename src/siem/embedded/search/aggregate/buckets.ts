/** Aggregations that group documents. */

import { parseDuration } from '../../../../model/duration.ts'
import { illegalArgument } from '../../errors.ts'
import { formatDate, zoneOffset } from '../../mapping/date.ts'
import { floorTo } from '../../mapping/date-math.ts'
import { isObject } from '../../query/arguments.ts'
import { parseQuery } from '../../query/parse.ts'
import type { Column } from '../../store/column.ts'
import type { Aggregation, Aggregations } from './parse.ts'
import { columnFor, fieldName, type Key, type Part } from './values.ts'

type Answer = Record<string, unknown>
/** Counts what lies within a bucket: handed in, because buckets hold aggregations in turn. */
export type Within = (asked: Aggregations, parts: readonly Part[]) => Answer

export function bucket(aggregation: Aggregation, parts: readonly Part[], within: Within): Answer {
  const { type, body } = aggregation
  const one = (inside: readonly Part[]) => ({ doc_count: countOf(inside), ...within(aggregation.within, inside) })
  switch (type) {
    case 'filter':
      return one(filtered(parts, body))
    case 'filters': {
      if (!isObject(body.filters)) throw illegalArgument('[filters] cannot be empty.')
      const named = Object.entries(body.filters).map(([name, query]) => [name, one(filtered(parts, query))])
      return { buckets: Object.fromEntries(named) }
    }
    case 'missing': {
      const field = fieldName(type, body)
      const without = (part: Part) => {
        const column = columnFor(part.shard, field)
        return { ...part, documents: part.documents.filter((document) => column?.at(document) === undefined) }
      }
      return one(parts.map(without))
    }
    case 'terms':
      return terms(aggregation, parts, one)
    case 'composite':
      return composite(aggregation, parts, one)
    default:
      return histogram(aggregation, parts, one)
  }
}

type One = (inside: readonly Part[]) => Answer

const countOf = (parts: readonly Part[]) => parts.reduce((sum, { documents }) => sum + documents.length, 0)

function filtered(parts: readonly Part[], query: unknown): Part[] {
  const read = parseQuery(query)
  return parts.map(({ shard, documents }) => {
    const matcher = read.bind(shard)
    return { shard, documents: documents.filter((document) => matcher.matches(document)) }
  })
}

interface Group {
  key: Key
  column: Column | null
  parts: Part[]
  count: number
}

/** Documents by what `keysOf` makes of them; one document may be in several groups. */
function grouped(
  parts: readonly Part[],
  bind: (part: Part) => { column: Column | null; keysOf(document: number): Key[] },
): Group[] {
  const groups = new Map<Key, Group>()
  for (const part of parts) {
    const { column, keysOf } = bind(part)
    const here = new Map<Key, number[]>()
    for (const document of part.documents) {
      for (const key of new Set(keysOf(document))) {
        const documents = here.get(key)
        if (documents === undefined) here.set(key, [document])
        else documents.push(document)
      }
    }
    for (const [key, documents] of here) {
      const group = groups.get(key) ?? { key, column, parts: [], count: 0 }
      groups.set(key, group)
      group.parts.push({ shard: part.shard, documents })
      group.count += documents.length
    }
  }
  return [...groups.values()]
}

const byKey = (a: Key, b: Key) => (a < b ? -1 : a > b ? 1 : 0)

function terms({ body }: Aggregation, parts: readonly Part[], one: One): Answer {
  const field = fieldName('terms', body)
  const size = Number(body.size ?? 10)
  if (!(size > 0)) throw illegalArgument('[size] must be greater than 0. Found [0] in [terms]')
  const least = Number(body.min_doc_count ?? 1)
  const groups = grouped(parts, ({ shard }) => {
    const column = columnFor(shard, field) ?? null
    return {
      column,
      keysOf: (document) =>
        (column?.at(document) ?? (body.missing === undefined ? [] : [body.missing as Key])) as Key[],
    }
  }).filter(({ count }) => count >= least)
  const orders = [body.order ?? { _count: 'desc' }].flat().flatMap((order) => Object.entries(order as object))
  const shown = groups.map((group) => ({ group, answer: { ...shownKey(group), ...one(group.parts) } as Answer }))
  shown.sort((a, b) => {
    for (const [by, direction] of orders) {
      const left = by === '_key' ? a.group.key : by === '_count' ? a.group.count : metricOf(a.answer, by)
      const right = by === '_key' ? b.group.key : by === '_count' ? b.group.count : metricOf(b.answer, by)
      const order = byKey(left, right) * (direction === 'desc' ? -1 : 1)
      if (order !== 0) return order
    }
    return byKey(a.group.key, b.group.key)
  })
  const kept = shown.slice(0, size)
  const rest = shown.slice(size).reduce((sum, { group }) => sum + group.count, 0)
  return { doc_count_error_upper_bound: 0, sum_other_doc_count: rest, buckets: kept.map(({ answer }) => answer) }
}

const metricOf = (answer: Answer, path: string): Key => {
  const [name, part = 'value'] = path.split('.') as [string, string?]
  return ((answer[name] as Answer | undefined)?.[part] ?? 0) as Key
}

/** A key as buckets show it: flags as 0 and 1, dates and addresses with their texts. */
function shownKey({ key, column }: { key: Key; column: Column | null }): Answer {
  if (column === null) return { key }
  const { family } = column.field.type
  const text = column.field.type.format(key, column.field.parameters)
  if (family === 'boolean') return { key: key ? 1 : 0, key_as_string: String(key) }
  if (family === 'date') return { key, key_as_string: text }
  return { key: text }
}

/** The beginning of the interval that a value lies in, in milliseconds for dates. */
function rounder({ type, body }: Aggregation): (value: number) => number {
  if (type === 'histogram') {
    const interval = Number(body.interval)
    if (!(interval > 0)) throw illegalArgument('[interval] must be >0 for histogram aggregation')
    const offset = Number(body.offset ?? 0)
    return (value) => Math.floor((value - offset) / interval) * interval + offset
  }
  const zone = zoneOffset(String(body.time_zone ?? 'UTC'))
  if (zone === null) throw illegalArgument(`time zones by name are not supported: ${body.time_zone}`)
  const calendar = body.calendar_interval === undefined ? null : CALENDAR[String(body.calendar_interval)]
  if (calendar === undefined)
    throw illegalArgument(
      `The supplied interval [${body.calendar_interval}] could not be parsed as a calendar interval.`,
    )
  if (calendar !== null) return (value) => floorTo(value + zone, calendar) - zone
  const interval = parseDuration(String(body.fixed_interval ?? ''))
  if (interval === null) throw illegalArgument('Invalid interval specified, must be non-null and non-empty')
  return (value) => Math.floor((value + zone) / interval) * interval - zone
}

const CALENDAR: Record<string, string> = {
  minute: 'm',
  '1m': 'm',
  hour: 'h',
  '1h': 'h',
  day: 'd',
  '1d': 'd',
  week: 'w',
  '1w': 'w',
  month: 'M',
  '1M': 'M',
  quarter: 'q',
  '1q': 'q',
  year: 'y',
  '1y': 'y',
}

const numberOf = (value: unknown) => (typeof value === 'bigint' ? Number(value / 1_000_000n) : Number(value))

function histogram(aggregation: Aggregation, parts: readonly Part[], one: One): Answer {
  const { type, body } = aggregation
  const field = fieldName(type, body)
  const round = rounder(aggregation)
  const groups = grouped(parts, ({ shard }) => {
    const column = columnFor(shard, field) ?? null
    return { column, keysOf: (document) => (column?.at(document) ?? []).map((value) => round(numberOf(value))) }
  }).sort((a, b) => byKey(a.key, b.key))
  const least = Number(body.min_doc_count ?? 0)
  const format = typeof body.format === 'string' ? body.format : 'strict_date_optional_time'
  const shown = (key: number, answer: Answer): Answer =>
    type === 'histogram'
      ? { key, ...answer }
      : { key_as_string: formatDate({ ms: key, nanos: 0 }, format), key, ...answer }
  const buckets: Answer[] = []
  let next: number | null = null
  for (const { key, parts: inside, count } of groups as (Group & { key: number })[]) {
    // Empty intervals between two that are not are buckets too, unless only fuller ones are asked for.
    while (least === 0 && next !== null && next < key) {
      buckets.push(shown(next, one([])))
      next = following(aggregation, round, next)
    }
    if (count >= least) buckets.push(shown(key, one(inside)))
    next = following(aggregation, round, key)
  }
  return { buckets }
}

/** The interval after this one. */
function following({ type, body }: Aggregation, round: (value: number) => number, key: number): number {
  if (type === 'histogram') return key + Number(body.interval)
  if (body.fixed_interval !== undefined) return key + parseDuration(String(body.fixed_interval))!
  // The longest year and a day more; the first interval that begins after this one lies before that.
  let step = 60_000
  while (round(key + step) === key) step *= 2
  let low = step / 2
  while (step - low > 60_000) {
    const middle = (low + step) / 2
    if (round(key + middle) === key) low = middle
    else step = middle
  }
  return round(key + step)
}

interface Source {
  name: string
  field: string
  descending: boolean
  missingBucket: boolean
  round: ((value: number) => number) | null
}

function sourcesOf(body: Record<string, unknown>): Source[] {
  return [body.sources ?? []].flat().map((entry) => {
    const [name, definition] = Object.entries(entry as Record<string, Record<string, Record<string, unknown>>>)[0]!
    const [type, given] = Object.entries(definition)[0]!
    return {
      name,
      field: fieldName(type, given),
      descending: given.order === 'desc',
      missingBucket: given.missing_bucket === true,
      round: type === 'terms' ? null : rounder({ type, body: given, within: new Map() }),
    }
  })
}

/** Buckets by several values at once, page after page. */
function composite({ body }: Aggregation, parts: readonly Part[], one: One): Answer {
  const sources = sourcesOf(body)
  const size = Number(body.size ?? 10)
  const rows = new Map<string, { values: (Key | null)[]; parts: Map<Part, number[]> }>()
  for (const part of parts) {
    const columns = sources.map(({ field }) => columnFor(part.shard, field))
    for (const document of part.documents) {
      const lists = sources.map(({ round, missingBucket }, at): (Key | null)[] => {
        const values = (columns[at]?.at(document) ?? []) as Key[]
        if (values.length === 0) return missingBucket ? [null] : []
        return round === null ? values : values.map((value) => round(numberOf(value)))
      })
      for (const values of product(lists)) {
        const id = JSON.stringify(values.map(String))
        const row = rows.get(id) ?? { values, parts: new Map<Part, number[]>() }
        rows.set(id, row)
        row.parts.set(part, [...(row.parts.get(part) ?? []), document])
      }
    }
  }
  const order = (a: readonly (Key | null)[], b: readonly (Key | null)[]) => {
    for (const [at, { descending }] of sources.entries()) {
      const [left, right] = [a[at]!, b[at]!]
      if (left === right) continue
      const ascending = left === null ? -1 : right === null ? 1 : byKey(left, right)
      if (ascending !== 0) return descending ? -ascending : ascending
    }
    return 0
  }
  const after = isObject(body.after) ? sources.map(({ name }) => (body.after as Answer)[name] as Key) : null
  const sorted = [...rows.values()].sort((a, b) => order(a.values, b.values))
  const page = sorted.filter(({ values }) => after === null || order(values, after) > 0).slice(0, size)
  const buckets = page.map(({ values, parts: inside }) => ({
    key: Object.fromEntries(sources.map(({ name }, at) => [name, values[at]])),
    ...one([...inside].map(([{ shard }, documents]) => ({ shard, documents }))),
  }))
  return { ...(buckets.length === 0 ? {} : { after_key: buckets.at(-1)!.key }), buckets }
}

const product = <T>(lists: T[][]): T[][] =>
  lists.reduce<T[][]>((rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])), [[]])
