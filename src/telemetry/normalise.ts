/** Records as they were recorded, to ECS documents as the vendors' pipelines would have made them. */
import { valuesOf } from '../model/event.ts'
import { instantOf } from '../model/instant.ts'
import { type CompiledRow, type Plan, planFor } from './ecs/channels.ts'
import { relate } from './ecs/related.ts'
import { fill, setAt } from './ecs/set-at.ts'
import { NETWORK_INDEX } from './read-capture.ts'
import { normaliseEql } from './shapes/eql-normalised.ts'
import { isJson, type Json, type Part, type WindowsEvent } from './shapes/shape.ts'
import { exportedOf, shapeOf, windowsShapeOf } from './shapes.ts'
import { normaliseEve } from './suricata/eve.ts'
import { instant } from './times.ts'
import { normaliseZeek } from './zeek/normalise.ts'

export interface NormaliseOptions {
  /**
   * The clock that `@timestamp` shows: `event`, as the vendors' pipelines do (the event's own time where it has one:
   * Sysmon's UtcTime), or `record` (the time at which the record was written). Default `event`.
   */
  time?: 'event' | 'record'
}

export interface NormalisedEvent {
  /** Index that the document belongs in. */
  index: string
  /** Nested ECS document; shares no object with the record of a Windows event. */
  document: Json
}

/** The ECS document of a record; null when the record has no known shape, no event id or no time. Never throws. */
export function normalise(record: Json, options: NormaliseOptions = {}): NormalisedEvent | null {
  const exported = exportedOf(record)
  if (exported !== null) {
    if (exportedOf(exported) !== null) return null
    const event = normalise(exported, options)
    return event !== null && typeof record._index === 'string' ? { ...event, index: record._index } : event
  }
  const shape = windowsShapeOf(record)
  if (shape !== null) {
    const event = shape.read(record)
    return event === null ? null : normaliseWindows(event, options)
  }
  const name = shapeOf(record)
  switch (name) {
    case 'network':
      return { index: NETWORK_INDEX, document: record.document as Json }
    case 'ecs':
      return isTimed(record) ? { index: dataStreamOf(record), document: record } : null
    case 'eqllib-normalised':
      return normaliseEql(record)
    case 'zeek-dce-rpc':
    case 'zeek-conn':
      return normaliseZeek(record, name)
    case 'suricata-eve':
      return normaliseEve(record)
    default:
      return null
  }
}

/** A document without a readable time has no place in any order, and an index would refuse it. */
const isTimed = (record: Json): boolean => instantOf(valuesOf(record, '@timestamp')[0]) !== null

/** The ECS document of a Windows event; null when it has no time. Never throws. */
export function normaliseWindows(
  { envelope, keywords, parts, document: own }: WindowsEvent,
  { time = 'event' }: NormaliseOptions,
): NormalisedEvent | null {
  const { eventId, host, recorded } = envelope
  const { table, kind, rows } = planFor(envelope.channel ?? '', eventId, envelope.provider)
  const channel = envelope.channel ?? table.channel ?? ''
  const happened = table.eventTime === undefined ? null : eventTime(parts, table.eventTime)
  const timestamp = time === 'event' ? (happened ?? recorded) : (recorded ?? happened)
  if (timestamp === null) return null

  const provider = envelope.provider ?? table.provider
  const event: Json = { kind: 'event', code: String(eventId), module: table.module, dataset: table.dataset }
  if (provider !== undefined) event.provider = provider
  if (kind.category !== undefined) event.category = [...kind.category]
  if (kind.type !== undefined) event.type = [...kind.type]
  if (kind.action !== undefined) event.action = kind.action
  if (recorded !== null) event.created = recorded
  if (table.audit) setOutcome(event, keywords)
  const winlog: Json = { channel, event_id: String(eventId) }
  if (provider !== undefined) winlog.provider_name = provider
  const document: Json = { '@timestamp': timestamp, event, host: { os: { type: 'windows' } }, winlog }
  if (host !== null) {
    document.host = { name: host, hostname: host, id: host, os: { type: 'windows' } }
    winlog.computer_name = host
  }
  for (const { rest } of parts) winlog[rest] ??= {}
  for (const part of parts) take(part, rows, table.eventTime, document)
  for (const { rest } of parts) if (isJson(winlog[rest]) && isEmpty(winlog[rest])) delete winlog[rest]
  if (own !== undefined) fill(document, own)
  relate(document)
  return { index: table.index, document }
}

function eventTime(parts: readonly Part[], field: string): string | null {
  for (const { fields } of parts) if (fields[field] !== undefined) return instant(fields[field])
  return null
}

/** Puts the fields of a part where the header and the rows say; what neither names stays in the rest. */
function take({ fields, header, rest }: Part, rows: Plan['rows'], eventTime: string | undefined, document: Json): void {
  const left = (document.winlog as Json)[rest] as Json
  for (const field in fields) {
    const value = fields[field]
    if (isMissing(value) || field === eventTime) continue
    const found = rows.get(field)
    const place = header.get(field)
    if (place) setAt(document, place, field === 'Keywords' ? keywordsOf(value) : value)
    if (found !== undefined) {
      if (!apply(found, value, fields, document) && place === undefined) left[field] ??= textOf(value)
    } else if (place === undefined) left[field] = textOf(value)
  }
}

/** Puts a value where its rows say; true when it need not stay under `winlog.event_data`. */
function apply(rows: readonly CompiledRow[], value: unknown, fields: Json, document: Json): boolean {
  // A field that came more than once: ECS has place for the first.
  const text = String(Array.isArray(value) ? value[0] : value)
  let moved = !Array.isArray(value)
  for (const { path, as, keep, unless } of rows) {
    const yields = unless !== undefined && !isMissing(fields[unless])
    const converted = yields ? undefined : as === undefined ? text : as(text)
    if (converted === undefined || keep) moved = false
    if (converted !== undefined) setAt(document, path, converted)
  }
  return moved
}

const ZERO_GUID = '{00000000-0000-0000-0000-000000000000}'
const BARE_ZERO_GUID = ZERO_GUID.slice(1, -1)

/** What the sensors write where they know nothing; some converters leave out the braces of a GUID. */
function isMissing(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isMissing)
  if (typeof value !== 'string') return value === null || value === undefined
  return (
    value === '' || value === '-' || value === ZERO_GUID || value === BARE_ZERO_GUID || value === '<unknown process>'
  )
}

/** Numbers and truth values as text: that is what an event's data is; lists and objects as they are. */
const textOf = (value: unknown): unknown => (typeof value === 'object' ? value : String(value))

/** Bits of a Security record's keywords. */
const AUDIT_FAILURE = 0x0010_0000_0000_0000n
const AUDIT_SUCCESS = 0x0020_0000_0000_0000n

function setOutcome(event: Json, keywords: unknown): void {
  const text = keywordsOf(keywords)
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) return
  const bits = BigInt(text)
  if (bits & AUDIT_SUCCESS) event.outcome = 'success'
  else if (bits & AUDIT_FAILURE) event.outcome = 'failure'
}

/** A record's keywords as hexadecimal text: some shapes write them as a signed number of 64 bits. */
function keywordsOf(value: unknown): string {
  return Number.isInteger(value) ? `0x${BigInt.asUintN(64, BigInt(value as number)).toString(16)}` : String(value)
}

function isEmpty(object: Json): boolean {
  for (const _ in object) return false
  return true
}

/** The data stream that an ECS document names. */
function dataStreamOf(document: Json): string {
  const { data_stream: stream } = document
  if (!isJson(stream)) return 'unknown'
  return [stream.type, stream.dataset, stream.namespace].map((part) => part ?? 'unknown').join('-')
}
