/** What ties events of one activity together when not all of them carry its marker. */
import { valuesOf } from '../../model/event.ts'

/** Logon sessions that every service of a host shares (LocalSystem, LocalService, NetworkService): they tie nothing. */
const SHARED_LOGONS = new Set(['0x0', '0x3e7', '0x3e5', '0x3e4'])

/** Ports below are services' own and shared by all their clients. */
const FIRST_CLIENT_PORT = 1024

const GUID = /\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}/gi

/** ECS fields → kind of entity. TaskCache keys name a task by its GUID once and by its name once (`Tree\<name>\Id`). */
const FIELDS: { kind: 'process' | 'task' | 'logon' | 'port'; paths: string[] }[] = [
  { kind: 'process', paths: ['process.entity_id', 'process.parent.entity_id'] },
  { kind: 'task', paths: ['registry.path', 'registry.data.strings'] },
  {
    kind: 'logon',
    paths: [
      'winlog.logon.id',
      'winlog.event_data.SubjectLogonId',
      'winlog.event_data.TargetLogonId',
      'winlog.event_data.LogonId',
    ],
  },
  { kind: 'port', paths: ['source.port', 'winlog.event_data.IpPort', 'winlog.event_data.SourcePort'] },
]

/** The entities that an event names, such as `process:{…}` or `port:56588`. */
export function entitiesOf(source: Record<string, unknown>): string[] {
  const entities = new Set<string>()
  for (const { kind, paths } of FIELDS) {
    for (const value of paths.flatMap((path) => valuesOf(source, path))) {
      for (const name of namesOf(kind, String(value))) entities.add(`${kind}:${name}`)
    }
  }
  return [...entities]
}

function namesOf(kind: (typeof FIELDS)[number]['kind'], value: string): string[] {
  const name = value.toLowerCase()
  switch (kind) {
    case 'process':
      // Sysmon writes a GUID of zeros for a process it does not know.
      return /[^{}0-]/.test(name) ? [name] : []
    case 'task':
      return name.match(GUID) ?? []
    case 'logon':
      return name === '' || name === '-' || SHARED_LOGONS.has(name) ? [] : [name]
    case 'port':
      return Number(name) >= FIRST_CLIENT_PORT ? [name] : []
  }
}
