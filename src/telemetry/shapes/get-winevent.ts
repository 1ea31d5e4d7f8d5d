/**
 * What `Get-WinEvent | ConvertTo-Json` writes: the properties of .NET's EventLogRecord, with the event's data as a list of
 * values without names. Windows PowerShell writes times as `/Date(milliseconds)/`, PowerShell 7 as ISO 8601.
 */
import { epoch } from '../times.ts'
import { propertyNames } from './property-names.ts'
import { eventIdOf, headerOf, isJson, type Json, NO_HEADER, textOf, type WindowsShape } from './shape.ts'

const HEADER = headerOf({
  Message: 'message',
  ProviderId: 'winlog.provider_guid',
  Version: 'winlog.version',
  Level: 'winlog.level',
  Task: 'winlog.task',
  Opcode: 'winlog.opcode',
  Keywords: 'winlog.keywords',
  RecordId: 'winlog.record_id',
  ProcessId: 'winlog.process.pid',
  ThreadId: 'winlog.process.thread.id',
  ActivityId: 'winlog.activity_id',
  RelatedActivityId: 'winlog.related_activity_id',
  UserId: 'winlog.user.identifier',
})

/** Values that the Security log has as hexadecimal text, and .NET as numbers. */
const HEXADECIMAL = new Set([
  'SubjectLogonId',
  'TargetLogonId',
  'TargetLinkedLogonId',
  'NewProcessId',
  'ProcessId',
  'AccessMask',
])

export const getWinEvent: WindowsShape = {
  name: 'get-winevent',
  tells: ({ Id, ProviderName, LogName, EventID, EventId }) =>
    Id !== undefined && EventID === undefined && EventId === undefined && (ProviderName ?? LogName) !== undefined,
  read: (record) => {
    const eventId = eventIdOf(record.Id)
    if (eventId === null) return null
    const provider = textOf(record.ProviderName)
    const header: Json = {}
    for (const field of HEADER.keys()) header[field] = plain(record[field])
    return {
      envelope: {
        eventId,
        channel: textOf(record.LogName),
        provider,
        host: textOf(record.MachineName),
        recorded: timeOf(record.TimeCreated),
      },
      keywords: record.Keywords,
      parts: [
        { fields: header, header: HEADER, rest: 'event_data' },
        { fields: dataOf(record.Properties, provider, eventId), header: NO_HEADER, rest: 'event_data' },
      ],
    }
  },
}

function dataOf(properties: unknown, provider: string | null, eventId: number): Json {
  if (!Array.isArray(properties)) return {}
  const names = propertyNames(provider, eventId, properties.length)
  const isAudit = provider?.toLowerCase() === 'microsoft-windows-security-auditing'
  return Object.fromEntries(
    properties.map((property, index) => {
      const [name, value] = [names[index]!, plain(property)]
      const isHex = isAudit && HEXADECIMAL.has(name) && Number.isSafeInteger(value)
      return [name, isHex ? `0x${(value as number).toString(16)}` : value]
    }),
  )
}

/** A value, a security id for one, may be wrapped in objects that hold it. */
function plain(value: unknown): unknown {
  if (!isJson(value)) return value
  const inner = value.Value ?? value.value
  return isJson(inner) ? (inner.Value ?? inner.value) : inner
}

function timeOf(value: unknown): string | null {
  const text = textOf(plain(value))
  const found = text === null ? null : /^\/Date\((-?\d+)\)\/$/.exec(text)
  return found ? epoch(Number(found[1]) / 1000) : epoch(text)
}
