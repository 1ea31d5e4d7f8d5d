/** Why a plan does or does not match events. */
import type { EventDocument } from '../../model/event.ts'
import type { Explanation } from '../../model/run-record.ts'
import type { Plan } from '../plan.ts'

export function explainPlan(_plan: Plan, _query: string, _events: readonly EventDocument[]): Explanation {
  return { summary: '', nearest: [] }
}
