/** Random raw records of Windows events, and texts of them in every spelling that JSON allows. */
import fc from 'fast-check'
import { CHANNEL_TABLES } from '../../src/telemetry/ecs/channels.ts'

type Json = Record<string, unknown>

/** Values that mean something to some conversion, or to some reader of bytes. */
export const RAW_TEXTS = [
  'C:\\Windows\\System32\\svchost.exe',
  'C:\\WINDOWS\\system32\\SCHTASKS.EXE',
  'c:\\users\\ada\\Temp\\schtas\u212as.exe',
  'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\{1}\\Actions',
  'HKEY_USERS\\.DEFAULT\\Run',
  'schtasks /create /tn "a b" /tr c:\\x.exe',
  'LAB\\ada',
  '{5ac0ffee-0000-4000-8000-00000000000a}',
  '5ac0ffee-0000-4000-8000-00000000000a',
  'true',
  'False',
  'Inbound',
  '%%14592',
  '445',
  '0049667',
  '-7',
  '0x1bd',
  '127.0.0.1',
  '0:0:0:0:0:0:0:1',
  'SHA1=AB,MD5=00',
  'DWORD (0x00000001)',
  'type:  5 host;10.0.0.1;',
  'Microsoft-Windows-Sysmon',
  'tab\tline\nslash/quote"',
  'Microsoft® Ünicode 試 😀',
  '-',
  '',
  '2031-03-04 05:06:07.123',
]

const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<unknown>(...RAW_TEXTS) },
  fc.constantFrom<unknown>(0, 445, 1.5, 1e21, -7, true, false, null),
  fc.constantFrom<unknown>([], ['schtasks.exe'], { deep: [{ er: 'svchost.exe' }] }),
)

const time = fc.constantFrom<unknown>(
  '2031-03-04 05:06:07.123',
  '2031-03-04T05:06:08Z',
  '2031-03-04T05:06:08.1234567Z',
  '2031-03-04T05:06:08+01:00',
  '2031-13-44 25:61:61',
  '4.3.2031',
  null,
  1,
)
const often = <T>(usual: T, ...others: fc.Arbitrary<unknown>[]) =>
  fc.oneof({ weight: 10, arbitrary: fc.constant<unknown>(usual) }, ...others)

const BOTH = {
  Hostname: often('DESK7', fc.constantFrom<unknown>('desk8.lab', '', null, 'ÐESK')),
  SourceName: often('Microsoft-Windows-Sysmon', value),
  TimeCreated: often('2031-03-04T05:06:09.000Z', time),
  '@timestamp': time,
  UtcTime: often('2031-03-04 05:06:08.500', time),
}
const flatHeader = fc.record({ ...BOTH, TimeGenerated: time }, { requiredKeys: ['Hostname', 'TimeCreated'] })
const nxlogHeader = fc.record(
  {
    ...BOTH,
    SourceModuleName: fc.constant('in'),
    EventTime: time,
    EventReceivedTime: time,
    tags: fc.constant(['a', 'b']),
  },
  { requiredKeys: ['Hostname', 'SourceModuleName'] },
)

/** Other names for the same, and fields of other shapes. */
const others = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Json>({}) },
  fc.dictionary(
    fc.constantFrom(
      'LogName',
      'ProviderName',
      'Provider',
      'MachineName',
      'ComputerName',
      'Payload',
      '_index',
      'event',
      'winlog',
    ),
    fc.constantFrom<unknown>('Security', 'Microsoft-Windows-Security-Auditing', 'sysmon', '', null, { event_id: 1 }),
    { maxKeys: 3, noNullPrototype: true },
  ),
)

/** A record of a channel that has a table, with fields that the table maps, and some that it does not. */
export const windowsRecord: fc.Arbitrary<Json> = fc.constantFrom(...CHANNEL_TABLES).chain((table) => {
  const fields = [...new Set(table.rows.map(({ from }) => from)), 'Odd', 'EventType', 'TaskName']
  return fc
    .record({
      id: fc.constantFrom<unknown>(...Object.keys(table.events).map(Number), 9999),
      idText: fc.boolean(),
      shape: fc.constantFrom('flat', 'flat', 'nxlog', 'eqllib', 'no channel', 'strange'),
      channel: often(
        table.channel,
        fc.constantFrom<unknown>(table.channel.toLowerCase(), 'Other/Channel', 'ForwardedEvents', '', null, 3),
      ),
      flat: flatHeader,
      nxlog: nxlogHeader,
      more: others,
      data: fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 8, noNullPrototype: true }),
    })
    .map(({ id, idText, shape, channel: name, flat, nxlog, more, data }) => {
      const eventId = idText ? String(id) : id
      if (shape === 'strange') return { EventID: [eventId], ...data }
      if (shape === 'eqllib') return { EventId: eventId, UtcTime: flat.UtcTime ?? null, ...data }
      if (shape === 'no channel') return { ...data, ...more, EventID: eventId, UtcTime: flat.UtcTime ?? null }
      return { ...data, ...(shape === 'nxlog' ? nxlog : flat), ...more, EventID: eventId, Channel: name }
    })
})

/** The choices of one spelling, taken one after the other, over and over. */
export const choices = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 12 })

/** A record as JSON, spelled as the choices say: escapes, white space, keys twice, an order of its own. */
export function spelled(record: Json, chosen: readonly number[]): string {
  let turn = 0
  const choose = (options: number) => chosen[turn++ % chosen.length]! % options
  const letter = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  const text = (plain: string) => {
    const written = JSON.stringify(plain)
    switch (choose(12)) {
      case 0:
        return written.replaceAll('\\\\', '\\u005C')
      case 1:
        return written.replaceAll('/', '\\/')
      case 2:
        return `"${[...plain.split('')].map(letter).join('')}"`
      case 3:
        return written.replace(/[sS]/g, letter)
      default:
        return written
    }
  }
  const space = () => ['', '', '', '', ' ', '\n  ', '\t'][choose(7)]!
  const any = (item: unknown): string => {
    if (typeof item === 'string') return text(item)
    if (Array.isArray(item)) return `[${item.map((one) => `${space()}${any(one)}`).join(',')}]`
    if (typeof item === 'object' && item !== null) return object(Object.entries(item))
    if (item === 445) return ['445', '445.0', '4.45e2', '44500E-2'][choose(4)]!
    return JSON.stringify(item)
  }
  const object = (entries: [string, unknown][]): string => {
    const fields = entries.map(([key, item]) => {
      const name = choose(25) === 0 ? text(key) : JSON.stringify(key)
      return `${space()}${name}${space()}:${space()}${any(item)}${space()}`
    })
    if (choose(9) === 0 && fields.length > 0) fields.unshift(`"${entries[0]![0]}":"twice"`)
    if (choose(4) === 0) fields.reverse()
    return `{${fields.join(',')}}`
  }
  return object(Object.entries(record))
}
