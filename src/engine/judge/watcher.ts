/** Waits for all executed tests together: requests grow with the looks at the SIEM, not with the tests. */
import type { Clock } from '../../model/clock.ts'
import type { CheckRecord } from '../../model/run-record.ts'
import { unjudged } from '../draft.ts'
import type { RunListener } from '../events.ts'
import type { Judge, RuleState, Siem } from '../ports.ts'
import { AlertBook, attribute, type TestAlert } from './alerts.ts'
import { decide, type Matching } from './decide.ts'
import { fetchEvents } from './fetch.ts'
import { primaryOf } from './indices.ts'
import { matchAll } from './match.ts'
import { pauseMs } from './pace.ts'
import { intervalOf, RuleBook, ruleIdsOf } from './rule-book.ts'
import type { WatchedCheck, WatchedTest } from './watched-test.ts'

export interface WatcherOptions {
  siem: Siem
  judge: Judge
  clock: Clock
  listen: RunListener
  /** Shortest lab time between two looks, milliseconds. */
  pollMs: number
  signal: AbortSignal
  onCheck(test: WatchedTest, check: WatchedCheck, record: CheckRecord): void
  onDone(test: WatchedTest): void
}

/** How long what is known of the rules stays good while no check asks what became of its rule. */
const RULES_FRESH_MS = 600_000
/** A SIEM shows an alert a little after the time it gives it: what was read last is read again. */
const ALERT_OVERLAP_MS = 60_000
/** Looks in a row that may fail before a check whose time is over is `unknown`. */
const PATIENCE = 4

interface Decidable {
  test: WatchedTest
  check: WatchedCheck
  alerts: TestAlert[]
}

/** What one look found for a check. */
interface Found {
  alerts: TestAlert[]
  matchings: Matching[]
  trouble: string | null
}

export class Watcher {
  readonly #options: WatcherOptions
  readonly #waiting = new Set<WatchedTest>()
  readonly #book = new AlertBook()
  readonly #rules: RuleBook
  /** Alerts written before this were read for every test that waits, but for those added since. */
  #alertsReadTo: number | null = null
  /** Looks that failed in a row. */
  #failures = 0
  #watching: Promise<void> = Promise.resolve()
  #active = false

  constructor(options: WatcherOptions) {
    this.#options = options
    this.#rules = new RuleBook(options.siem)
  }

  /** What was last known of the rules, by rule_id. */
  get rules(): ReadonlyMap<string, RuleState> {
    return this.#rules.states
  }

  add(test: WatchedTest): void {
    this.#waiting.add(test)
    // What a rule wrote while the test still ran may have been read before anybody asked for it.
    this.#alertsReadTo = Math.min(this.#alertsReadTo ?? test.window.from, test.window.from)
    if (!this.#active) this.#watching = this.#options.clock.busy(() => this.#watch())
  }

  /** Resolves when nothing waits; after an abort with tests left that were not judged. */
  settled(): Promise<void> {
    return this.#watching
  }

  async #watch(): Promise<void> {
    const { clock, listen, signal } = this.#options
    this.#active = true
    try {
      while (this.#waiting.size > 0 && !signal.aborted) {
        const checks = [...this.#waiting].reduce((sum, test) => sum + test.waiting.length, 0)
        listen({ type: 'waiting', checks, labTime: clock.now() })
        await this.#look()
        if (this.#waiting.size > 0) await clock.sleep(this.#pause(), signal)
      }
    } finally {
      this.#active = false
    }
  }

  async #look(): Promise<void> {
    const now = this.#options.clock.now()
    try {
      await this.#rules.refresh(this.#ruleIds(), now, RULES_FRESH_MS)
      await this.#readAlerts(now)
      await this.#readEvents(now)
      const whole = await this.#decide(now)
      this.#failures = whole ? 0 : this.#failures + 1
    } catch (error) {
      this.#failed(error instanceof Error ? error.message : String(error), now)
    }
  }

  async #readAlerts(now: number): Promise<void> {
    const ruleIds = this.#ruleIds()
    if (ruleIds.length === 0) return
    const due = [...this.#waiting].filter((test) => this.#isDue(test, now))
    const from = Math.min(this.#alertsReadTo ?? now, ...due.map(({ window }) => window.from))
    this.#book.add(await this.#options.siem.alerts(ruleIds, from))
    this.#alertsReadTo = now - ALERT_OVERLAP_MS
  }

  /** Of tests whose time is over, and of those that an alert may belong to which they do not know yet. */
  async #readEvents(now: number): Promise<void> {
    const wanted = [...this.#waiting].filter((test) => this.#isDue(test, now) || this.#mayHaveAlert(test))
    await fetchEvents(wanted, this.#options.siem, this.#options.judge)
    for (const test of this.#waiting) test.alertsKnown = this.#book.size
  }

  #mayHaveAlert(test: WatchedTest): boolean {
    const ruleIds = test.waiting.flatMap(ruleIdsOf)
    return this.#book
      .since(test.alertsKnown)
      .some(
        ({ at, ruleId, ancestors }) =>
          at >= test.window.from && ruleIds.includes(ruleId) && !ancestors.some(({ id }) => test.trace.byId.has(id)),
      )
  }

  /** Decides what can be decided; false when the SIEM did not give all that was asked. */
  async #decide(now: number): Promise<boolean> {
    const decidable = [...this.#waiting].flatMap((test) =>
      test.waiting.flatMap((check): Decidable[] => {
        const alerts = this.#alertsOf(test, check)
        return alerts.length > 0 || now >= this.#deadline(test, check) ? [{ test, check, alerts }] : []
      }),
    )
    if (decidable.length === 0) return true
    const { siem, judge } = this.#options
    const matchings = await matchAll(
      decidable.map(({ test, check }) => ({ test, check: check.planned })),
      { siem, judge },
    )
    const silentRule = decidable.some(
      ({ check: { planned }, alerts }) =>
        alerts.length === 0 &&
        planned.expected.is === 'alert' &&
        matchings.get(planned)?.some(({ matched }) => matched),
    )
    if (silentRule) await this.#rules.refresh(this.#ruleIds(), now, 0)
    let whole = true
    for (const { test, check, alerts } of decidable) {
      const found = matchings.get(check.planned) ?? []
      const trouble = test.trouble ?? unshippedOf(test, check) ?? troubleOf(check, found)
      if (trouble !== null && alerts.length === 0) {
        whole = false
        check.attempts += 1
        if (check.attempts < PATIENCE) continue
        this.#options.listen({ type: 'siem-trouble', reason: trouble })
      }
      this.#settle(test, check, { alerts, matchings: found, trouble })
    }
    return whole
  }

  /** A look that gave nothing: what has run out of time is `unknown` once patience has, too. */
  #failed(reason: string, now: number): void {
    this.#failures += 1
    if (this.#failures === 1 || this.#failures === PATIENCE) this.#options.listen({ type: 'siem-trouble', reason })
    if (this.#failures < PATIENCE) return
    for (const test of [...this.#waiting]) {
      for (const check of test.waiting) {
        if (now < this.#deadline(test, check)) continue
        this.#settle(test, check, {
          alerts: this.#alertsOf(test, check),
          matchings: unevaluated(check, reason),
          trouble: reason,
        })
      }
    }
  }

  #settle(test: WatchedTest, check: WatchedCheck, found: Found): void {
    const record = this.#recordOf(test, check, found)
    check.record = record
    for (const { alert } of found.alerts) test.alerts.add(alert)
    this.#options.onCheck(test, check, record)
    if (test.waiting.length > 0) return
    this.#waiting.delete(test)
    this.#options.onDone(test)
  }

  /** A query that the judge chokes on spoils its own check, not the run. */
  #recordOf(test: WatchedTest, check: WatchedCheck, found: Found): CheckRecord {
    try {
      return this.#decideOne(test, check, found)
    } catch (error) {
      return unjudged(
        check.planned,
        `it could not be judged: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }

  #decideOne(test: WatchedTest, check: WatchedCheck, found: Found): CheckRecord {
    const { execution, planned } = test
    const [ruleId] = ruleIdsOf(check)
    return decide(
      {
        check: check.planned,
        execution: { ...execution, expected: planned.test.execution },
        steps: test.record.execution.steps,
        endedAt: test.endedAt,
        events: test.trace.phases.test,
        blind: check.planned.sensed ? (test.sensed?.problem ?? null) : null,
        isLocal: (event) => test.sensed?.isLocal(event) ?? false,
        rule: ruleId === undefined ? undefined : this.#rules.states.get(ruleId),
        ...found,
      },
      this.#options.judge,
    )
  }

  #alertsOf(test: WatchedTest, check: WatchedCheck): TestAlert[] {
    const [ruleId] = ruleIdsOf(check)
    if (ruleId === undefined) return []
    const subject = {
      trace: test.trace,
      hosts: test.hostNames,
      from: test.window.from,
      to: this.#deadline(test, check),
      alone: () => ![...this.#waiting].some((other) => other !== test && other.sharesHostWith(test)),
    }
    return this.#book.about(ruleId, test.trace.byId.keys()).flatMap((alert) => attribute(alert, subject) ?? [])
  }

  #ruleIds(): string[] {
    return [...new Set([...this.#waiting].flatMap((test) => test.waiting.flatMap(ruleIdsOf)))]
  }

  #deadline(test: WatchedTest, check: WatchedCheck): number {
    return test.deadline(check, this.#rules.states)
  }

  #isDue(test: WatchedTest, now: number): boolean {
    return test.waiting.some((check) => now >= this.#deadline(test, check))
  }

  #pause(): number {
    const { clock, pollMs } = this.#options
    const checks = [...this.#waiting].flatMap((test) => test.waiting.map((check) => ({ test, check })))
    return pauseMs({
      intervals: checks.flatMap(({ check }) => intervalOf(check, this.#rules.states) ?? []),
      untilDeadline: Math.min(...checks.map(({ test, check }) => this.#deadline(test, check))) - clock.now(),
      failures: this.#failures,
      pollMs,
    })
  }
}

/** Why rules cannot see what a sensor saw, though they should. */
const unshippedOf = ({ sensed }: WatchedTest, { planned }: WatchedCheck): string | null =>
  planned.sensed ? (sensed?.unshipped ?? null) : null

/** Why the implementation that the verdict speaks of could not be evaluated. */
const troubleOf = ({ planned }: WatchedCheck, matchings: Matching[]): string | null =>
  matchings.find(({ implementation }) => implementation === primaryOf(planned.analytic))?.trouble ?? null

const unevaluated = ({ planned }: WatchedCheck, trouble: string): Matching[] =>
  planned.analytic.implementations.map((implementation) => ({ implementation, matched: null, matches: [], trouble }))
