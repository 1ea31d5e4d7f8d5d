/** One implementation in a replay: takes the events of an input one by one and keeps those that its query looks for. */
import { compile } from '../../language/compile.ts'
import { isOfKind } from '../../language/event-kind.ts'
import { type Stage, stagesOf } from '../../language/plan.ts'
import { stageTest } from '../../language/sequence/stage-test.ts'
import type { Implementation } from '../../model/analytic.ts'
import { type EventDocument, fieldOf, valuesOf } from '../../model/event.ts'
import type { RecordedEvent } from '../../telemetry/read-events.ts'
import { tellingOf } from '../telling.ts'
import type { HitEvent, ReplayedAnalytic } from './result.ts'

/** What of an event a hit shows, next to the fields that the query reads. */
const SHOWN = ['@timestamp', 'host.name', 'event.provider', 'event.code', 'winlog.provider_name']

interface Candidate extends EventDocument {
  record: number
  /** What `@timestamp` is by the other clock. */
  otherTime: unknown
  tells: string
}

/** A hit with what a person is shown of each of its events. */
export interface Hit {
  events: (HitEvent & { tells: string })[]
}

/** An event with its time by the clock that does not order events. */
export interface ClockedEvent extends RecordedEvent {
  otherTime: unknown
}

export interface Contender {
  id: string
  language: Implementation['language']
  /** For people: the kinds of event it reads. */
  reads: string[]
  /** What its query looks for in events. */
  stages: readonly Stage[]
  /** Notes that the current input has an event of that kind; `categories` are its `event.category` values. */
  see(document: Record<string, unknown>, categories: readonly unknown[]): void
  /** Looks at one event of the current input; `categories` are its `event.category` values. */
  take(event: ClockedEvent, categories: readonly unknown[]): void
  /** Ends the current input, evaluating what was kept. */
  endInput(input: number): void
  hits: Hit[]
  /** Hits by input. */
  counts: number[]
  /** By input, where the other clock gives other hits: how many, and the ids of the events it looked at for them. */
  byOtherClock: ({ matches: number; codes: string[] } | undefined)[]
  result(limit: number): ReplayedAnalytic
}

/** @throws QueryError for a query that cannot be compiled */
export function createContender(id: string, implementation: Implementation): Contender {
  const query = compile(implementation.language, implementation.query)
  const { plan } = query
  const stages = plan.shape === 'sequence' && plan.until ? [...stagesOf(plan), plan.until] : stagesOf(plan)
  const tests = stages.map((stage) => ({ category: stage.category, holds: stageTest(stage) }))
  const fields = [...new Set([...SHOWN, ...query.fields])]

  let kept: Candidate[] = []
  let seen = new Set<string>()
  let testable = false
  const hits: Hit[] = []
  const counts: number[] = []
  const byOtherClock: Contender['byOtherClock'] = []
  // One event matches at whatever time it is, but for a query that wants the first or the last so many.
  const isOrdered = plan.shape === 'sequence' || (plan.shape === 'event' && plan.limits.length > 0)

  /** The hits by the other clock, when they are not the ones found. */
  const otherwise = (found: readonly Candidate[][]): Contender['byOtherClock'][number] => {
    if (!isOrdered || kept.every(({ source, otherTime }) => source['@timestamp'] === otherTime)) return undefined
    const turned = kept.map((one) => ({ ...one, source: { ...one.source, '@timestamp': one.otherTime } }))
    const other = query.evaluate(turned) as Candidate[][]
    if (sameHits(found, other)) return undefined
    return {
      matches: other.length,
      codes: [...new Set(kept.map(({ source }) => String(valuesOf(source, 'event.code')[0])))],
    }
  }

  return {
    id,
    language: implementation.language,
    reads: query.kinds.map(({ name }) => name),
    hits,
    counts,
    byOtherClock,
    stages,
    see(document, categories) {
      for (const kind of query.kinds) if (isOfKind(document, kind, categories)) seen.add(kind.name)
    },
    take({ index, document, record, otherTime }, categories) {
      const wanted = tests.some(
        ({ category, holds }) => (category === null || categories.includes(category)) && holds(document),
      )
      if (!wanted) return
      const tells = tellingOf(document)
      kept.push({ index, id: String(record), record, source: pick(document, fields), tells, otherTime })
    },
    endInput(input) {
      testable ||= query.kinds.every(({ name }) => seen.has(name))
      const found = kept.length === 0 ? [] : (query.evaluate(kept) as Candidate[][])
      counts[input] = found.length
      byOtherClock[input] = otherwise(found)
      for (const events of found) hits.push({ events: events.map((event) => hitEvent(input, event)) })
      kept = []
      seen = new Set()
    },
    result: (limit) => ({
      id,
      language: implementation.language,
      testable,
      matches: hits.length,
      hits: hits.slice(0, limit).map(({ events }) => ({ events: events.map(({ tells: _, ...event }) => event) })),
    }),
  }
}

function sameHits(some: readonly Candidate[][], others: readonly Candidate[][]): boolean {
  const names = (hits: readonly Candidate[][]) =>
    new Set(hits.map((events) => events.map(({ record }) => record).join()))
  const [known, found] = [names(some), names(others)]
  return known.size === found.size && [...known].every((name) => found.has(name))
}

/** The fields of a document, flat: what is kept of an event until its input ends. */
function pick(document: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  // A search in any field needs them all.
  if (fields.some((field) => field.includes('*'))) return document
  const picked: Record<string, unknown> = {}
  for (const field of fields) {
    const value = fieldOf(document, field)
    if (value !== undefined) picked[field] = value
  }
  return picked
}

/** An event as a hit shows it. */
export function hitEvent(
  input: number,
  { record, source, tells }: Pick<Candidate, 'record' | 'source' | 'tells'>,
): HitEvent & { tells: string } {
  const text = (field: string) => {
    const value = valuesOf(source, field)[0]
    return value === undefined ? null : String(value)
  }
  return {
    input,
    record,
    '@timestamp': text('@timestamp') ?? '',
    host: text('host.name'),
    provider: text('event.provider') ?? text('winlog.provider_name'),
    code: text('event.code'),
    tells,
  }
}
