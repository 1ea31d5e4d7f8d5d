/** What a run says of each analytic. */
import type { RunRecord } from '../../model/run-record.ts'
import type { Outcome } from '../../model/words.ts'

interface Duty {
  wanted: number
  met: number
}

export interface AnalyticTally {
  id: string
  title: string
  checks: number
  outcomes: Record<Outcome, number>
  /** Checks that expect an alert (or a match or telemetry at least), and those that are as expected. */
  alerts: Duty
  /** The same of checks that expect silence. */
  silences: Duty
}

/** The tally of every analytic of the record, in its order; analytics that only checks name come last. */
export function tallyAnalytics(record: RunRecord): AnalyticTally[] {
  const tallies = new Map<string, AnalyticTally>()
  const tallyOf = (id: string, title = id): AnalyticTally => {
    const known = tallies.get(id)
    if (known) return known
    const tally: AnalyticTally = {
      id,
      title,
      checks: 0,
      outcomes: { expected: 0, unexpected: 0, 'known-gap': 0, inconclusive: 0 },
      alerts: { wanted: 0, met: 0 },
      silences: { wanted: 0, met: 0 },
    }
    tallies.set(id, tally)
    return tally
  }
  for (const { id, title } of record.analytics) tallyOf(id, title)
  for (const check of record.tests.flatMap((test) => test.checks)) {
    const tally = tallyOf(check.analytic)
    tally.checks += 1
    tally.outcomes[check.outcome] += 1
    const duty = check.expect === 'silent' ? tally.silences : tally.alerts
    duty.wanted += 1
    if (check.outcome === 'expected') duty.met += 1
  }
  return [...tallies.values()]
}
