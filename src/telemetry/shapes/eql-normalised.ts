/**
 * Events in the schema of eqllib, which it brings other shapes into before a query: `event_type`, `process_name`,
 * `unique_pid` and so on. Source: endgameinc/eqllib, eqllib/schemas.py and domains. Its times are FILETIME: 100 ns since 1601.
 */
import { address } from '../ecs/address.ts'
import { commandLine } from '../ecs/command-line.ts'
import { account, file, long, port, program } from '../ecs/convert.ts'
import { registryPath } from '../ecs/registry.ts'
import { relate } from '../ecs/related.ts'
import { setAt } from '../ecs/set-at.ts'
import type { Conversion } from '../ecs/table.ts'
import type { Json } from './shape.ts'

interface Kind {
  category: string[]
  type: string[]
  direction?: string
}

const FILE_TYPES: Record<string, string> = { create: 'creation', delete: 'deletion' }

/** What kind of event a type with its subtype is; as Sysmon's events of the same kind. */
const KINDS: Record<string, (subtype: string) => Kind> = {
  process: (subtype) => ({ category: ['process'], type: [subtype === 'terminate' ? 'end' : 'start'] }),
  file: (subtype) => ({ category: ['file'], type: [FILE_TYPES[subtype] ?? 'change'] }),
  registry: () => ({ category: ['configuration', 'registry'], type: ['change'] }),
  image_load: () => ({ category: ['process'], type: ['change'] }),
  dns: () => ({ category: ['network'], type: ['connection', 'protocol', 'info'] }),
  network: (subtype) => ({
    category: ['network'],
    type: ['start', 'connection', 'protocol'],
    ...(subtype === 'incoming' ? { direction: 'ingress' } : subtype === 'outgoing' ? { direction: 'egress' } : {}),
  }),
}

/** A field and the path it goes to, with what becomes of its text. The names that paths have are not repeated. */
const ROWS: Record<string, [path: string, as?: Conversion]> = {
  pid: ['process.pid', long],
  unique_pid: ['process.entity_id'],
  process_path: ['process', program],
  command_line: ['process', commandLine],
  ppid: ['process.parent.pid', long],
  unique_ppid: ['process.parent.entity_id'],
  parent_process_path: ['process.parent', program],
  user: ['user', account],
  image_path: ['file', file],
  file_path: ['file', file],
  registry_path: ['registry', registryPath],
  protocol: ['network.transport'],
  source_address: ['source.ip', address],
  source_port: ['source.port', port],
  destination_address: ['destination.ip', address],
  destination_port: ['destination.port', port],
  query_name: ['dns.question.name'],
  hostname: ['host.name'],
}

/** Names that a path of the same record says too, and where they go when there is no such path. */
const NAMES: Record<string, [says: string, path: string]> = {
  process_name: ['process_path', 'process.name'],
  parent_process_name: ['parent_process_path', 'process.parent.name'],
  image_name: ['image_path', 'file.name'],
  file_name: ['file_path', 'file.name'],
  user_name: ['user', 'user.name'],
  user_domain: ['user', 'user.domain'],
  registry_key: ['registry_path', 'registry.key'],
  registry_value: ['registry_path', 'registry.value'],
}

const HEADER = new Set(['event_type', 'subtype', 'timestamp', 'event_type_full'])

const TICKS_A_MS = 10_000
const EPOCH_MS = 11_644_473_600_000

export const isEqlNormalised = (record: Json): boolean =>
  typeof record.event_type === 'string' && typeof record.timestamp === 'number' && record.event_type in KINDS

/** The ECS document of a record; null when its time is none. */
export function normaliseEql(record: Json): { index: string; document: Json } | null {
  const time = new Date(Math.floor((record.timestamp as number) / TICKS_A_MS) - EPOCH_MS)
  if (Number.isNaN(time.getTime())) return null
  const { direction, ...kind } = KINDS[record.event_type as string]!(String(record.subtype ?? ''))
  const document: Json = {
    '@timestamp': time.toISOString(),
    event: { kind: 'event', ...kind },
    host: { os: { type: 'windows' } },
  }
  if (direction !== undefined) setAt(document, ['network', 'direction'], direction)
  const left: Json = {}
  for (const field in record) {
    const value = record[field]
    if (HEADER.has(field) || value === null || value === '') continue
    const name = NAMES[field]
    const row = ROWS[field]
    const converted = row?.[1] === undefined ? value : row[1](String(value))
    if (row !== undefined && converted !== undefined) setAt(document, row[0].split('.'), converted)
    else if (name === undefined) left[field] = value
    else if (record[name[0]] === undefined) setAt(document, name[1].split('.'), value)
  }
  if (Object.keys(left).length > 0) document.eqllib = left
  relate(document)
  return { index: 'eqllib', document }
}
