/** The tables by channel, and compiled for one event id: looked up by field name, paths split. */
import { powershell, system, taskScheduler } from './other-channels.ts'
import { security } from './security.ts'
import { sysmon } from './sysmon.ts'
import type { ChannelTable, Conversion, EventClass } from './table.ts'

export const CHANNEL_TABLES: readonly ChannelTable[] = [sysmon, security, taskScheduler, powershell, system]

/** Where events of any other channel go, unmapped. */
const FORWARDED: Omit<ChannelTable, 'channel' | 'provider'> = {
  index: 'logs-windows.forwarded-default',
  module: 'windows',
  dataset: 'windows.forwarded',
  source: 'elastic/integrations: packages/windows/data_stream/forwarded, index name',
  keep: true,
  events: {},
  rows: [],
}

export interface CompiledRow {
  path: readonly string[]
  as: Conversion | undefined
  keep: boolean
  unless: string | undefined
}

/** What the events of one channel with one id become. */
export interface Plan {
  table: Omit<ChannelTable, 'channel' | 'provider'> & { channel?: string; provider?: string }
  kind: EventClass
  rows: ReadonlyMap<string, readonly CompiledRow[]>
}

const tables = new Map(CHANNEL_TABLES.map((table) => [table.channel.toLowerCase(), table]))
/** Each of these providers writes to one channel. Short names are what some recorders make of them. */
const byProvider = new Map(
  CHANNEL_TABLES.flatMap((table) => {
    const name = table.provider.toLowerCase()
    return [name, name.replace(/^microsoft-windows-/, '')].map((spelling) => [spelling, table])
  }),
)
/** Channels that say nothing of where an event was written: none, and where collectors put those of all. */
const COLLECTORS = new Set(['', 'forwardedevents', 'forwarded events'])

/** Whether a channel says nothing of where its events were written. */
export const isCollector = (channel: string): boolean => COLLECTORS.has(channel.toLowerCase())

const plans = new Map<string, Map<number, Plan>>()

/**
 * The plan for a channel, in any case, and an event id; computed once for each spelling. An event of no channel, or of a
 * collector's own, is known by its provider.
 */
export function planFor(channel: string, eventId: number, provider: string | null = null): Plan {
  const log = isCollector(channel) ? (provider ?? '') : channel
  let byId = plans.get(log)
  if (byId === undefined) {
    byId = new Map()
    plans.set(log, byId)
  }
  let plan = byId.get(eventId)
  if (plan === undefined) {
    const name = log.toLowerCase()
    plan = compile(tables.get(name) ?? byProvider.get(name) ?? FORWARDED, eventId)
    byId.set(eventId, plan)
  }
  return plan
}

function compile(table: Plan['table'], eventId: number): Plan {
  const rows = new Map<string, CompiledRow[]>()
  for (const { from, to, as, only, except, keep, unless } of table.rows) {
    if ((only && !only.includes(eventId)) || except?.includes(eventId)) continue
    const row = { path: to.split('.'), as, keep: keep ?? table.keep, unless }
    rows.set(from, [...(rows.get(from) ?? []), row])
  }
  return { table, kind: table.events[eventId] ?? {}, rows }
}
