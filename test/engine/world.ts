/** A lab in memory: hosts that leave events, a SIEM with a detection loop, a judge of a tiny query language, on a clock that leaps. */
import assert from 'node:assert/strict'
import { LeapingClock } from '../../src/clock/leaping-clock.ts'
import type { RunEvent } from '../../src/engine/events.ts'
import { type PlanOptions, plan } from '../../src/engine/plan/plan.ts'
import type {
  Alert,
  Command,
  CommandEnd,
  CommandListener,
  CommandResult,
  EventAnswer,
  EventQuery,
  Journal,
  Judge,
  NamedHost,
  NativeQuery,
  QueryAnswer,
  RuleState,
  RunningCommand,
  Siem,
  Transport,
} from '../../src/engine/ports.ts'
import { type RunOptions, run } from '../../src/engine/run.ts'
import { Analytic } from '../../src/model/analytic.ts'
import { parseDuration } from '../../src/model/duration.ts'
import { type EventDocument, type EventReference, valuesOf } from '../../src/model/event.ts'
import type { JournalCapture, JournalEntry } from '../../src/model/journal.ts'
import { Host } from '../../src/model/lab.ts'
import { RunRecord, summarise } from '../../src/model/run-record.ts'
import { Scenario } from '../../src/model/scenario.ts'

export const START = Date.UTC(2026, 0, 1, 12)
const INDEX = 'events-default'

/**
 * Evaluates queries such as `process.name=schtasks.exe` over events of the category before the dot, and sequences of
 * them joined by ` then `, within one minute on one host.
 */
const judge: Judge = {
  refusal: ({ query }) => (query.includes('=') ? null : `no query: ${query}`),
  reads: ({ query }) =>
    clausesOf(query).map(({ category }) => ({ name: `${category} events`, categories: [category] })),
  isOfKind: ({ source }, { categories }) =>
    valuesOf(source, 'event.category').some((category) => categories!.includes(String(category))),
  maxspanMs: ({ query }) => (query.includes(' then ') ? 60_000 : 0),
  evaluate: ({ query }, events) => {
    const [first, second] = clausesOf(query)
    const ordered = [...events].sort((a, b) => timeOf(a) - timeOf(b))
    const firsts = ordered.filter((event) => holds(first!, event))
    if (second === undefined) return firsts.map((event) => [event])
    return ordered
      .filter((event) => holds(second, event))
      .flatMap((event) => {
        const before = firsts.findLast(
          (candidate) => timeOf(candidate) <= timeOf(event) && timeOf(event) - timeOf(candidate) <= 60_000,
        )
        return before === undefined ? [] : [[before, event]]
      })
  },
  explain: ({ query }, events) => {
    const clause = clausesOf(query).find((candidate) => !events.some((event) => holds(candidate, event)))
    const near = events.find(({ source }) => valuesOf(source, 'event.category').includes(clause?.category))
    const seen = clause === undefined ? null : String(valuesOf(near?.source, clause.field)[0])
    return {
      summary: `${clause?.field} is "${seen}", the rule wants "${clause?.value}"`,
      nearest:
        near === undefined
          ? []
          : [{ step: 0, event: { index: near.index, id: near.id }, holds: false, clauses: [], note: null }],
    }
  },
}

interface Clause {
  category: string
  field: string
  value: string
}

function clausesOf(query: string): Clause[] {
  return query.split(' then ').map((text) => {
    const [field, value] = text.split('=') as [string, string]
    return { category: field.split('.')[0]!, field, value }
  })
}

const timeOf = ({ source }: EventDocument) => Date.parse(String(source['@timestamp']))

const holds = ({ category, field, value }: Clause, { source }: EventDocument) =>
  valuesOf(source, 'event.category').includes(category) && valuesOf(source, field).includes(value)

/** What a test may turn on a world. */
interface Faults {
  /** Sensors record nothing. */
  blind?: boolean
  /** Kinds of event that sensors leave out. */
  missing?: string[]
  /** Lab time from event to index. */
  ingestMs?: number
  /** Calls of the SIEM that throw, by name; `times` calls, then it is well again. */
  siem?: { call: 'events' | 'alerts' | 'rules' | 'query' | 'info'; reason: string; times: number }
  /** Answers that are not whole. */
  partial?: { times: number; reason: string }
  /** Rules that the SIEM does not know, or has disabled, or that fail. */
  rule?: Partial<RuleState>
}

export class World {
  readonly clock = new LeapingClock({ start: START })
  readonly events: (EventDocument & { visibleAt: number })[] = []
  readonly alerts: Alert[] = []
  /** host\name of what exists. */
  readonly tasks = new Set<string>()
  readonly journal: (
    | { open: JournalEntry }
    | { close: string }
    | { capturing: JournalCapture }
    | { captured: string }
  )[] = []
  readonly heard: RunEvent[] = []
  readonly commands: { host: string; command: Command; at: number }[] = []
  readonly calls = { events: 0, alerts: 0, rules: 0, query: 0, info: 0 }
  readonly secrets: string[] = []
  readonly abort = new AbortController()
  readonly faults: Faults
  saved: string[] = []
  #lastRun: number | null = null

  constructor(faults: Faults = {}) {
    this.faults = faults
  }

  readonly transport: Transport = {
    run: (host, command, { signal }) => this.#command(host, command, signal),
    start: (host, command, listener) => this.sensor(host, command.text, listener),
    close: async () => {},
  }

  /** What a host does with a command that is listened to. */
  sensor: (host: NamedHost, command: string, listener: CommandListener) => Promise<RunningCommand> = async () => ended

  /**
   * `task NAME` makes a task and leaves a process event, `remote NAME` a network and a registry event; `delete NAME`;
   * `exit N`, `lose`, `unreachable`, `hang`; everything else is a process that does nothing.
   */
  async #command(host: NamedHost, command: Command, signal: AbortSignal | undefined): Promise<CommandResult> {
    const at = this.clock.now()
    this.commands.push({ host: host.name, command, at })
    if (signal?.aborted) return result({ kind: 'interrupted' })
    if (command.shell === 'powershell' && command.parameters !== undefined) {
      const present = this.tasks.has(`${host.name}${command.parameters.name}`)
      return result({ kind: 'exited', exitCode: 0 }, present ? 'present\r\n' : 'absent\r\n')
    }
    const [verb, name = ''] = command.text.split(' ')
    if (verb === 'unreachable') return result({ kind: 'unreachable', reason: 'connection refused' })
    this.leave(host, 'process', { 'process.name': verb, 'process.command_line': command.text })
    if (verb === 'lose') return result({ kind: 'lost', reason: 'the host hung up' })
    if (verb === 'hang') {
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      return result({ kind: 'interrupted' })
    }
    if (verb === 'stall') return result({ kind: 'timed-out' })
    if (verb === 'exit') return result({ kind: 'exited', exitCode: Number(name) }, '', 'ERROR: Access is denied.\r\n')
    if (verb === 'task') this.tasks.add(`${host.name}\\${name}`)
    if (verb === 'remote') {
      this.tasks.add(`${host.name}\\${name}`)
      this.leave(host, 'network', { 'network.action': 'bind' })
      this.leave(host, 'registry', { 'registry.path': `Tree\\${name}\\Id`, 'registry.value': 'Actions' })
    }
    if (verb === 'delete') this.tasks.delete(`${host.name}\\${name}`)
    return result({ kind: 'exited', exitCode: 0 }, `said ${command.text}`)
  }

  leave(host: NamedHost, category: string, fields: Record<string, unknown>): void {
    if (this.faults.blind || this.faults.missing?.includes(category)) return
    const now = this.clock.now()
    const visibleAt = now + (this.faults.ingestMs ?? 1_000)
    this.events.push({
      index: INDEX,
      id: `e${this.events.length}`,
      visibleAt,
      source: {
        '@timestamp': new Date(now).toISOString(),
        event: { category: [category], ingested: new Date(visibleAt).toISOString() },
        host: { name: host.name },
        ...fields,
      },
    })
  }

  /** Runs the rules of these analytics at their intervals, the first time after one interval. */
  detect(analytics: Analytic[]): void {
    for (const { implementations } of analytics) {
      const implementation = implementations.find(({ rule }) => rule !== undefined)
      if (implementation === undefined) continue
      const { intervalMs, lookBackMs, enabled, missing } = this.#stateOf(implementation.rule!.rule_id, analytics)
      if (!enabled || missing) continue
      const again = () => {
        const now = this.clock.now()
        this.#lastRun = now
        const inReach = this.#visible().filter((event) => timeOf(event) >= now - lookBackMs)
        for (const match of judge.evaluate(implementation, inReach))
          this.#alert(implementation.rule!.rule_id, match, now)
        this.clock.at(now + intervalMs, again)
      }
      this.clock.at(this.clock.now() + intervalMs, again)
    }
  }

  #alert(ruleId: string, match: EventDocument[], at: number): void {
    const id = `${ruleId}:${match.map((event) => event.id).join()}`
    if (this.alerts.some((alert) => alert.id === id)) return
    const common = { index: '.alerts', ruleId, ruleUuid: null, at, entities: [], hosts: [] }
    const ancestors = match.map((event) => ({ id: event.id, index: event.index, type: 'event' as const, depth: 0 }))
    if (match.length > 1) {
      this.alerts.push({ ...common, id: `${id}:block`, ancestors: ancestors.slice(0, 1), buildingBlock: true })
    }
    this.alerts.push({ ...common, id, ancestors, buildingBlock: false })
  }

  #visible = () => this.events.filter(({ visibleAt }) => visibleAt <= this.clock.now())

  #stateOf(ruleId: string, analytics: Analytic[]): RuleState {
    const implementation = analytics
      .flatMap(({ implementations }) => implementations)
      .find(({ rule }) => rule?.rule_id === ruleId)!
    return {
      ruleId,
      missing: false,
      enabled: true,
      intervalMs: parseDuration(implementation.rule!.interval)!,
      lookBackMs: parseDuration(implementation.rule!.from.slice(4))!,
      query: implementation.query,
      lastExecution: this.#lastRun === null ? null : { at: this.#lastRun, status: 'succeeded', message: null },
      ...this.faults.rule,
    }
  }

  siem(analytics: Analytic[], languages = new Set<string>(['eql'])): Siem {
    const called = (call: keyof World['calls']) => {
      this.calls[call] += 1
      const { siem } = this.faults
      if (siem?.call !== call || siem.times <= 0) return
      siem.times -= 1
      throw new Error(siem.reason)
    }
    const partial = (): string | null => {
      const { partial: fault } = this.faults
      if (fault === undefined || fault.times <= 0) return null
      fault.times -= 1
      return fault.reason
    }
    return {
      languages,
      info: async () => {
        called('info')
        return { kind: 'embedded', version: '1' }
      },
      events: async (queries) => {
        called('events')
        return queries.map((query): EventAnswer => {
          const events = this.#visible().filter((event) => within(event, query))
          const reason = partial()
          return reason === null ? { complete: true, events } : { complete: false, reason, events: [] }
        })
      },
      query: async ({ query, from, to }: NativeQuery): Promise<QueryAnswer> => {
        called('query')
        const events = this.#visible().filter((event) => timeOf(event) >= from && timeOf(event) < to)
        const hits = judge.evaluate({ language: 'eql', query }, events)
        return { complete: true, hits: hits.map((hit) => hit.map(({ index, id }): EventReference => ({ index, id }))) }
      },
      rules: async (ids) => {
        called('rules')
        return ids.map((id) => this.#stateOf(id, analytics))
      },
      alerts: async (ids, from) => {
        called('alerts')
        return this.alerts.filter(({ ruleId, at }) => ids.includes(ruleId) && at >= from)
      },
      close: async () => {},
    }
  }

  readonly journaling: Journal = {
    open: async (entry) => void this.journal.push({ open: entry }),
    close: async (test) => void this.journal.push({ close: test }),
    capturing: async (capture) => void this.journal.push({ capturing: capture }),
    captured: async (id) => void this.journal.push({ captured: id }),
  }

  /** Plans and runs; the record is checked against its schema. */
  async run(
    options: Partial<PlanOptions> & Pick<PlanOptions, 'scenarios' | 'analytics'> & Partial<RunOptions>,
  ): Promise<RunRecord> {
    const planned = planOf(options)
    if (planned.problems.length > 0) throw new Error(planned.problems.map(({ message }) => message).join('\n'))
    this.detect(options.analytics)
    try {
      const record = await run({
        id: 'run-1',
        plan: planned,
        lab: { name: 'memory', kind: 'emulated', timeScale: () => 1 },
        tool: { version: '0.0.0' },
        authorization: null,
        transport: this.transport,
        siem: this.siem(options.analytics),
        judge,
        clock: this.clock,
        journal: this.journaling,
        concurrency: 8,
        secrets: this.secrets,
        signal: this.abort.signal,
        listen: (event) => this.heard.push(event),
        save: (saved) => this.saved.push(JSON.stringify(saved)),
        ...options,
      })
      assert.deepEqual(record.summary, summarise(record.tests))
      return RunRecord.parse(JSON.parse(JSON.stringify(record)))
    } finally {
      this.clock.stop()
    }
  }
}

export function planOf(options: Partial<PlanOptions> & Pick<PlanOptions, 'scenarios' | 'analytics'>) {
  return plan({
    runId: 'run-1',
    hosts: hosts(),
    selection: { ids: [], tags: [], analytics: [] },
    authorization: null,
    now: START,
    judge,
    ...options,
  })
}

/** Two sources and two targets, all emulated. */
export const hosts = (): NamedHost[] =>
  ['ws1', 'ws2', 'srv1', 'srv2'].map((name, index) => host(name, index < 2 ? 'source' : 'target'))

export const host = (name: string, role: string, more: Record<string, unknown> = {}): NamedHost => ({
  name,
  ...Host.parse({
    role,
    user: 'admin',
    password: 'hunter2hunter2',
    address: '127.0.0.1',
    emulated: {},
    ...more,
  }),
})

/** An analytic with one EQL rule. */
export const analytic = (id: string, query: string, rule: Record<string, unknown> | null = {}): Analytic =>
  Analytic.parse({
    id,
    title: id,
    goal: 'to be tested',
    attack: [{ technique: 'T1053.005' }],
    implementations: [
      {
        language: 'eql',
        query,
        ...(rule === null ? {} : { rule: { rule_id: `rule-${id}`, index: ['events-*'], ...rule } }),
      },
    ],
  })

export const scenario = (tests: Record<string, unknown>[]): Scenario =>
  Scenario.parse({
    id: 'suite',
    tests: tests.map((test) => ({ provenance: { document: 'none', kind: 'own' }, ...test })),
  })

const NO_SENSOR: CommandEnd = { kind: 'unreachable', reason: 'there is no sensor' }

const ended: RunningCommand = {
  ended: Promise.resolve(NO_SENSOR),
  write: () => {},
  endInput: () => {},
  kill: async () => NO_SENSOR,
}

function within(event: EventDocument, { hosts: names, addresses, from, to }: EventQuery): boolean {
  const host = String(valuesOf(event.source, 'host.name')[0])
  const here = names.includes(host) || addresses.includes(String(valuesOf(event.source, 'source.ip')[0]))
  return here && timeOf(event) >= from && timeOf(event) < to
}

const result = (end: CommandEnd, stdout = '', stderr = ''): CommandResult => ({ end, stdout, stderr, durationMs: 1 })
