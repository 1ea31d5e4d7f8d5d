/** Why events make a sample, or none: its parts, and what they must share. */
import type { EventDocument } from '../../model/event.ts'
import type { Explanation } from '../../model/run-record.ts'
import { type Plan, stagesOf } from '../plan.ts'
import { runPlan } from '../run-plan.ts'
import { sentenceOf } from './clauses.ts'
import { hitsOf } from './hits.ts'
import { joinReason, namesOf, type StepHit } from './join-reason.ts'
import { StageExplainer, spanText } from './nearest.ts'
import { stepOf } from './step.ts'

type SamplePlan = Plan & { shape: 'sample' }

export function explainSample(plan: SamplePlan, query: string, events: readonly EventDocument[]): Explanation {
  const stages = [...new Set(stagesOf(plan))]
  const explainers = stages.map((stage) => new StageExplainer(stage, query))
  const matches = runPlan(plan, events, ({ source }) => source)
  const [match] = matches
  if (match !== undefined) {
    const nearest = stages.map((stage, step) =>
      stepOf(explainers[step]!, step, match.events[plan.stages.indexOf(stage)]!),
    )
    return { summary: `${matches.length} ${matches.length === 1 ? 'sample matches' : 'samples match'}`, nearest }
  }
  const closest = explainers.map((explainer) => explainer.nearest(events))
  const lacking = explainers.findIndex((explainer, step) => {
    const event = closest[step]!
    return event === null || !explainer.matches(event)
  })
  const steps = explainers.map((explainer, step) => stepOf(explainer, step, closest[step]!))
  if (lacking === -1) return unjoined(explainers, events) ?? { summary: sharedText(plan, explainers), nearest: steps }
  const event = closest[lacking]!
  const explainer = explainers[lacking]!
  const summary = event === null ? `no ${explainer.kindName} is there` : sentenceOf(explainer.explain(event))
  return { summary, nearest: steps }
}

/** Each part has events, but no join key has events of all parts: the key of most parts, and what another part has. */
function unjoined(explainers: StageExplainer[], events: readonly EventDocument[]): Explanation | null {
  const hits = explainers.map((explainer) => hitsOf(explainer, events))
  const parts = new Map<string | null, Set<number>>()
  for (const [step, found] of hits.entries()) {
    for (const { key } of found) parts.set(key, (parts.get(key) ?? new Set()).add(step))
  }
  const [most] = [...parts].filter(([key]) => key !== null).sort((a, b) => b[1].size - a[1].size)
  if (most?.[1].size === explainers.length) return null
  // Without any key every part lacks one, the first as well as the others.
  const [key, joined] = most ?? [null, new Set([0])]
  const lacking = explainers.findIndex((_, step) => !joined.has(step))
  if (lacking === -1) return null
  const hitOf = (step: number) => hits[step]!.find((hit) => hit.key === key) ?? hits[step]![0]!
  const [has] = joined
  const [former, latter] = [has!, lacking].sort((a, b) => a - b).map((step): StepHit => [step, hitOf(step)])
  const summary = joinReason(explainers, former!, latter!)
  const nearest = explainers.map((explainer, step) =>
    stepOf(explainer, step, hitOf(step).event, step === lacking ? summary : null),
  )
  return { summary, nearest }
}

/** What events that each part has must fulfil together. */
function sharedText({ stages, within }: SamplePlan, explainers: StageExplainer[]): string {
  const key = namesOf(explainers[0]!)
  const [last, ...others] = [
    within?.distinct ? `differ in ${within.distinct.name}` : 'be different ones',
    ...(key === '' ? [] : [`share ${key}`]),
    ...(within === undefined ? [] : [`lie within ${spanText(within.maxspanMs)}`]),
  ].reverse()
  const all = others.length === 0 ? last! : `${others.reverse().join(', ')} and ${last!}`
  return `each part has events; the ${stages.length} of a sample must also ${all}`
}
