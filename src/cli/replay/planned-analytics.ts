/** Analytics with what their queries do, as data. */
import type { Plan } from '../../language/plan.ts'
import type { Analytic } from '../../model/analytic.ts'

export interface PlannedAnalytics {
  analytics: Analytic[]
  /** For each implementation of each analytic; null for a language that is not evaluated here. */
  plans: (Plan | null)[][]
}
