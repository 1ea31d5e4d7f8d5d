/** Judges tests of an earlier run again, from a SIEM in which their telemetry arrives as it did then. */
import type { Clock } from '../model/clock.ts'
import { type RunRecord, summarise, type TestRecord } from '../model/run-record.ts'
import { unexecuted, unjudged } from './draft.ts'
import type { RunListener } from './events.ts'
import type { PhaseTimes } from './execute/windows.ts'
import { WatchedTest } from './judge/watched-test.ts'
import { Watcher } from './judge/watcher.ts'
import type { PlannedTest } from './plan/planned.ts'
import type { Judge, Siem } from './ports.ts'
import { sensedBefore } from './sensing/sensed-test.ts'

/** A test as it was executed. */
export interface ExecutedTest {
  planned: PlannedTest
  /** Its execution and clean-up as they were; gets one check for each that is planned. */
  record: TestRecord
  certain: boolean
  times: PhaseTimes
  windows: PhaseTimes
  /** Why its telemetry cannot be used; null when it can. */
  unusable: string | null
}

export interface JudgeAgainOptions {
  /** Everything but `tests`, `summary` and `endedAt`, which are set. */
  record: RunRecord
  tests: readonly ExecutedTest[]
  siem: Siem
  judge: Judge
  /** At the start of the earlier run, or before. */
  clock: Clock
  listen: RunListener
  signal: AbortSignal
}

/** Shortest lab time between two looks at the SIEM, milliseconds: that of a run. */
const POLL_MS = 500

/** Each test is watched from the time on at which it had been executed. Resolves when all are judged, or after an abort. */
export async function judgeAgain({ record, tests, clock, listen, ...ports }: JudgeAgainOptions): Promise<RunRecord> {
  record.tests = tests.map((test) => draftOf(test))
  const watcher = new Watcher({
    ...ports,
    clock,
    listen,
    pollMs: POLL_MS,
    onCheck: (test, check, judged) => {
      test.record.checks[test.checks.indexOf(check)] = judged
      listen({ type: 'check-judged', test: test.planned.id, check: judged })
    },
    onDone: (test) => listen({ type: 'test-finished', test: test.record }),
  })
  listen({ type: 'run-started', record, lanes: 1 })
  const watched = tests.filter(isJudged).toSorted((a, b) => endOf(a) - endOf(b))
  await clock.busy(async () => {
    for (const test of watched) {
      await clock.sleep(Math.max(0, endOf(test) - clock.now()), ports.signal)
      if (ports.signal.aborted) return
      listen({ type: 'test-executed', test: test.planned.id, status: test.record.execution.status })
      watcher.add(watchedOf(test, record.tests[tests.indexOf(test)]!))
    }
  })
  await watcher.settled()
  record.endedAt = new Date(clock.now()).toISOString()
  record.summary = summarise(record.tests)
  listen({ type: 'run-finished', record })
  return record
}

const isJudged = ({ unusable, times }: ExecutedTest): boolean => unusable === null && times.test !== null

/** Lab time of its last command, those of the clean-up included. */
const endOf = ({ times }: ExecutedTest): number => Math.max(...Object.values(times).map((time) => time?.to ?? 0))

function draftOf({ planned, record, times, unusable }: ExecutedTest): TestRecord {
  const execution = { ...record.execution, expected: planned.test.execution }
  const draft = (check: PlannedTest['checks'][number]) => {
    if (unusable !== null) return unjudged(check, unusable)
    if (times.test === null) return unexecuted(check, execution, planned.test.execution)
    return unjudged(check, 'judging was interrupted')
  }
  return { ...record, execution, checks: planned.checks.map(draft) }
}

function watchedOf({ planned, certain, times, windows }: ExecutedTest, record: TestRecord): WatchedTest {
  const { status, reason } = record.execution
  return new WatchedTest(
    planned,
    record,
    { status, reason, certain, times, cleanup: record.cleanup },
    windows,
    sensedBefore(record.captures),
  )
}
