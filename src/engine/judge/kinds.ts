/** Which of a test's events an implementation reads, and which kinds of event are missing. */
import type { Implementation } from '../../model/analytic.ts'
import type { PlannedCheck } from '../plan/planned.ts'
import type { EventKind, Judge } from '../ports.ts'
import type { TestEvent } from './correlate.ts'
import { indexMatches, indicesOf } from './indices.ts'

/** The events that an implementation reads. */
export function eventsRead(
  check: PlannedCheck,
  implementation: Implementation,
  events: readonly TestEvent[],
): TestEvent[] {
  const indices = indicesOf(check.analytic, implementation)
  return events.filter(({ document }) => indexMatches(indices, document.index))
}

/** The kinds of event it reads of which there is none. */
export function missingKinds(judge: Judge, implementation: Implementation, read: readonly TestEvent[]): EventKind[] {
  return judge.reads(implementation).filter((kind) => !read.some(({ document }) => judge.isOfKind(document, kind)))
}
