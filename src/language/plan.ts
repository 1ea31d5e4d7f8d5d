/** What a compiled query does, whatever its language: one event, an ordered sequence, or an unordered sample of events. */
import type { Expression, Field, Value } from './predicate/expression.ts'
import type { Span } from './query-error.ts'

/** One event that is looked for. */
export interface Stage {
  /** Category an event must have; null for any. */
  category: string | null
  /** The field that holds it. */
  categoryField: Field
  /** What else must hold. */
  condition: Expression
  /** Fields whose values the events of a match share, in order. */
  keys: JoinKey[]
  /** A match must have no such event here. */
  missing: boolean
  /** Where a category is not enough to say what is read: what people call it, and a field that only it has. */
  evidence?: { name: string; field: string }
  span: Span
}

export interface JoinKey {
  field: Field
  /** Null is a value like any other; otherwise events without the field take no part. */
  optional: boolean
}

/** Cuts the list of matches: the first or the last so many. */
export interface Limit {
  from: 'head' | 'tail'
  count: number
}

export type Plan =
  | { shape: 'event'; stage: Stage; limits: Limit[] }
  | { shape: 'sequence'; stages: Stage[]; until: Stage | null; maxspanMs: number | null; limits: Limit[] }
  | { shape: 'sample'; stages: Stage[]; within?: Within }

/** Confines a sample to a span of time. */
export interface Within {
  maxspanMs: number
  /** The events are told apart by this field: each has another value of it. Null: any different events will do. */
  distinct: Field | null
}

export const stagesOf = (plan: Plan): Stage[] => (plan.shape === 'event' ? [plan.stage] : plan.stages)

/** What `limits` leave of a list. */
export function limited<T>(list: T[], limits: Limit[]): T[] {
  return limits.reduce(
    (rest, { from, count }) => (from === 'head' ? rest.slice(0, count) : rest.slice(Math.max(0, rest.length - count))),
    list,
  )
}

/** What a plan finds: one event a stage, null where a stage asks for none, and the join key that they share. */
export interface Found<Event> {
  events: (Event | null)[]
  joinKeys: Value[]
}
