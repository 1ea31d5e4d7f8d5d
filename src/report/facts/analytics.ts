/** What a run says of each analytic. */
import type { RunRecord } from '../../model/run-record.ts'
import type { Outcome } from '../../model/words.ts'

export interface AnalyticTally {
  id: string
  title: string
  checks: number
  outcomes: Record<Outcome, number>
  /** Checks that expect an alert, and those of them that alerted in time. */
  alerts: { wanted: number; raised: number }
  /** Checks that expect silence, and those of them that neither matched nor alerted. */
  silences: { wanted: number; kept: number }
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
      alerts: { wanted: 0, raised: 0 },
      silences: { wanted: 0, kept: 0 },
    }
    tallies.set(id, tally)
    return tally
  }
  for (const { id, title } of record.analytics) tallyOf(id, title)
  for (const check of record.tests.flatMap((test) => test.checks)) {
    const tally = tallyOf(check.analytic)
    tally.checks += 1
    tally.outcomes[check.outcome] += 1
    if (check.expect === 'alert') {
      tally.alerts.wanted += 1
      if (check.verdict === 'alerted' && !check.late) tally.alerts.raised += 1
    }
    if (check.expect === 'silent') {
      tally.silences.wanted += 1
      if (check.verdict === 'unseen' || check.verdict === 'logged') tally.silences.kept += 1
    }
  }
  return [...tallies.values()]
}
