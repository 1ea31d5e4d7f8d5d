/** What judging one test again takes, gathered when its checks are judged. */
import type { Clock } from '../model/clock.ts'
import type { EventDocument } from '../model/event.ts'
import type { Execution } from './execute/execute-test.ts'
import type { PhaseTimes } from './execute/windows.ts'
import { ruleIdsOf } from './judge/rule-book.ts'
import type { WatchedTest } from './judge/watched-test.ts'
import type { PlannedTest } from './plan/planned.ts'
import type { Alert, Judge, RuleState, Siem } from './ports.ts'

export interface Evidence {
  planned: PlannedTest
  /** False when the transport lost sight of a command. */
  certain: boolean
  times: PhaseTimes
  windows: PhaseTimes
  /** All events of its hosts in its time, those of set-up, clean-up and other tests included. */
  events: EventDocument[]
  /** Why the SIEM did not give all of them; null when it did. */
  incomplete: string | null
  alerts: Alert[]
  /** The rules of its analytics. */
  rules: RuleState[]
}

/** Lab time in which the last events of a test still reach the SIEM, after its windows. */
const LATECOMERS_MS = 30_000

/** Waits until the test's time is over, also for a test whose alerts came early. To be called with the clock busy. */
export async function gatherEvidence(
  test: WatchedTest,
  rules: ReadonlyMap<string, RuleState>,
  { siem, judge, clock, signal }: { siem: Siem; judge: Judge; clock: Clock; signal: AbortSignal },
): Promise<Evidence> {
  const { planned, execution, windows } = test
  const left = test.window.to + LATECOMERS_MS - clock.now()
  if (left > 0) await clock.sleep(left, signal)
  const ruleIds = new Set(test.checks.flatMap(ruleIdsOf))
  return {
    planned,
    certain: execution.certain,
    times: execution.times,
    windows,
    ...(await eventsOf(test, siem, judge)),
    alerts: [...test.alerts],
    rules: [...rules.values()].filter(({ ruleId }) => ruleIds.has(ruleId)),
  }
}

async function eventsOf(test: WatchedTest, siem: Siem, judge: Judge): Promise<Pick<Evidence, 'events' | 'incomplete'>> {
  const local = test.sensed?.local ?? []
  try {
    const [answer] = await siem.events([test.eventQuery(judge)])
    return { events: [...answer!.events, ...local], incomplete: answer!.complete ? null : answer!.reason }
  } catch (error) {
    const events = Object.values(test.trace.phases).flatMap((list) => list.map(({ document }) => document))
    return { events, incomplete: error instanceof Error ? error.message : String(error) }
  }
}

/** Of a test of which no step of its own ran. */
export function evidenceWithoutEvents(planned: PlannedTest, { certain, times }: Execution): Evidence {
  const windows = { setup: null, test: null, cleanup: null }
  return { planned, certain, times, windows, events: [], incomplete: null, alerts: [], rules: [] }
}
