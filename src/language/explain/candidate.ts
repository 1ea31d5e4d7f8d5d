/** Beginnings of a sequence, followed as far as they go. */
import type { EventDocument } from '../../model/event.ts'
import { type Hit, hitsOf, joins, MOST_CANDIDATES, type SequencePlan } from './hits.ts'
import { joinReason } from './join-reason.ts'
import type { NameOf } from './name.ts'
import { StageExplainer, spanText } from './nearest.ts'

/** A chain of events as far as it got, and what stopped it. */
interface Candidate {
  chain: Hit[]
  /** The event that came nearest to being the next step. */
  stoppedBy: Hit | null
  reason: string
  /** Lower is nearer: kind of obstacle, then by how much. */
  distance: [kind: number, amount: number]
}

/** The candidate that came nearest, of a sequence that has events for each step and no match. */
export function nearestCandidate(
  plan: SequencePlan,
  explainers: StageExplainer[],
  hits: Hit[][],
  positive: number[],
  events: readonly EventDocument[],
  nameOf: NameOf,
): Candidate {
  const until = plan.until === null ? [] : hitsOf(new StageExplainer(plan.until, ''), events)
  const starts = hits[positive[0]!]!.slice(-MOST_CANDIDATES)
  const candidates = starts.map((start) => follow(plan, explainers, hits, positive, until, start, nameOf))
  return candidates.reduce((best, candidate) => (isNearer(candidate, best) ? candidate : best))
}

function isNearer(a: Candidate, b: Candidate): boolean {
  if (a.chain.length !== b.chain.length) return a.chain.length > b.chain.length
  return a.distance[0] === b.distance[0] ? a.distance[1] < b.distance[1] : a.distance[0] < b.distance[0]
}

/** Follows a candidate from its first event as far as it goes. */
function follow(
  plan: SequencePlan,
  explainers: StageExplainer[],
  hits: Hit[][],
  positive: number[],
  until: Hit[],
  start: Hit,
  nameOf: NameOf,
): Candidate {
  const chain = [start]
  for (const index of positive.slice(1)) {
    const last = chain.at(-1)!
    const next = hits[index]!.find((hit) => joins(hit, last) && hit.position > last.position)
    if (next === undefined) return { chain, ...strayOf(plan, explainers, hits[index]!, index, last) }
    const obstacle = obstacleOf(plan, chain, next, until, nameOf)
    if (obstacle !== null) return { chain, stoppedBy: next, ...obstacle }
    chain.push(next)
  }
  // Without a time an event looks as if it fitted, but no sequence takes it.
  return { chain, stoppedBy: null, reason: 'an event has no time, so that no sequence has it', distance: [0, 0] }
}

type Obstacle = Pick<Candidate, 'reason' | 'distance'>

/** What keeps an event that joins and comes later from being the next step. */
function obstacleOf(plan: SequencePlan, chain: Hit[], next: Hit, until: Hit[], nameOf: NameOf): Obstacle | null {
  const [first] = chain
  const last = chain.at(-1)!
  const took = next.time - first!.time
  const step = chain.length + 1
  if (plan.maxspanMs !== null && took > plan.maxspanMs) {
    const over = took - plan.maxspanMs
    const reason = `step ${step} came ${spanText(took)} after step 1, maxspan is ${spanText(plan.maxspanMs)}: ${spanText(over)} too late`
    return { reason, distance: [1, over] }
  }
  const stop = until.find((hit) => joins(hit, next) && hit.position >= last.position && hit.position < next.position)
  if (stop === undefined) return null
  return { reason: `the until ${nameOf(stop.event)} lies between step ${step - 1} and step ${step}`, distance: [0, 0] }
}

/** No event with the join key comes later: the nearest that comes earlier, or has another key. */
function strayOf(
  plan: SequencePlan,
  explainers: StageExplainer[],
  hits: Hit[],
  index: number,
  last: Hit,
): Pick<Candidate, 'stoppedBy' | 'reason' | 'distance'> {
  const away = (hit: Hit) => Math.abs(hit.time - last.time)
  const nearestOf = (among: Hit[]) =>
    among.length === 0 ? null : among.reduce((best, hit) => (away(hit) < away(best) ? hit : best))
  const earlier = nearestOf(hits.filter((hit) => joins(hit, last)))
  if (earlier !== null) {
    const reason =
      earlier.position === last.position
        ? `step ${index + 1} is the same event as step ${index}: each step needs its own`
        : `step ${index + 1} came ${spanText(last.time - earlier.time)} before step ${index}, the rule wants it after`
    return { stoppedBy: earlier, reason, distance: [2, away(earlier)] }
  }
  const other = nearestOf(hits)!
  const previous = plan.stages.findLastIndex((stage, at) => at < index && !stage.missing)
  return {
    stoppedBy: other,
    reason: joinReason(explainers, [previous, last], [index, other]),
    distance: [3, away(other)],
  }
}
