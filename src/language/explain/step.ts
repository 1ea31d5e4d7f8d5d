import type { EventDocument } from '../../model/event.ts'
import type { Explanation } from '../../model/run-record.ts'
import type { StageExplainer } from './nearest.ts'

type Step = Explanation['nearest'][number]

/** One step of an explanation: an event and how it does on the step's clauses. */
export function stepOf(
  explainer: StageExplainer,
  step: number,
  event: EventDocument | null,
  note: string | null = null,
): Step {
  if (event === null) {
    return { step, event: null, holds: false, clauses: [], note: note ?? `no ${explainer.kindName} is there` }
  }
  const { results, failed } = explainer.explain(event)
  const reference = { index: event.index, id: event.id }
  return { step, event: reference, holds: failed.length === 0 && note === null, clauses: results, note }
}
