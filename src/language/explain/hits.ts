/** The events that fulfil the steps of a plan, and the sequences that they make. */
import type { EventDocument } from '../../model/event.ts'
import type { Plan } from '../plan.ts'
import { type Match, orderOfMatches, SequenceMatcher } from '../sequence/matcher.ts'
import { type StageExplainer, timeOf } from './nearest.ts'

export type SequencePlan = Plan & { shape: 'sequence' }

export interface Hit {
  event: EventDocument
  /** Null: a field of the join key is missing, so that it joins with nothing. */
  key: string | null
  time: number
  position: number
}

/** Candidates that are looked at; more begin no better explanation. */
export const MOST_CANDIDATES = 500

const NO_KEY = [{ text: null }]

/** An event with several join keys is there once for each. */
export function hitsOf(explainer: StageExplainer, events: readonly EventDocument[]): Hit[] {
  return events.flatMap((event, position) => {
    if (!explainer.matches(event)) return []
    const keys = explainer.keysOf(event.source)
    const time = timeOf(event.source)
    return (keys.length === 0 ? NO_KEY : keys).map(({ text }) => ({ event, key: text, time, position }))
  })
}

export const joins = (a: Hit, b: Hit): boolean => a.key !== null && a.key === b.key

/** The sequences that a query finds, in its order, before any pipe. */
export function matchesOf(plan: SequencePlan, events: readonly EventDocument[]): Match<EventDocument>[] {
  const matcher = new SequenceMatcher<EventDocument>(plan, ({ source }) => source)
  const found = events.flatMap((event) => matcher.push(event))
  return [...found, ...matcher.finish()].sort(orderOfMatches)
}
