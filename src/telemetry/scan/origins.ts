/** Where the fields of a Windows event's ECS document come from in its raw record: what `normalise.ts` does, read backwards. */
import type { Origin, OriginsOf } from '../../model/needs.ts'
import { planFor } from '../ecs/channels.ts'
import { type Spelling, spellingsOf } from '../ecs/spelling.ts'
import type { Conversion } from '../ecs/table.ts'

/** Raw fields that name a host, and the ECS fields that get it. */
const HOST_FIELDS = ['Hostname', 'Computer', 'ComputerName', 'MachineName']
const HOST_PATHS = new Set(['host.name', 'host.hostname', 'host.id', 'winlog.computer_name'])

/** Everything that the normaliser writes from the channel and the id alone. */
const FIXED: Readonly<Record<string, (code: string, plan: ReturnType<typeof planFor>) => readonly string[]>> = {
  'event.kind': () => ['event'],
  'event.code': (code) => [code],
  'winlog.event_id': (code) => [code],
  'event.module': (_, { table }) => [table.module],
  'event.dataset': (_, { table }) => [table.dataset],
  'event.category': (_, { kind }) => kind.category ?? [],
  'event.type': (_, { kind }) => kind.type ?? [],
  'event.action': (_, { kind }) => (kind.action === undefined ? [] : [kind.action]),
  'host.os.type': () => ['windows'],
}

/** What the normaliser fills from more than the rows: of other members nothing is known. In all else there is only what rows give. */
const OPEN = new Set(['@timestamp', 'event', 'host', 'winlog', 'message', 'related'])

const EVENT_DATA = 'winlog.event_data.'

/** The origins of fields of events with an id in a channel. */
export function originsIn(channel: string, eventId: number): OriginsOf {
  const plan = planFor(channel, eventId)
  const rows = new Map<string, TargetRow[]>()
  for (const [from, all] of plan.rows) {
    for (const { path, as } of all) {
      const row = { from, target: path.join('.'), as }
      const root = rows.get(path[0]!)
      if (root === undefined) rows.set(path[0]!, [row])
      else root.push(row)
    }
  }
  const known = new Map<string, readonly Origin[] | null>()
  return (path) => {
    let origins = known.get(path)
    if (origins === undefined) {
      origins = originsOfPath(path, rows.get(rootOf(path)) ?? [], FIXED[path]?.(String(eventId), plan))
      known.set(path, origins)
    }
    return origins
  }
}

const rootOf = (path: string) => path.split('.', 1)[0]!

interface TargetRow {
  from: string
  target: string
  as: Conversion | undefined
}

/** `rows`: those whose target begins with the same name. */
function originsOfPath(
  path: string,
  rows: readonly TargetRow[],
  fixed: readonly string[] | undefined,
): Origin[] | null {
  if (path.includes('*')) return null
  const origins: Origin[] = []
  for (const { from, target, as } of rows) {
    const spelling = spellingAt(path, target, as)
    if (spelling === 'unknown') return null
    if (spelling !== null) origins.push(origin(from, spelling))
  }
  if (fixed !== undefined) {
    if (fixed.length > 0) origins.push({ kind: 'constant', values: fixed })
  } else if (HOST_PATHS.has(path)) origins.push({ kind: 'text', fields: HOST_FIELDS })
  else if (path.startsWith(EVENT_DATA)) {
    const field = path.slice(EVENT_DATA.length)
    if (field.includes('.')) return null
    origins.push({ kind: 'text', fields: [field] })
  } else if (OPEN.has(rootOf(path))) return null
  return origins
}

/** How a row to `target` spells what lies at a path; null when it gives nothing there. */
function spellingAt(path: string, target: string, as: Conversion | undefined): Spelling | null {
  const spellings = spellingsOf(as)
  if (path !== target && !path.startsWith(`${target}.`)) return target.startsWith(`${path}.`) ? 'unknown' : null
  if (spellings === null) return 'unknown'
  if ('whole' in spellings) return path === target ? spellings.whole : null
  if (path === target) return 'unknown'
  const member = path.slice(target.length + 1)
  const [first] = member.split('.') as [string]
  const spelling = spellings.members[first] ?? null
  return spelling !== null && member !== first && spelling !== 'unknown' ? null : spelling
}

function origin(from: string, spelling: Exclude<Spelling, 'unknown'>): Origin {
  return typeof spelling === 'string'
    ? { kind: spelling, fields: [from] }
    : { kind: 'words', fields: [from], words: spelling }
}
