/**
 * What Winlogbeat ships before an ingest pipeline has seen it: version 6 with its fields at the top level, version 7 and
 * later under `winlog`. Fields: elastic/beats, winlogbeat/docs/fields.asciidoc of 6.8 and 8.
 */
import { instant } from '../times.ts'
import { nested } from './nested.ts'
import {
  eventIdOf,
  headerOf,
  isJson,
  type Json,
  NO_HEADER,
  type Part,
  textOf,
  type WindowsEvent,
  type WindowsShape,
} from './shape.ts'

const HEADER_6 = headerOf({
  event_id: null,
  log_name: null,
  source_name: null,
  computer_name: null,
  '@timestamp': null,
  provider_guid: 'winlog.provider_guid',
  level: 'winlog.level',
  keywords: 'winlog.keywords',
  task: 'winlog.task',
  opcode: 'winlog.opcode',
  version: 'winlog.version',
  record_number: 'winlog.record_id',
  process_id: 'winlog.process.pid',
  thread_id: 'winlog.process.thread.id',
  activity_id: 'winlog.activity_id',
  related_activity_id: 'winlog.related_activity_id',
  user: 'winlog.user',
  message: 'message',
})

const winlogbeat6: WindowsShape = {
  name: 'winlogbeat-6',
  tells: ({ event_id, log_name, source_name, computer_name }) =>
    event_id !== undefined && (log_name ?? source_name ?? computer_name) !== undefined,
  read: (record) => {
    const { event_data, user_data, ...rest } = nested(record)
    const header: Json = {}
    const document: Json = {}
    for (const field in rest) (HEADER_6.has(field) ? header : document)[field] = rest[field]
    return event(rest.event_id, {
      channel: textOf(rest.log_name),
      provider: textOf(rest.source_name),
      host: textOf(rest.computer_name),
      recorded: instant(rest['@timestamp']),
      keywords: rest.keywords,
      parts: [{ fields: header, header: HEADER_6, rest: 'event_data' }, ...dataParts(event_data, user_data)],
      document,
    })
  },
}

/** Documents that have an `event.category` went through a pipeline: they are left as they are. */
const winlogbeat: WindowsShape = {
  name: 'winlogbeat',
  tells: (record) => {
    if (!isJson(record.winlog) && record['winlog.event_id'] === undefined) return false
    const { winlog, event } = nested(record)
    return isJson(winlog) && winlog.event_id !== undefined && (!isJson(event) || event.category === undefined)
  },
  read: (record) => {
    const { winlog, ...rest } = nested(record)
    const { event_data, user_data, ...header } = winlog as Json
    const { '@timestamp': time, host, ...document } = rest
    const computer = textOf(header.computer_name)
    return event(header.event_id, {
      channel: textOf(header.channel),
      provider: textOf(header.provider_name),
      host: computer ?? (isJson(host) ? textOf(host.name) : null),
      recorded: instant(time),
      keywords: header.keywords,
      parts: dataParts(event_data, user_data),
      document: { ...document, winlog: header, ...(isJson(host) && isOf(host, computer) ? { host } : {}) },
    })
  },
}

export const WINLOGBEAT_SHAPES: readonly WindowsShape[] = [winlogbeat6, winlogbeat]

interface Read extends Omit<WindowsEvent, 'envelope'> {
  channel: string | null
  provider: string | null
  host: string | null
  recorded: string | null
}

function event(id: unknown, { channel, provider, host, recorded, ...read }: Read): WindowsEvent | null {
  const eventId = eventIdOf(id)
  return eventId === null ? null : { ...read, envelope: { eventId, channel, provider, host, recorded } }
}

function dataParts(eventData: unknown, userData: unknown): Part[] {
  const parts: Part[] = []
  if (isJson(eventData)) parts.push({ fields: eventData, header: NO_HEADER, rest: 'event_data' })
  if (isJson(userData)) parts.push({ fields: userData, header: NO_HEADER, rest: 'user_data' })
  return parts
}

/** Whether a document's host is the one whose event it is: of a forwarded event it is the collector. */
function isOf({ name, hostname }: Json, computer: string | null): boolean {
  if (computer === null) return true
  const label = (text: unknown) => String(text).split('.')[0]!.toLowerCase()
  return label(name ?? hostname) === label(computer)
}
