/** One test that was executed and waits for the SIEM. */
import { isIP } from 'node:net'
import type { CheckRecord, TestRecord } from '../../model/run-record.ts'
import type { Execution } from '../execute/execute-test.ts'
import { type PhaseTimes, type Window, wholeWindow } from '../execute/windows.ts'
import type { PlannedCheck, PlannedTest } from '../plan/planned.ts'
import type { Alert, EventQuery, Judge, RuleState } from '../ports.ts'
import type { Sensed } from '../sensing/sensed-test.ts'
import { addressOf, nameOf } from '../texts.ts'
import type { TestTrace } from './correlate.ts'
import { LONGEST_DRIFT_MS } from './event-pool.ts'
import { indicesOf, primaryOf } from './indices.ts'
import { detectionWindowMs } from './rule.ts'
import { withinMs } from './within.ts'

export interface WatchedCheck {
  planned: PlannedCheck
  /** Null while it waits. */
  record: CheckRecord | null
  /** Looks at the SIEM that did not give the whole answer. */
  attempts: number
}

const EMPTY_TRACE: TestTrace = {
  phases: { setup: [], test: [], cleanup: [] },
  byId: new Map(),
  entities: new Set(),
}

export class WatchedTest {
  readonly planned: PlannedTest
  readonly record: TestRecord
  readonly execution: Execution
  readonly windows: PhaseTimes
  /** All phases together. */
  readonly window: Window
  readonly checks: WatchedCheck[]
  readonly hostNames: ReadonlySet<string>
  trace: TestTrace = EMPTY_TRACE
  /** The alerts that its checks were judged by. */
  readonly alerts = new Set<Alert>()
  /** How many of the run's alerts it has been compared with. */
  alertsKnown = 0
  /** Why the last look at its events was not whole; null when it was. */
  trouble: string | null = 'its events have not been read yet'
  /** What network sensors saw of it; null when it needs none. */
  readonly sensed: Sensed | null

  constructor(
    planned: PlannedTest,
    record: TestRecord,
    execution: Execution,
    windows: PhaseTimes,
    sensed: Sensed | null,
  ) {
    this.sensed = sensed
    this.planned = planned
    this.record = record
    this.execution = execution
    this.windows = windows
    this.window = wholeWindow(windows) ?? { from: 0, to: 0 }
    this.checks = planned.checks.map((check) => ({ planned: check, record: null, attempts: 0 }))
    this.hostNames = new Set(hostNames(planned).map((name) => name.toLowerCase()))
  }

  get waiting(): WatchedCheck[] {
    return this.checks.filter(({ record }) => record === null)
  }

  sharesHostWith(other: WatchedTest): boolean {
    return [...this.hostNames].some((name) => other.hostNames.has(name))
  }

  /** Lab time at which the test's own steps ended. */
  get endedAt(): number {
    return this.execution.times.test?.to ?? 0
  }

  /** Lab time after which nothing that is waited for can still come. */
  deadline({ planned }: WatchedCheck, rules: ReadonlyMap<string, RuleState>): number {
    const primary = primaryOf(planned.analytic)
    const state = primary.rule === undefined ? undefined : rules.get(primary.rule.rule_id)
    const detection = detectionWindowMs(state, primary)
    const within = withinMs(planned)
    // What a sensor still captures may decide.
    if (planned.sensed && this.sensed?.finished === false) return Number.POSITIVE_INFINITY
    if (planned.expected.is !== 'alert') return this.endedAt + Math.max(within, detection)
    // How late an alert is matters only where the check can still be met or missed.
    const asStated = this.execution.status === this.planned.test.execution
    return this.endedAt + within + (asStated ? detection : 0)
  }

  eventQuery(judge: Judge): EventQuery {
    const read = this.planned.checks.flatMap(({ analytic }) =>
      analytic.implementations
        .filter((implementation) => judge.refusal(implementation) === null)
        .map((implementation) => indicesOf(analytic, implementation)),
    )
    return {
      hosts: hostNames(this.planned),
      addresses: [...this.planned.hosts.values()].map(addressOf).filter(isAddress),
      from: this.window.from - LONGEST_DRIFT_MS,
      to: this.window.to,
      indices: [...new Set(read.flat())].sort(),
      categories: [],
    }
  }
}

/** What a SIEM can compare addresses with; a name is none. */
const isAddress = (address: string | undefined): address is string => address !== undefined && isIP(address) !== 0

/** The names that telemetry may call a test's hosts by. */
function hostNames({ hosts }: PlannedTest): string[] {
  const names = [...hosts.values()].flatMap((host) => {
    const name = nameOf(host)
    return host.domain?.includes('.') && !name.includes('.') ? [name, `${name}.${host.domain}`] : [name]
  })
  return [...new Set(names)].sort()
}
