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

/** What a query reads that the judge cannot read itself, but the SIEM runs: any event will have to do. */
const ANY: EventKind = { name: 'events', categories: null }

/** The kinds of event it reads, in the order of its steps. */
const kindsRead = (judge: Judge, implementation: Implementation): EventKind[] =>
  judge.refusal(implementation) === null ? judge.reads(implementation) : [ANY]

const isOfKind = (judge: Judge, { document }: TestEvent, kind: EventKind): boolean =>
  kind === ANY || judge.isOfKind(document, kind)

/** The kinds of event it reads of which there is none. */
export const missingKinds = (judge: Judge, implementation: Implementation, read: readonly TestEvent[]): EventKind[] =>
  kindsRead(judge, implementation).filter((kind) => !read.some((event) => isOfKind(judge, event, kind)))

/** The events that are of any kind it reads. */
export const ofKinds = (judge: Judge, implementation: Implementation, read: readonly TestEvent[]): TestEvent[] => {
  const kinds = kindsRead(judge, implementation)
  return read.filter((event) => kinds.some((kind) => isOfKind(judge, event, kind)))
}
