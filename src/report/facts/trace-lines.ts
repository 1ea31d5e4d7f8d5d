/** The trace of a check as plain lines, for formats without a layout of their own. */
import type { CheckRecord, TestRecord } from '../../model/run-record.ts'
import { instant } from '../time.ts'
import { breakage, VERDICT } from '../words.ts'
import { traceOf } from './trace.ts'

const STATE = { reached: 'yes', broken: 'BROKEN', quiet: 'no', unknown: 'unknown' }

export function traceLines(test: TestRecord, check: CheckRecord): string[] {
  const { events, alerts } = check.evidence
  return [
    `expected: ${check.expect}${check.reason === null ? '' : ` (${check.reason})`}`,
    `verdict: ${check.verdict} (${VERDICT[check.verdict]})${check.late ? ', late' : ''}`,
    ...(check.brokenStage === null ? [] : [`broken stage: ${check.brokenStage} (${breakage(check)})`]),
    ...(check.cause === null ? [] : [`cause: ${check.cause}`]),
    `marker: ${test.marker ?? 'none'}; correlation: ${check.confidence ?? 'none'}`,
    ...(test.execution.startedAt === null ? [] : [`started: ${instant(test.execution.startedAt)}`]),
    ...traceOf(test, check).map(
      ({ name, state, detail }) => `${name}: ${STATE[state]}${detail === '' ? '' : `, ${detail}`}`,
    ),
    ...events.map(({ index, id }) => `event: ${index}/${id}`),
    ...alerts.map(({ index, id, ruleId }) => `alert: ${index}/${id} of rule ${ruleId}`),
  ]
}
