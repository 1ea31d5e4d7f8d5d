/** Why events that make a whole sequence are still no match: others are there that it must not have. */
import type { EventDocument } from '../../model/event.ts'
import type { Explanation } from '../../model/run-record.ts'
import type { Match } from '../sequence/matcher.ts'
import { type Hit, matchesOf, type SequencePlan } from './hits.ts'
import type { NameOf } from './name.ts'
import { type StageExplainer, spanText, timeOf } from './nearest.ts'
import { stepOf } from './step.ts'

/** An event where the rule wants none. */
interface Blocker {
  /** Index of the missing step that it is. */
  stage: number
  hit: Hit
  /** How far it is from which step of the sequence. */
  place: string
}

/** The first sequence that is a match but for its missing steps, with what forbids it; null when there is none. */
export function forbiddenSequence(
  plan: SequencePlan,
  explainers: StageExplainer[],
  hits: Hit[][],
  events: readonly EventDocument[],
  nameOf: NameOf,
): Explanation | null {
  const positive = plan.stages.flatMap((stage, index) => (stage.missing ? [] : [index]))
  if (positive.length === plan.stages.length) return null
  const stages = positive.map((index) => plan.stages[index]!)
  const [match] = matchesOf({ ...plan, stages }, events)
  if (match === undefined) return null
  const blockers = blockersOf(plan, positive, hits, match)
  if (blockers.length === 0) return null
  const summary = summaryOf(plan, explainers, blockers, nameOf)
  const steps = [
    ...positive.map((index, order) => stepOf(explainers[index]!, index, match.events[order]!)),
    ...blockers.map(({ stage, hit }) => stepOf(explainers[stage]!, stage, hit.event, summary)),
  ]
  return { summary, nearest: steps.sort((a, b) => a.step - b.step) }
}

/** By time alone, as the matcher looks: one between two steps, or what leaves no room before and after the sequence. */
function blockersOf(
  plan: SequencePlan,
  positive: number[],
  hits: Hit[][],
  { events, key }: Match<EventDocument>,
): Blocker[] {
  const times = events.map((event) => timeOf(event!.source))
  const first = times[0]!
  let before: Blocker | null = null
  let after: Blocker | null = null
  for (const [stage, { missing }] of plan.stages.entries()) {
    if (!missing) continue
    const there = hits[stage]!.filter((hit) => hit.key === key.text)
    const order = positive.filter((index) => index < stage).length
    if (order === 0) {
      const hit = there.findLast(({ time }) => time < first)
      if (hit === undefined || (before !== null && before.hit.time >= hit.time)) continue
      before = { stage, hit, place: `${spanText(first - hit.time)} before step ${positive[0]! + 1}` }
    } else {
      const from = times[order - 1]!
      const to = times[order] ?? Number.POSITIVE_INFINITY
      const hit = there.find(({ time }) => time > from && time < to)
      if (hit === undefined) continue
      const found = { stage, hit, place: `${spanText(hit.time - from)} after step ${positive[order - 1]! + 1}` }
      if (order < positive.length) return [found]
      if (after === null || hit.time < after.hit.time) after = found
    }
  }
  return [before, after].filter((blocker) => blocker !== null)
}

function summaryOf(plan: SequencePlan, explainers: StageExplainer[], blockers: Blocker[], nameOf: NameOf): string {
  const sentences = blockers.map(({ hit, place }) => `${nameOf(hit.event)} came ${place}`)
  const steps = blockers.map(({ stage }) => stage + 1)
  // Either of two alone would leave room for the sequence on its other side.
  if (blockers.length > 1)
    return `${sentences.join(' and ')}, the rule wants more than ${spanText(plan.maxspanMs!)} between them (steps ${steps.join(' and ')})`
  const { kindName } = explainers[blockers[0]!.stage]!
  return `${sentences[0]}, where the rule wants no such ${kindName} (step ${steps[0]})`
}
