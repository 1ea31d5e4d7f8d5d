/** How far the candidates of a sequence got, and why no further. */
import type { EventDocument } from '../../model/event.ts'
import type { Explanation } from '../../model/run-record.ts'
import type { Plan } from '../plan.ts'
import { SequenceMatcher } from '../sequence/matcher.ts'
import { sentenceOf } from './clauses.ts'
import { StageExplainer, spanText, timeOf } from './nearest.ts'
import { stepOf } from './step.ts'
import { shown } from './wanted.ts'

type SequencePlan = Plan & { shape: 'sequence' }

interface Hit {
  event: EventDocument
  key: string
  time: number
  position: number
}

/** A chain of events as far as it got, and what stopped it. */
interface Candidate {
  chain: Hit[]
  /** The event that came nearest to being the next step. */
  stoppedBy: Hit | null
  reason: string
  /** Lower is nearer: kind of obstacle, then by how much. */
  distance: [kind: number, amount: number]
}

/** Candidates that are followed; more begin no better explanation. */
const MOST_CANDIDATES = 500

export function explainSequence(plan: SequencePlan, query: string, events: readonly EventDocument[]): Explanation {
  const explainers = plan.stages.map((stage) => new StageExplainer(stage, query))
  const matches = countMatches(plan, events)
  const hits = explainers.map((explainer) => hitsOf(explainer, events))
  const positive = plan.stages.flatMap((stage, index) => (stage.missing ? [] : [index]))
  const empty = positive.find((index) => hits[index]!.length === 0)
  if (matches === 0 && empty !== undefined) return lackingStep(plan, explainers, hits, empty, events)

  const best = nearestCandidate(plan, explainers, hits, positive, events)
  const steps = positive.map((index, order) => {
    const reached = best.chain[order]
    if (reached !== undefined) return stepOf(explainers[index]!, index, reached.event)
    const stopped = order === best.chain.length ? best.stoppedBy : (hits[index]![0] ?? null)
    return stepOf(explainers[index]!, index, stopped?.event ?? null, order === best.chain.length ? best.reason : null)
  })
  if (matches > 0)
    return { summary: `${matches} ${matches === 1 ? 'sequence matches' : 'sequences match'}`, nearest: steps }
  return { summary: best.reason, nearest: steps }
}

function countMatches(plan: SequencePlan, events: readonly EventDocument[]): number {
  const matcher = new SequenceMatcher<EventDocument>(plan, ({ source }) => source)
  const found = events.reduce((sum, event) => sum + matcher.push(event).length, 0)
  return found + matcher.finish().length
}

const NO_KEY = [{ text: '' }]

function hitsOf(explainer: StageExplainer, events: readonly EventDocument[]): Hit[] {
  return events.flatMap((event, position) => {
    if (!explainer.matches(event)) return []
    const keys = explainer.keysOf(event.source)
    const time = timeOf(event.source)
    return (keys.length === 0 ? NO_KEY : keys).map(({ text }) => ({ event, key: text, time, position }))
  })
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

function nearestCandidate(
  plan: SequencePlan,
  explainers: StageExplainer[],
  hits: Hit[][],
  positive: number[],
  events: readonly EventDocument[],
): Candidate {
  const until = plan.until === null ? [] : hitsOf(new StageExplainer(plan.until, ''), events)
  const starts = hits[positive[0]!]!.slice(-MOST_CANDIDATES)
  const candidates = starts.map((start) => follow(plan, explainers, hits, positive, until, start))
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
): Candidate {
  const chain = [start]
  for (const index of positive.slice(1)) {
    const last = chain.at(-1)!
    const next = hits[index]!.find((hit) => hit.key === last.key && hit.position > last.position)
    const obstacle = next === undefined ? null : obstacleOf(plan, chain, next, until)
    if (next !== undefined && obstacle === null) {
      chain.push(next)
      continue
    }
    if (next !== undefined && obstacle !== null) return { chain, stoppedBy: next, ...obstacle }
    return { chain, ...strayOf(plan, explainers, hits[index]!, index, last) }
  }
  const absent = plan.stages.findIndex((stage) => stage.missing)
  const blocker = absent === -1 ? null : (hits[absent]!.find((hit) => hit.key === start.key) ?? null)
  const reason =
    blocker === null
      ? 'a newer event took the place of an earlier step'
      : `${explainers[absent]!.kindName} ${blocker.event.id} is there, where the rule wants none (step ${absent + 1})`
  return { chain, stoppedBy: blocker, reason, distance: [0, 0] }
}

type Obstacle = Pick<Candidate, 'reason' | 'distance'>

/** What keeps an event that joins and comes later from being the next step. */
function obstacleOf(plan: SequencePlan, chain: Hit[], next: Hit, until: Hit[]): Obstacle | null {
  const [first] = chain
  const last = chain.at(-1)!
  const took = next.time - first!.time
  const step = chain.length + 1
  if (plan.maxspanMs !== null && took > plan.maxspanMs) {
    const over = took - plan.maxspanMs
    const reason = `step ${step} came ${spanText(took)} after step 1, maxspan is ${spanText(plan.maxspanMs)}: ${spanText(over)} too late`
    return { reason, distance: [1, over] }
  }
  const stop = until.find(
    (hit) => hit.key === next.key && hit.position >= last.position && hit.position < next.position,
  )
  if (stop === undefined) return null
  return { reason: `the until event ${stop.event.id} lies between step ${step - 1} and step ${step}`, distance: [0, 0] }
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
  const earlier = nearestOf(hits.filter((hit) => hit.key === last.key))
  if (earlier !== null) {
    const reason =
      earlier.position === last.position
        ? `step ${index + 1} is the same event as step ${index}: each step needs its own`
        : `step ${index + 1} came ${spanText(last.time - earlier.time)} before step ${index}, the rule wants it after`
    return { stoppedBy: earlier, reason, distance: [2, away(earlier)] }
  }
  const other = nearestOf(hits)!
  return { stoppedBy: other, reason: joinReason(plan, explainers, index, last, other), distance: [3, away(other)] }
}

/** The first join key on which two events differ. */
function joinReason(plan: SequencePlan, explainers: StageExplainer[], index: number, last: Hit, other: Hit): string {
  const previous = plan.stages.findLastIndex((stage, at) => at < index && !stage.missing)
  const left = explainers[previous]!.keysOf(last.event.source)[0]?.values
  const right = explainers[index]!.keysOf(other.event.source)[0]?.values
  const keys = plan.stages[index]!.keys
  if (right === undefined) {
    return `step ${index + 1} has no ${keys.map(({ field }) => field.name).join(', ')} to join it with step ${previous + 1}`
  }
  if (left === undefined) {
    const names = plan.stages[previous]!.keys.map(({ field }) => field.name).join(', ')
    return `step ${previous + 1} has no ${names} to join it with step ${index + 1}`
  }
  const differing = keys.findIndex((_, at) => left[at] !== right[at])
  const name = keys[differing]?.field.name ?? 'join key'
  return `${name} is ${shown(left[differing])} in step ${previous + 1} and ${shown(right[differing])} in step ${index + 1}, the rule wants the same`
}
