/** One run: executes a plan, waits for all checks together, judges, cleans up. */
import { isEmulated } from '../model/lab.ts'
import type { CheckRecord, RunRecord, TestRecord } from '../model/run-record.ts'
import { draftRecord, unexecuted } from './draft.ts'
import { type Evidence, evidenceWithoutEvents, gatherEvidence } from './evidence.ts'
import { type Execution, executeTest } from './execute/execute-test.ts'
import { schedule } from './execute/schedule.ts'
import { gapFor, wholeWindow, windowsOf } from './execute/windows.ts'
import { WatchedTest } from './judge/watched-test.ts'
import { Watcher } from './judge/watcher.ts'
import { timeRefusal } from './plan/authorization.ts'
import type { PlannedTest } from './plan/planned.ts'
import { redactor } from './redact.ts'
import type { RunOptions } from './run-options.ts'
import { Captures } from './sensing/captures.ts'
import { Sensors } from './sensing/sensors.ts'

export type { RunOptions } from './run-options.ts'

/**
 * Runs a plan to its end and gives the record; it does not throw for what hosts or the SIEM do.
 * Every string of the record is masked; `endedAt` is null until the run ended.
 */
export async function run(options: RunOptions): Promise<RunRecord> {
  const siem = await options.clock.busy(() => siemInfo(options))
  return new Run(options, siem).toEnd()
}

/** A SIEM that does not answer now may do so later: the run goes on, and its checks say what was not known. */
async function siemInfo({ siem, listen }: RunOptions): Promise<RunRecord['siem']> {
  try {
    return await siem.info()
  } catch (error) {
    listen({ type: 'siem-trouble', reason: messageOf(error) })
    return { kind: 'elastic', version: 'unknown' }
  }
}

class Run {
  readonly #options: RunOptions
  readonly #record: RunRecord
  readonly #watcher: Watcher
  readonly #redact
  readonly #realNow: () => number
  readonly #realStart: number
  readonly #byTest = new Map<PlannedTest, TestRecord>()
  readonly #keeping: Promise<void>[] = []
  readonly #sensors: Sensors | null
  readonly #captures: Captures
  /** Lab time when the last window of a test ends. */
  #windowsEnd = 0

  constructor(options: RunOptions, siem: RunRecord['siem']) {
    const { clock, plan, judge, listen, signal, pollMs = 500, realNow = Date.now } = options
    this.#options = options
    this.#redact = redactor(options.secrets)
    this.#realNow = realNow
    this.#realStart = realNow()
    this.#record = this.#redact(draftRecord(options, siem, clock.now()))
    for (const [index, test] of plan.tests.entries()) this.#byTest.set(test, this.#record.tests[index]!)
    const sensorTrouble = (reason: string) => listen({ type: 'sensor-trouble', reason: this.#redact(reason) })
    this.#sensors = Sensors.of(options)
    this.#captures = new Captures(clock, signal, sensorTrouble)
    this.#watcher = new Watcher({
      siem: options.siem,
      judge,
      clock,
      listen,
      pollMs,
      signal,
      onCheck: (test, check, record) => {
        const masked = this.#redact(record)
        this.#replaceCheck(test.record, test.checks.indexOf(check), masked)
        this.#save()
        listen({ type: 'check-judged', test: test.planned.id, check: masked })
      },
      onDone: (test) => {
        listen({ type: 'test-finished', test: test.record })
        this.#keep(() => gatherEvidence(test, this.#watcher.rules, options))
      },
    })
  }

  async toEnd(): Promise<RunRecord> {
    const { clock, concurrency, listen, plan, signal } = this.#options
    listen({ type: 'run-started', record: this.#record, lanes: concurrency })
    this.#save()
    const interrupted = () => listen({ type: 'interrupted' })
    signal.addEventListener('abort', interrupted)
    try {
      await schedule({
        tests: plan.tests,
        concurrency,
        signal,
        now: () => clock.now(),
        start: (test, quietUntil, quietBeforeMs) => clock.busy(() => this.#test(test, quietUntil, quietBeforeMs)),
      })
      await this.#captures.ended()
      if (this.#sensors !== null) this.#record.clocks = this.#redact(await this.#sensors.clocks(this.#windowsEnd))
      await this.#watcher.settled()
      await Promise.all(this.#keeping)
    } finally {
      signal.removeEventListener('abort', interrupted)
    }
    this.#record.endedAt = new Date(clock.now()).toISOString()
    this.#save()
    listen({ type: 'run-finished', record: this.#record })
    return this.#record
  }

  async #test(planned: PlannedTest, quietUntil: number, quietBeforeMs: () => number): Promise<void> {
    const { clock, listen, signal } = this.#options
    const record = this.#byTest.get(planned)!
    if (quietUntil > clock.now()) await clock.sleep(quietUntil - clock.now(), signal)
    if (signal.aborted) return
    const refusal = this.#refusal(planned)
    if (refusal !== null) {
      this.#notRun(planned, record, refusal)
      return
    }
    listen({ type: 'test-started', test: planned.id })
    const quietMs = quietBeforeMs()
    record.execution.startedAt = this.#iso()
    record.execution.reason = 'the run ended while this test ran'
    if (planned.test.changes.length + planned.test.cleanup.length > 0) {
      record.cleanup = {
        status: 'failed',
        verified: false,
        reason: 'the run ended before the clean-up: run `tocsin cleanup`',
      }
    }
    this.#save()
    const sensed = (await this.#sensors?.begin(planned)) ?? null
    const tap = this.#options.tap?.(planned) ?? null
    let capturedUntil = 0
    try {
      const execution = await this.#execute(planned, record)
      const windows = windowsOf(execution.times, { quietBeforeMs: quietMs, gapAfterMs: gapFor(planned) })
      this.#windowsEnd = Math.max(this.#windowsEnd, wholeWindow(windows)?.to ?? 0)
      capturedUntil = windows.test?.to ?? 0
      if (execution.times.test === null) this.#notJudged(planned, record, execution)
      else this.#watcher.add(new WatchedTest(planned, record, execution, windows, sensed))
    } catch (error) {
      this.#notRun(planned, record, messageOf(error))
    } finally {
      this.#captures.endAt(capturedUntil, { sensed, tap }, (records) => {
        record.captures = this.#redact(records)
        this.#save()
      })
    }
  }

  async #execute(planned: PlannedTest, record: TestRecord): Promise<Execution> {
    const { transport, clock, listen, journal, signal } = this.#options
    const context = { transport, clock, listen, journal, signal, redact: this.#redact }
    const execution = await executeTest(context, planned, {
      onStep: (step) => {
        record.execution.steps.push(step)
        this.#save()
      },
      onExecuted: ({ status, reason }) => {
        record.execution.status = status
        record.execution.reason = reason
        record.execution.endedAt = this.#iso()
        this.#save()
        listen({ type: 'test-executed', test: planned.id, status })
      },
    })
    record.cleanup = execution.cleanup
    this.#save()
    listen({ type: 'cleanup-finished', test: planned.id, cleanup: record.cleanup })
    return execution
  }

  /** Leave may end in the middle of a run. */
  #refusal({ hosts, sensors }: PlannedTest): string | null {
    const { authorization } = this.#options
    if (authorization === null || [...hosts.values(), ...sensors].every(isEmulated)) return null
    return timeRefusal(authorization, this.#realNow())?.message ?? null
  }

  /** No step of the test itself ran: there is nothing that the SIEM could show. */
  #notJudged(planned: PlannedTest, record: TestRecord, execution: Execution): void {
    for (const [index, check] of planned.checks.entries()) {
      this.#replaceCheck(record, index, this.#redact(unexecuted(check, execution, planned.test.execution)))
    }
    this.#save()
    const { listen } = this.#options
    for (const check of record.checks) listen({ type: 'check-judged', test: planned.id, check })
    listen({ type: 'test-finished', test: record })
    this.#keep(async () => evidenceWithoutEvents(planned, execution))
  }

  #notRun(planned: PlannedTest, record: TestRecord, reason: string): void {
    record.execution.status = 'skipped'
    record.execution.reason = this.#redact(reason)
    if (record.execution.steps.length === 0) record.cleanup = { status: 'not-needed', verified: true, reason: null }
    const times = { setup: null, test: null, cleanup: null }
    this.#notJudged(planned, record, { status: 'skipped', reason, certain: false, times, cleanup: record.cleanup })
  }

  /** The run goes on meanwhile. */
  #keep(gather: () => Promise<Evidence>): void {
    const { clock, keep } = this.#options
    if (keep !== undefined) this.#keeping.push(clock.busy(async () => keep(await gather())))
  }

  /** Keeps the summary's counts with it. */
  #replaceCheck(record: TestRecord, index: number, check: CheckRecord): void {
    const { outcomes, verdicts } = this.#record.summary
    const before = record.checks[index]!
    outcomes[before.outcome] -= 1
    verdicts[before.verdict] -= 1
    outcomes[check.outcome] += 1
    verdicts[check.verdict] += 1
    record.checks[index] = check
  }

  #iso(): string {
    return new Date(this.#options.clock.now()).toISOString()
  }

  #save(): void {
    this.#record.durationMs = this.#realNow() - this.#realStart
    this.#record.lab.timeScale = this.#options.lab.timeScale()
    this.#options.save(this.#record)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
