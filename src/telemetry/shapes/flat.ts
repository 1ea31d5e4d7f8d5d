/** Shapes whose fields all lie at the top level of a record. */
import { instant, localInstant } from '../times.ts'
import { type Envelope, eventIdOf, type Header, headerOf, type Json, textOf, type WindowsShape } from './shape.ts'

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

const FLAT_HEADER = headerOf(HEADER)

/** Of recorders that have other names for what every event has. In other records these are the event's own data. */
const RENAMED_HEADER = headerOf({
  ...HEADER,
  EventId: null,
  LogName: null,
  ProviderName: null,
  Provider: null,
  ComputerName: null,
  MachineName: null,
})

const NXLOG_HEADER = headerOf({
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
})

const EQLLIB_HEADER = headerOf({ EventId: null, EventID: null })

const isNxlog = ({ SourceModuleName, EventReceivedTime }: Json) =>
  SourceModuleName !== undefined || EventReceivedTime !== undefined

/** Recorders differ in how they name what every event has. */
const channelOf = ({ Channel, LogName }: Json) => textOf(Channel) ?? textOf(LogName)
const providerOf = ({ SourceName, ProviderName, Provider }: Json) =>
  textOf(SourceName) ?? textOf(ProviderName) ?? textOf(Provider)
const hostOf = ({ Hostname, Computer, ComputerName, MachineName }: Json) =>
  textOf(Hostname) ?? textOf(Computer) ?? textOf(ComputerName) ?? textOf(MachineName)
const idOf = ({ EventID, EventId }: Json) => EventID ?? EventId

const isFlat = (record: Json) =>
  (idOf(record) ?? null) !== null && (channelOf(record) ?? providerOf(record) ?? hostOf(record)) !== null

const flatWinevent: WindowsShape = {
  name: 'flat-winevent',
  tells: (record) => isFlat(record) && !isNxlog(record),
  // Recorders that write TimeGenerated write it in UTC, and TimeCreated in local time that claims to be UTC.
  read: (record) =>
    flatEvent(
      record,
      record.SourceName === undefined ? RENAMED_HEADER : FLAT_HEADER,
      instant(record.TimeGenerated) ?? instant(record.TimeCreated) ?? instant(record['@timestamp']),
    ),
}

const nxlogFlat: WindowsShape = {
  name: 'nxlog-flat',
  tells: (record) => isFlat(record) && isNxlog(record),
  // EventTime is local; the collector stamped the arrival on both clocks.
  read: (record) =>
    flatEvent(record, NXLOG_HEADER, localInstant(record.EventTime, record.EventReceivedTime, record['@timestamp'])),
}

/** Sysmon events that say neither host nor log, mostly with a small d in `EventId`. */
const eqllib: WindowsShape = {
  name: 'eqllib',
  tells: ({ EventId, EventID, UtcTime }) => (EventId ?? (UtcTime === undefined ? undefined : EventID)) !== undefined,
  read: (record) => {
    const eventId = eventIdOf(idOf(record))
    if (eventId === null) return null
    const channel = 'Microsoft-Windows-Sysmon/Operational'
    return event(record, EQLLIB_HEADER, { eventId, channel, provider: null, host: null, recorded: null })
  },
}

export const FLAT_SHAPES: readonly WindowsShape[] = [flatWinevent, nxlogFlat, eqllib]

function flatEvent(record: Json, header: Header, recorded: string | null) {
  const eventId = eventIdOf(idOf(record))
  if (eventId === null) return null
  return event(record, header, {
    eventId,
    channel: channelOf(record),
    provider: providerOf(record),
    host: hostOf(record),
    recorded,
  })
}

const event = (fields: Json, header: Header, envelope: Envelope) => ({
  envelope,
  keywords: fields.Keywords,
  parts: [{ fields, header, rest: 'event_data' as const }],
})
