/** What is compared of a record: which log of which host, which event, which fields, and the shape of each value. */
import type { WindowsRecord } from '../../src/emulator/sensors/record.ts'

export interface Shaped {
  role: string
  channel: string
  id: number
  fields: Record<string, string>
  /** The record itself, for predicates. */
  record: WindowsRecord
}

/** The first pattern that fits names the shape. Codes such as `%%14592` mean something each: they are their own shape. */
const SHAPES: [RegExp, string | null][] = [
  [/^%%\d+$/, null],
  [/^-$/, null],
  [/^(true|false)$/, null],
  [/^<unknown process>$/, null],
  [/^\{0{8}-(0{4}-){3}0{12}\}$/, 'null guid'],
  [/^\{[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}$/i, 'guid'],
  [/^S-1-[\d-]+$/, 'sid'],
  [/^\d{1,3}(\.\d{1,3}){3}$/, 'ipv4'],
  [/^::ffff:[\d.]+;$/, 'dns answer'],
  [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/, 'sysmon time'],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'utc time'],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, 'local time'],
  [/^0x[0-9a-f]+$/i, 'hexadecimal'],
  [/^\d+$/, 'number'],
  [/^DWORD \(0x[0-9a-f]{8}\)$/, null],
  [/^Binary Data$/, null],
  [/^SHA1=[0-9A-F]{40},MD5=[0-9A-F]{32},SHA256=[0-9A-F]{64},IMPHASH=[0-9A-F]{32}$/, 'hashes'],
  [/^\\device\\harddiskvolume\d\\/, 'device path'],
  [/^Se\w+Privilege(\n\t\t\tSe\w+Privilege)*$/, 'privileges'],
  [/^(\n\t\t%\{S-1-[\d-]+\})+$/, 'groups'],
  [/^[A-Z]:\\[^"]*\\$/i, 'folder'],
  [/^[A-Z]:\\[^"/]*\.(exe|dll)$/i, 'image'],
  [/^[A-Z]:\\[^"/]*$/i, 'file'],
]

/** Names that differ from lab to lab, taken out of registry paths and file names. */
const blur = (text: string): string => text.replace(/\{[0-9A-F-]{36}\}/i, '{GUID}')

/** A task's XML by its elements, in order. */
const elementsOf = (xml: string): string => [...xml.matchAll(/<([A-Za-z]+)/g)].map(([, name]) => name).join(' ')

function shapeOf(name: string, value: string | number): string {
  if (typeof value === 'number') return `number ${value}`
  if (name === 'Message') return blur(value.split(/\r?\n/)[0]!).replace(/"S-1[\d-]+"/, '"SID"')
  if (name === 'TaskContent') return elementsOf(value)
  if (name === 'TargetObject') return blur(value)
  if (['Channel', 'SourceName', 'ProviderGuid', 'Level', 'Keywords', 'Task', 'EventType'].includes(name)) return value
  if (['LogonType', 'Protocol', 'RpcCallClientLocality', 'ClientProcessId', 'Direction'].includes(name)) return value
  const found = SHAPES.find(([pattern]) => pattern.test(value))
  return found === undefined ? 'text' : (found[1] ?? value)
}

export const shaped = (record: WindowsRecord, role: string): Shaped => ({
  role,
  channel: record.Channel,
  id: record.EventID,
  fields: Object.fromEntries(Object.entries(record).map(([name, value]) => [name, shapeOf(name, value)])),
  record,
})

/**
 * The records that a remote creation of the task `leaf` left: those of the schtasks process, of its connections, of the
 * logon it made on the other host, and those that name the task or its id.
 */
export function taskRelated(records: WindowsRecord[], leaf: string): WindowsRecord[] {
  const text = (record: WindowsRecord, name: string): string => String(record[name] ?? '')
  const client = records.find((record) => record.EventID === 1 && /\\schtasks\.exe$/i.test(text(record, 'Image')))
  const pid = Number(client?.ProcessId)
  const host = client?.Hostname
  const isClient = (record: WindowsRecord): boolean =>
    record.Hostname === host &&
    ['ProcessId', 'ProcessID', 'SourceProcessId', 'TargetProcessId'].some((name) => Number(record[name]) === pid)
  const ports = new Set(
    records.filter((record) => record.EventID === 5158 && isClient(record)).map((record) => record.SourcePort),
  )
  const id = records.find((record) => text(record, 'TargetObject').endsWith(`\\${leaf}\\Id`))?.Details
  const logon = records.find((record) => record.EventID === 4698)?.SubjectLogonId
  return records.filter((record) => {
    if (isClient(record) || ports.has(record.SourcePort ?? '')) return true
    const { Message: _, ...fields } = record
    const content = JSON.stringify(fields)
    const named = content.includes(leaf) || (id !== undefined && content.includes(String(id)))
    return named || record.SubjectLogonId === logon || (record.TargetLogonId === logon && logon !== undefined)
  })
}
