/** Joins events to one test: by its marker, by an entity of a marked event, or by host and time only. */
import type { EventDocument } from '../../model/event.ts'
import type { Confidence, Phase } from '../../model/words.ts'
import { type PhaseTimes, phaseAt, wholeWindow } from '../execute/windows.ts'
import type { EventPool, PooledEvent } from './event-pool.ts'

export interface TestEvent {
  document: EventDocument
  /** The event's own time, lab milliseconds. */
  at: number
  confidence: Confidence
}

/** A test's events by the phase in whose time they were written, oldest first. Those of set-up and clean-up are never judged. */
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

/** `pool`: the events of the test's hosts, at least those of its windows. Those that carry another test's marker are left out. */
export function correlate(pool: EventPool, subject: CorrelationSubject): TestTrace {
  const { marker, isolation, windows } = subject
  const marked = inPhases(pool.markedWith(marker), windows)
  const whole = wholeWindow(windows)
  const unmarked = whole === null ? [] : inPhases(pool.unmarkedWithin(whole), windows)
  // A service that works for several tests at once ties an event to none of them.
  const ties = (entity: string) => !pool.isSharedWithout(entity, marker)
  const own = new Set(marked.flatMap(({ event }) => event.entities).filter(ties))
  const joined = joinByEntity(unmarked, own, ties)
  const phases: PhaseEvents = { setup: [], test: [], cleanup: [] }
  const add = (placed: Placed, confidence: Confidence) =>
    phases[placed.phase].push({ document: placed.event.document, at: placed.event.at, confidence })
  for (const placed of marked) add(placed, 'marker')
  for (const placed of unmarked) {
    if (joined.has(placed)) add(placed, 'entity')
    else if (isolation === 'host') add(placed, 'window')
  }
  for (const list of Object.values(phases)) list.sort((a, b) => a.at - b.at)
  return { phases, byId: new Map(phases.test.map((event) => [event.document.id, event])), entities: own }
}

interface Placed {
  event: PooledEvent
  phase: Phase
}

const inPhases = (events: readonly PooledEvent[], windows: PhaseTimes): Placed[] =>
  events.flatMap((event) => {
    const phase = phaseAt(windows, event.writtenAt)
    return phase === null ? [] : [{ event, phase }]
  })

/** Two hops suffice: marked event → logon of its subject → connection of that logon. */
const HOPS = 2

function joinByEntity(events: Placed[], start: Set<string>, ties: (entity: string) => boolean): Set<Placed> {
  const known = new Set(start)
  const joined = new Set<Placed>()
  for (let hop = 0; hop < HOPS; hop += 1) {
    const found = events.filter((placed) => !joined.has(placed) && placed.event.entities.some((id) => known.has(id)))
    if (found.length === 0) break
    for (const placed of found) {
      joined.add(placed)
      for (const entity of placed.event.entities.filter(ties)) known.add(entity)
    }
  }
  return joined
}
