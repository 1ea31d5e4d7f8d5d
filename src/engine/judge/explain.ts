/** Why the logic does not match a test's events: of equally near ones by those that are surest the test's. */
import type { Implementation } from '../../model/analytic.ts'
import type { Explanation } from '../../model/run-record.ts'
import type { Confidence } from '../../model/words.ts'
import type { Judge } from '../ports.ts'
import type { TestEvent } from './correlate.ts'

/** Whose events may do for an explanation, the surest first. */
const SURE: Confidence[][] = [['marker'], ['marker', 'entity']]

/** The explanation by marked events, or by those joined to them, wherever all events together come no nearer. */
export function explainBest(judge: Judge, implementation: Implementation, read: readonly TestEvent[]): Explanation {
  const explain = (events: readonly TestEvent[]) =>
    judge.explain(
      implementation,
      events.map(({ document }) => document),
    )
  const all = explain(read)
  // Order, key and span of a sequence say how near it came better than its clauses, which all hold.
  if (all.nearest.some(({ note }) => note !== null)) return all
  for (const sure of SURE) {
    const own = read.filter(({ confidence }) => sure.includes(confidence))
    if (own.length === 0 || own.length === read.length) continue
    const explanation = explain(own)
    if (isAsNear(explanation, all)) return explanation
  }
  return all
}

/** As many steps have an event, and as many clauses hold. */
const isAsNear = (one: Explanation, other: Explanation): boolean =>
  stepsOf(one) === stepsOf(other) && heldBy(one) === heldBy(other)

const stepsOf = ({ nearest }: Explanation): number => nearest.filter(({ event }) => event !== null).length

const heldBy = ({ nearest }: Explanation): number =>
  nearest.flatMap(({ clauses }) => clauses).filter(({ holds }) => holds).length
