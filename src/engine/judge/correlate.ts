/** Joins events to one test: by its marker, by an entity of a marked event, or by host and time only. */
import { type EventDocument, valuesOf } from '../../model/event.ts'
import type { Confidence, Phase } from '../../model/words.ts'
import { type PhaseTimes, phaseAt } from '../execute/windows.ts'
import { markersIn } from '../marker.ts'
import { entitiesOf } from './entities.ts'

export interface TestEvent {
  document: EventDocument
  /** Lab milliseconds. */
  at: number
  confidence: Confidence
}

/** A test's events by the phase in whose time they fall, oldest first. Those of set-up and clean-up are never judged. */
export type PhaseEvents = Record<Phase, TestEvent[]>

export interface TestTrace {
  phases: PhaseEvents
  /** The events of the test's own steps by document id. */
  byId: ReadonlyMap<string, TestEvent>
  /** Entities of the events that carry the marker: see `entitiesOf`. */
  entities: ReadonlySet<string>
}

export interface CorrelationSubject {
  marker: string
  /** `marker`: only what the marker, or an entity of a marked event, ties to the test is its own. */
  isolation: 'host' | 'marker'
  windows: PhaseTimes
}

/** The order of confidence, best first. */
const CONFIDENCES: Confidence[] = ['marker', 'entity', 'window']

/** The best confidence of several; null of none. */
export function bestConfidence(confidences: Iterable<Confidence>): Confidence | null {
  const all = new Set(confidences)
  return CONFIDENCES.find((confidence) => all.has(confidence)) ?? null
}

/** Milliseconds since 1970 of a time field; null when there is none that can be read. */
export function timeOf(source: Record<string, unknown>, field = '@timestamp'): number | null {
  const value = valuesOf(source, field)[0]
  const time = typeof value === 'number' ? value : Date.parse(String(value))
  return Number.isNaN(time) ? null : time
}

/** `events`: from the test's hosts, at least those of its windows. Events that carry another test's marker are left out. */
export function correlate(events: EventDocument[], subject: CorrelationSubject): TestTrace {
  const byPhase: PhaseEvents = { setup: [], test: [], cleanup: [] }
  const unmarked: { document: EventDocument; at: number; phase: Phase; entities: string[] }[] = []
  const own = new Set<string>()
  const foreign = new Set<string>()
  for (const document of events) {
    const at = timeOf(document.source)
    const phase = at === null ? null : phaseAt(subject.windows, at)
    if (at === null || phase === null) continue
    const markers = markersIn(document.source)
    const entities = entitiesOf(document.source)
    if (markers.has(subject.marker)) {
      byPhase[phase].push({ document, at, confidence: 'marker' })
      for (const entity of entities) own.add(entity)
    } else if (markers.size > 0) {
      for (const entity of entities) foreign.add(entity)
    } else unmarked.push({ document, at, phase, entities })
  }
  // A service that works for several tests at once ties an event to none of them.
  if (subject.isolation === 'marker') for (const entity of foreign) own.delete(entity)
  const joined = joinByEntity(unmarked, own, subject.isolation === 'marker' ? foreign : new Set())
  for (const event of unmarked) {
    const { document, at, phase } = event
    if (joined.has(event)) byPhase[phase].push({ document, at, confidence: 'entity' })
    else if (subject.isolation === 'host') byPhase[phase].push({ document, at, confidence: 'window' })
  }
  for (const list of Object.values(byPhase)) list.sort((a, b) => a.at - b.at)
  return { phases: byPhase, byId: new Map(byPhase.test.map((event) => [event.document.id, event])), entities: own }
}

/** Two hops suffice: marked event → logon of its subject → connection of that logon. */
const HOPS = 2

function joinByEntity<T extends { entities: string[] }>(events: T[], start: Set<string>, shared: Set<string>): Set<T> {
  const known = new Set(start)
  const joined = new Set<T>()
  for (let hop = 0; hop < HOPS; hop += 1) {
    const found = events.filter((event) => !joined.has(event) && event.entities.some((entity) => known.has(entity)))
    if (found.length === 0) break
    for (const event of found) joined.add(event)
    for (const entity of found.flatMap(({ entities }) => entities)) if (!shared.has(entity)) known.add(entity)
  }
  return joined
}
