/** How far the events of a sequence got, and why no further. */
import type { EventDocument } from '../../model/event.ts'
import type { Explanation } from '../../model/run-record.ts'
import { limited } from '../plan.ts'
import { nearestCandidate } from './candidate.ts'
import { sentenceOf } from './clauses.ts'
import { forbiddenSequence } from './forbidden.ts'
import { type Hit, hitsOf, MOST_CANDIDATES, matchesOf, type SequencePlan } from './hits.ts'
import type { NameOf } from './name.ts'
import { StageExplainer, timeOf } from './nearest.ts'
import { stepOf } from './step.ts'

export function explainSequence(
  plan: SequencePlan,
  query: string,
  events: readonly EventDocument[],
  nameOf: NameOf,
): Explanation {
  const explainers = plan.stages.map((stage) => new StageExplainer(stage, query))
  const matches = matchesOf(plan, events)
  if (matches.length > 0) {
    const [shown] = [...limited(matches, plan.limits), ...matches]
    const steps = shown!.events.flatMap((event, index) =>
      event === null ? [] : [stepOf(explainers[index]!, index, event)],
    )
    const summary = `${matches.length} ${matches.length === 1 ? 'sequence matches' : 'sequences match'}`
    return { summary, nearest: steps }
  }
  const hits = explainers.map((explainer) => hitsOf(explainer, events))
  const positive = plan.stages.flatMap((stage, index) => (stage.missing ? [] : [index]))
  const empty = positive.find((index) => hits[index]!.length === 0)
  if (empty !== undefined) return lackingStep(plan, explainers, hits, empty, events)
  const forbidden = forbiddenSequence(plan, explainers, hits, events, nameOf)
  if (forbidden !== null) return forbidden

  const best = nearestCandidate(plan, explainers, hits, positive, events, nameOf)
  const steps = positive.map((index, order) => {
    const reached = best.chain[order]
    if (reached !== undefined) return stepOf(explainers[index]!, index, reached.event)
    const stopped = order === best.chain.length ? best.stoppedBy : (hits[index]![0] ?? null)
    return stepOf(explainers[index]!, index, stopped?.event ?? null, order === best.chain.length ? best.reason : null)
  })
  return { summary: best.reason, nearest: steps }
}

/** A step that no event fulfils: the nearest one, best beside the events of its neighbours. */
function lackingStep(
  plan: SequencePlan,
  explainers: StageExplainer[],
  hits: Hit[][],
  lacking: number,
  events: readonly EventDocument[],
): Explanation {
  const explainer = explainers[lacking]!
  const neighbours = hits
    .flatMap((found, index) => (plan.stages[index]!.missing ? [] : found))
    .slice(0, MOST_CANDIDATES)
  const keys = new Set(neighbours.map(({ key }) => key))
  const nearest = explainer.nearest(events, (event) => {
    const joins = explainer.keysOf(event.source).some(({ text }) => keys.has(text)) ? 1 : 0
    const time = timeOf(event.source)
    const away = neighbours.reduce((least, hit) => Math.min(least, Math.abs(hit.time - time)), Number.POSITIVE_INFINITY)
    return joins + 1 / (2 + away)
  })
  const where = ` (step ${lacking + 1} of ${plan.stages.length})`
  const summary =
    nearest === null ? `no ${explainer.kindName} is there${where}` : `${sentenceOf(explainer.explain(nearest))}${where}`
  const steps = explainers.flatMap((other, index) => {
    if (plan.stages[index]!.missing) return []
    const event = index === lacking ? nearest : (hits[index]![0]?.event ?? other.nearest(events))
    return [stepOf(other, index, event)]
  })
  return { summary, nearest: steps }
}
