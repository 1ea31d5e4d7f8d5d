/** How long each leg of the way from a command to its alert took, lab milliseconds. */
import type { CheckRecord, StepRecord } from '../../model/run-record.ts'
import type { TestEvent } from './correlate.ts'
import { timeOf } from './event-pool.ts'

/**
 * `events`: the evidence; its last event is the one that completes it. `alertAt`: null when there is no alert.
 * The first leg counts from the start of the step in whose time the event falls. Null when there is no event.
 */
export function latencyOf(
  steps: readonly StepRecord[],
  events: readonly TestEvent[],
  alertAt: number | null,
): CheckRecord['latencyMs'] {
  const last = events.reduce<TestEvent | null>(
    (latest, event) => (latest && latest.at > event.at ? latest : event),
    null,
  )
  if (last === null) return null
  const starts = steps.filter(({ phase }) => phase === 'test').map(({ startedAt }) => Date.parse(startedAt))
  const start = starts.findLast((time) => time <= last.at) ?? starts[0]
  const ingested = timeOf(last.document.source, 'event.ingested')
  return {
    executionToEvent: start === undefined ? null : last.at - start,
    eventToIngest: ingested === null ? null : ingested - last.at,
    ingestToAlert: ingested === null || alertAt === null ? null : alertAt - ingested,
    total: start === undefined || alertAt === null ? null : alertAt - start,
  }
}
