/** A plan without mistakes, or all mistakes at once. */
import { type Plan, type PlanOptions, plan } from '../../engine/plan/plan.ts'
import { UsageError } from '../io.ts'

/** Throws `UsageError` with every mistake of the plan. */
export function makePlan(options: PlanOptions): Plan {
  const made = plan(options)
  if (made.problems.length > 0) {
    const lines = made.problems.map(
      ({ test, message, mend }) => `${test === null ? '' : `${test}: `}${message}${mend === null ? '' : `\n  ${mend}`}`,
    )
    throw new UsageError(`${lines.join('\n')}\nNothing was run.`)
  }
  return made
}
