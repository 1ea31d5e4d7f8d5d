/** The shapes that recordings come in, told by what a record holds, never by a file's name. */
import { isEve } from './suricata/eve.ts'
import { instant, localInstant } from './times.ts'
import { type ZeekShape, zeekShapeOf } from './zeek/shape.ts'

export type Json = Record<string, unknown>

/** What every Windows event has, wherever a shape puts it. */
export interface Envelope {
  eventId: number
  /** As the record spells it; null when the shape does not say it. */
  channel: string | null
  provider: string | null
  host: string | null
  /** When the record was written: ISO, UTC. */
  recorded: string | null
}

/** A shape of Windows events whose fields all lie at the top level. */
export interface FlatShape {
  name: ShapeName
  envelope(record: Json): Envelope | null
  /**
   * Fields that are not the event's own data: their ECS path, or null for what only the collector knows (its module,
   * its ports, what it made of the level) and nothing carries over.
   */
  header: Readonly<Record<string, string | null>>
}

export type ShapeName =
  | 'flat-winevent'
  | 'nxlog-flat'
  | 'eqllib'
  | 'elasticsearch'
  | 'ecs'
  | 'network'
  | 'suricata-eve'
  | ZeekShape

const HEADER: Record<string, string | null> = {
  EventID: null,
  Channel: null,
  Hostname: null,
  Computer: null,
  SourceName: null,
  TimeCreated: null,
  TimeGenerated: null,
  '@timestamp': null,
  '@version': null,
  Message: 'message',
  ProviderGuid: 'winlog.provider_guid',
  Level: 'winlog.level',
  Keywords: 'winlog.keywords',
  Task: 'winlog.task',
  Opcode: 'winlog.opcode',
  Version: 'winlog.version',
  RecordNumber: 'winlog.record_id',
  ExecutionProcessID: 'winlog.process.pid',
  ThreadID: 'winlog.process.thread.id',
  ActivityID: 'winlog.activity_id',
  UserID: 'winlog.user.identifier',
}

const flatWinevent: FlatShape = {
  name: 'flat-winevent',
  header: HEADER,
  // Recorders that write TimeGenerated write it in UTC, and TimeCreated in local time that claims to be UTC.
  envelope: (record) =>
    windowsEnvelope(
      record,
      instant(record.TimeGenerated) ?? instant(record.TimeCreated) ?? instant(record['@timestamp']),
    ),
}

const nxlogFlat: FlatShape = {
  name: 'nxlog-flat',
  header: {
    ...HEADER,
    ProcessID: 'winlog.process.pid',
    AccountName: 'winlog.user.name',
    AccountType: 'winlog.user.type',
    Domain: 'winlog.user.domain',
    Category: 'winlog.task_name',
    EventTime: null,
    EventReceivedTime: null,
    EventType: null,
    EventTypeOrignal: null,
    OpcodeValue: null,
    Severity: null,
    SeverityValue: null,
    SourceModuleName: null,
    SourceModuleType: null,
    host: null,
    port: null,
    tags: null,
  },
  // EventTime is local; the collector stamped the arrival on both clocks.
  envelope: (record) =>
    windowsEnvelope(record, localInstant(record.EventTime, record.EventReceivedTime, record['@timestamp'])),
}

/** Sysmon events without host and channel, `EventId` with a small d. */
const eqllib: FlatShape = {
  name: 'eqllib',
  header: { EventId: null },
  envelope: (record) => {
    const eventId = eventIdOf(record.EventId)
    return eventId === null
      ? null
      : { eventId, channel: 'Microsoft-Windows-Sysmon/Operational', provider: null, host: null, recorded: null }
  },
}

function windowsEnvelope(record: Json, recorded: string | null): Envelope | null {
  const eventId = eventIdOf(record.EventID)
  if (eventId === null) return null
  return {
    eventId,
    channel: textOf(record.Channel),
    provider: textOf(record.SourceName),
    host: textOf(record.Hostname) ?? textOf(record.Computer),
    recorded,
  }
}

function eventIdOf(value: unknown): number | null {
  const id = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 ? id : null
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The shape of Windows events that a record has, or null when it has none of them. */
export function flatShapeOf(record: Json): FlatShape | null {
  const { EventID, Channel, Hostname, Computer } = record
  if (EventID !== undefined && (Channel ?? Hostname ?? Computer) !== undefined) {
    return record.SourceModuleName !== undefined || record.EventReceivedTime !== undefined ? nxlogFlat : flatWinevent
  }
  return record.EventId !== undefined && EventID === undefined ? eqllib : null
}

/** The shape of a record, or null when it is none that is known. */
export function shapeOf(record: Json): ShapeName | null {
  if (record.shape === 'network' && isJson(record.document)) return 'network'
  if (isJson(record._source)) return 'elasticsearch'
  const flat = flatShapeOf(record)
  if (flat !== null) return flat.name
  const zeek = zeekShapeOf(record)
  if (zeek !== null) return zeek
  if (isEve(record)) return 'suricata-eve'
  const hasEvent = isJson(record.event) || record['event.category'] !== undefined || record['event.code'] !== undefined
  return record['@timestamp'] !== undefined && hasEvent ? 'ecs' : null
}
