/** Why a plan does or does not match events. */
import type { EventDocument } from '../../model/event.ts'
import type { Explanation } from '../../model/run-record.ts'
import type { Plan, Stage } from '../plan.ts'
import { sentenceOf } from './clauses.ts'
import { eventName, type NameOf } from './name.ts'
import { StageExplainer } from './nearest.ts'
import { explainSample } from './sample.ts'
import { explainSequence } from './sequence.ts'
import { stepOf } from './step.ts'

/** Events come in time order; `nameOf` says what its sentences call one. */
export function explainPlan(
  plan: Plan,
  query: string,
  events: readonly EventDocument[],
  nameOf: NameOf = eventName,
): Explanation {
  if (plan.shape === 'sequence') return explainSequence(plan, query, events, nameOf)
  if (plan.shape === 'event') return explainStage(plan.stage, query, events)
  return explainSample(plan, query, events)
}

function explainStage(stage: Stage, query: string, events: readonly EventDocument[]): Explanation {
  const explainer = new StageExplainer(stage, query)
  const nearest = explainer.nearest(events)
  const step = stepOf(explainer, 0, nearest)
  if (nearest === null) return { summary: `no ${explainer.kindName} is there`, nearest: [step] }
  if (!step.holds) return { summary: sentenceOf(explainer.explain(nearest)), nearest: [step] }
  const count = events.filter((event) => explainer.matches(event)).length
  return { summary: `${count} ${count === 1 ? 'event matches' : 'events match'}`, nearest: [step] }
}
