/** What a finished run tells the shell. */
import type { RunRecord } from '../../model/run-record.ts'

/** 130 interrupted; 1 something unexpected; 3 something inconclusive, a clean-up that is not verified or a file that is not written; else 0. */
export function exitCodeOf(
  record: RunRecord,
  { interrupted, written }: { interrupted: boolean; written: boolean },
): number {
  if (interrupted) return 130
  const { unexpected, inconclusive } = record.summary.outcomes
  if (unexpected > 0) return 1
  const dirty = record.tests.some(
    ({ cleanup }) => cleanup.status === 'failed' || (cleanup.status === 'done' && !cleanup.verified),
  )
  return inconclusive > 0 || dirty || !written ? 3 : 0
}
