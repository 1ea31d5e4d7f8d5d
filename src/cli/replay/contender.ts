/** One implementation in a replay: takes the events of an input one by one and keeps those that its query looks for. */
import { compiledQuery } from '../../language/compiled-query.ts'
import { type EventKind, isOfKind } from '../../language/event-kind.ts'
import type { Plan } from '../../language/plan.ts'
import { type Requirement, requirementsOf } from '../../language/required-fields.ts'
import { stageTest } from '../../language/sequence/stage-test.ts'
import type { Implementation } from '../../model/analytic.ts'
import { fieldOf, valuesOf } from '../../model/event.ts'
import type { RecordedEvent } from '../../telemetry/read-events.ts'
import { tellingOf } from '../telling.ts'
import { type Candidate, Candidates, Room, timeOf } from './candidates.ts'
import { hitEvent } from './hit-event.ts'
import { hitsAmong } from './hits-among.ts'
import { Joining } from './joining.ts'
import { type Hit, type ReplayedAnalytic, resultOf } from './result.ts'
import { SingleHits } from './single-hits.ts'

/** What of an event a hit shows, next to the fields that the query reads. */
const SHOWN = ['@timestamp', 'host.name', 'event.provider', 'event.code', 'winlog.provider_name']

/** An event with its time by the clock that does not order events. */
export interface ClockedEvent extends RecordedEvent {
  otherTime: unknown
}

/** What an implementation found in one input. */
export interface InputFinds {
  matches: number
  /** Where the other clock gives other hits: how many, and the ids of the events in the hits of either. */
  byOtherClock?: { matches: number; codes: string[] }
}

/** What it found in some inputs, which are numbered from 0. */
export interface Finds {
  /** Those that were kept. */
  hits: Hit[]
  /** How many there are, by input. */
  counts: number[]
  /** Whether one of the inputs has events of every kind that it reads. */
  testable: boolean
}

export interface Contender {
  id: string
  language: Implementation['language']
  implementation: Implementation
  plan: Plan
  /** For people: the kinds of event it reads. */
  reads: string[]
  kinds: readonly EventKind[]
  /** What each event that it looks for must have. */
  requirements: readonly Requirement[]
  /** What its query looks for in events. */
  joining: Joining
  /** Notes that the current input has an event of that kind; `categories` are its `event.category` values. */
  see(document: Record<string, unknown>, categories: readonly unknown[]): void
  /** Looks at one event of the current input; `categories` are its `event.category` values. */
  take(event: ClockedEvent, categories: readonly unknown[]): void
  /** Ends the current input, evaluating what was kept. Gives what was found in it. */
  endInput(): InputFinds
  /** Gives what was found in the inputs that ended, and begins anew. */
  drain(): Finds
  /** Adds to the result what was found in the inputs that come next, here or elsewhere. */
  add(finds: Finds): void
  /** Of the result: the hits that were kept, and how many there are by input. */
  hits: Hit[]
  counts: number[]
  result(limit: number): ReplayedAnalytic
}

export interface ContenderOptions {
  /** All contenders of a replay keep what they look for in one room. */
  room?: Room
  /** Of each input at most so many hits are kept, where a hit is one event. All are counted. */
  mostHits?: number
}

/** @param plan of the implementation's query */
export function createContender(
  id: string,
  implementation: Implementation,
  plan: Plan,
  { room = new Room(), mostHits = Number.POSITIVE_INFINITY }: ContenderOptions = {},
): Contender {
  const query = compiledQuery(implementation, plan)
  const joining = new Joining(plan)
  const tests = joining.stages.map((stage) => ({ category: stage.category, holds: stageTest(stage) }))
  const fields = [...new Set([...SHOWN, ...query.fields])]

  const kept = new Candidates(room)
  /** An event that matches by itself, at whatever time it is, is a hit at once. */
  const singles = plan.shape === 'event' && plan.limits.length === 0 ? new SingleHits(mostHits) : null
  let seen = new Set<string>()
  let found = nothingFound()
  const total = nothingFound()

  /** The hits by the other clock, when they are not the ones found, with the ids of the events in either. */
  const otherwise = (found: readonly Candidate[][]): InputFinds['byOtherClock'] => {
    // A sample has its events in any order.
    if (plan.shape === 'sample') return undefined
    const turned = new Candidates(room)
    let differ = false
    for (const one of kept.inMemory ?? kept.inTimeOrder()) {
      differ ||= one.source['@timestamp'] !== one.otherTime
      turned.add({ ...one, source: { ...one.source, '@timestamp': one.otherTime } })
    }
    const other = differ ? hitsAmong(query, turned) : found
    turned.clear()
    if (sameHits(found, other)) return undefined
    const codes = new Set([...found, ...other].flat().map(({ source }) => String(valuesOf(source, 'event.code')[0])))
    return { matches: other.length, codes: [...codes].sort((a, b) => Number(a) - Number(b)) }
  }

  /** What is found among the events that were kept, which are forgotten. */
  const endKept = (): InputFinds & { hits: Hit[] } => {
    const input = found.counts.length
    const matches = hitsAmong(query, kept)
    const byOtherClock = otherwise(matches)
    kept.clear()
    joining.forget()
    const hits = matches.map((events) => ({ events: events.map((event) => hitEvent(input, event)) }))
    return { matches: matches.length, hits, ...(byOtherClock && { byOtherClock }) }
  }

  return {
    id,
    language: implementation.language,
    implementation,
    plan,
    reads: query.kinds.map(({ name }) => name),
    hits: total.hits,
    counts: total.counts,
    kinds: query.kinds,
    requirements: requirementsOf(plan),
    joining,
    see(document, categories) {
      if (seen.size === query.kinds.length) return
      for (const kind of query.kinds) if (isOfKind(document, kind, categories)) seen.add(kind.name)
    },
    take({ index, document, record, otherTime }, categories) {
      let wanted = false
      for (const [stage, { category, holds }] of tests.entries()) {
        if ((category !== null && !categories.includes(category)) || !holds(document)) continue
        wanted = true
        if (tests.length > 1) joining.note(stage, document)
      }
      if (!wanted) return
      if (singles !== null) {
        singles.add({ time: timeOf(document), record }, () => ({
          events: [hitEvent(found.counts.length, { record, source: document, tells: tellingOf(document) })],
        }))
        return
      }
      const tells = tellingOf(document)
      kept.add({ index, id: String(record), record, source: pick(document, fields), tells, otherTime })
    },
    endInput() {
      found.testable ||= query.kinds.every(({ name }) => seen.has(name))
      seen = new Set()
      const { matches, hits, byOtherClock } =
        singles === null ? endKept() : { matches: singles.count, hits: singles.drain() }
      found.counts.push(matches)
      for (const hit of hits) found.hits.push(hit)
      return { matches, ...(byOtherClock && { byOtherClock }) }
    },
    drain() {
      const drained = found
      found = nothingFound()
      return drained
    },
    add({ hits, counts, testable }) {
      const first = total.counts.length
      for (const hit of hits) {
        for (const event of hit.events) event.input += first
        total.hits.push(hit)
      }
      for (const count of counts) total.counts.push(count)
      total.testable ||= testable
    },
    result: (limit) => resultOf({ id, language: implementation.language, ...total }, limit),
  }
}

const nothingFound = (): Finds => ({ hits: [], counts: [], testable: false })

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
