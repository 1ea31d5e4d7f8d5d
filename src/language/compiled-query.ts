/** A plan, ready to be run over many events. */
import type { Language } from '../model/analytic.ts'
import type { EventDocument } from '../model/event.ts'
import type { Explanation } from '../model/run-record.ts'
import { type Categories, categoriesRead } from './categories.ts'
import type { CompileOptions } from './compile-options.ts'
import { type EventKind, kindsOf } from './event-kind.ts'
import { explainPlan } from './explain/explain.ts'
import type { NameOf } from './explain/name.ts'
import { type Found, type Plan, stagesOf } from './plan.ts'
import { fieldsOf } from './predicate/expression.ts'
import { inTimeOrder, runPlan, type SearchOptions } from './run-plan.ts'
import { SequenceMatcher } from './sequence/matcher.ts'
import { stageTest } from './sequence/stage-test.ts'

/** What was compiled. */
export interface QueryText {
  language: Language
  query: string
}

/** Takes events in time order and gives each match as soon as it is certain. */
export interface IncrementalMatcher {
  push(event: EventDocument): EventDocument[][]
  /** The matches that only waited for an event that must not come. */
  finish(): EventDocument[][]
}

export interface CompiledQuery {
  language: Language
  shape: 'event' | 'sequence' | 'sample'
  /** In the order of its stages, without repeats. */
  kinds: EventKind[]
  /** `event.category` values: events without any of them do not change what it finds. Null: any event may. */
  categories: Categories
  /** Names of all fields that it reads, time and category included, without repeats. */
  fields: string[]
  /** Longest span between first and last event of a match; 0 for queries of one event, and for sequences without a limit. */
  maxspanMs: number
  plan: Plan
  /** The matches in time order, each with its events in order; the places of missing events are left out. */
  evaluate(events: readonly EventDocument[]): EventDocument[][]
  /** The matches with their join keys, and null in the place of a missing event. */
  search(events: readonly EventDocument[], options?: SearchOptions): Found<EventDocument>[]
  matcher(): IncrementalMatcher
  /** Why it does or does not match these events, which its sentences call by their ids unless `nameOf` knows better. */
  explain(events: readonly EventDocument[], nameOf?: NameOf): Explanation
}

const documentOf = (event: EventDocument) => event.source

/** The plan of a query, as its front end made it. */
export function compiledQuery({ language, query }: QueryText, plan: Plan, options: CompileOptions = {}): CompiledQuery {
  const stages = plan.shape === 'sequence' && plan.until !== null ? [...plan.stages, plan.until] : stagesOf(plan)
  const searchOptions = (given: SearchOptions = {}): SearchOptions => ({
    ...(options.timestampField === undefined ? {} : { timestampField: options.timestampField }),
    ...(options.tiebreakerField === undefined ? {} : { tiebreakerField: options.tiebreakerField }),
    ...given,
  })
  const search = (events: readonly EventDocument[], given?: SearchOptions) =>
    runPlan(plan, events, documentOf, searchOptions(given))
  return {
    language,
    shape: plan.shape,
    kinds: kindsOf(plan),
    categories: categoriesRead(plan),
    fields: [
      ...new Set([
        options.timestampField ?? '@timestamp',
        ...stages.flatMap((stage) => [
          ...(stage.category === null ? [] : [stage.categoryField.name]),
          ...fieldsOf(stage.condition).map(({ name }) => name),
          ...stage.keys.map(({ field }) => field.name),
        ]),
        ...(plan.shape === 'sample' && plan.within?.distinct ? [plan.within.distinct.name] : []),
      ]),
    ],
    maxspanMs: maxspanOf(plan),
    plan,
    search,
    evaluate: (events) => search(events).map(eventsOf),
    matcher: () => matcherOf(plan, options),
    explain: (events, nameOf) => explainPlan(plan, query, inTimeOrder(events, documentOf, searchOptions()), nameOf),
  }
}

function maxspanOf(plan: Plan): number {
  if (plan.shape === 'sequence') return plan.maxspanMs ?? 0
  return plan.shape === 'sample' ? (plan.within?.maxspanMs ?? 0) : 0
}

const eventsOf = ({ events }: { events: (EventDocument | null)[] }) =>
  events.filter((event): event is EventDocument => event !== null)

function matcherOf(plan: Plan, { timestampField }: CompileOptions): IncrementalMatcher {
  if (plan.shape === 'sequence') {
    const matcher = new SequenceMatcher<EventDocument>(plan, documentOf, timestampField)
    return { push: (event) => matcher.push(event).map(eventsOf), finish: () => matcher.finish().map(eventsOf) }
  }
  if (plan.shape === 'sample') {
    const kept: EventDocument[] = []
    return {
      push: (event) => {
        kept.push(event)
        return []
      },
      finish: () =>
        runPlan(plan, kept, documentOf, timestampField === undefined ? {} : { timestampField }).map(eventsOf),
    }
  }
  const test = stageTest(plan.stage)
  return { push: (event) => (test(event.source) ? [[event]] : []), finish: () => [] }
}
