/** Runs a plan over events: what `_eql/search` finds, for every language. */
import { type Found, type Limit, limited, type Plan } from './plan.ts'
import { type Match, orderOfMatches, SequenceMatcher } from './sequence/matcher.ts'
import { sampleMatches } from './sequence/sample.ts'
import { stageTest, timeReader } from './sequence/stage-test.ts'
import { samplesWithin } from './sequence/within.ts'

export interface SearchOptions {
  /** Most matches to give; all when absent. */
  size?: number
  /** Which ones, when there are more: the first or the last. Default `tail`. */
  resultPosition?: 'head' | 'tail'
  maxSamplesPerKey?: number
  timestampField?: string
  /** Breaks ties of time; without it the given order does. */
  tiebreakerField?: string
}

/** The events in time order, those without a time last; ties keep the order in which they were given, or that of the tiebreaker. */
export function inTimeOrder<Event>(
  events: readonly Event[],
  document: (event: Event) => unknown,
  { timestampField, tiebreakerField }: SearchOptions = {},
): Event[] {
  const time = timeReader(timestampField)
  const tie = tiebreakerField === undefined ? null : timeReader(tiebreakerField)
  const orLast = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)
  const keyed = events.map((event, index) => {
    const source = document(event)
    return { event, time: orLast(time(source)), tie: tie === null ? 0 : tie(source), index }
  })
  const byTie = (a: number, b: number) => (Number.isNaN(a) ? 0 : a) - (Number.isNaN(b) ? 0 : b)
  let sorted = true
  for (let at = 1; at < keyed.length && sorted; at++) {
    const [a, b] = [keyed[at - 1]!, keyed[at]!]
    sorted = a.time < b.time || (a.time === b.time && byTie(a.tie, b.tie) <= 0)
  }
  if (!sorted)
    keyed.sort((a, b) => (a.time === b.time ? 0 : a.time - b.time) || byTie(a.tie, b.tie) || a.index - b.index)
  return keyed.map(({ event }) => event)
}

/** All matches, ascending by their first event, cut to `size` and by the plan's pipes. */
export function runPlan<Event>(
  plan: Plan,
  events: readonly Event[],
  document: (event: Event) => unknown,
  options: SearchOptions = {},
): Found<Event>[] {
  if (plan.shape === 'sample') {
    const found =
      plan.within === undefined
        ? sampleMatches(plan, events, document, options.maxSamplesPerKey ?? 1)
        : samplesWithin(plan, plan.within, inTimeOrder(events, document, options), document, options.timestampField)
    return options.size === undefined ? found : found.slice(0, options.size)
  }
  const ordered = inTimeOrder(events, document, options)
  const limits = [...cutOf(plan.limits, options), ...plan.limits]
  if (plan.shape === 'event') {
    const test = stageTest(plan.stage)
    const found = ordered.filter((event) => test(document(event))).map((event) => ({ events: [event], joinKeys: [] }))
    return limited(found, limits)
  }
  const matcher = new SequenceMatcher<Event>(plan, document, options.timestampField)
  const found: Match<Event>[] = []
  for (const event of ordered) found.push(...matcher.push(event))
  for (const match of matcher.finish()) found.push(match)
  found.sort(orderOfMatches)
  return limited(
    found.map(({ events: matched, joinKeys }) => ({ events: matched, joinKeys })),
    limits,
  )
}

/** Elasticsearch takes no more than `size` matches up, from the side where the first pipe begins, before any pipe. */
function cutOf([first]: Limit[], { size, resultPosition }: SearchOptions): Limit[] {
  return size === undefined ? [] : [{ from: first?.from ?? resultPosition ?? 'tail', count: size }]
}
