/** The events of one answer, read once for all tests that asked for them. */
import { type EventDocument, valuesOf } from '../../model/event.ts'
import type { Window } from '../execute/windows.ts'
import { markersIn } from '../marker.ts'
import { entitiesOf } from './entities.ts'

export interface PooledEvent {
  document: EventDocument
  /** The event's own time, lab milliseconds. */
  at: number
  /** When the sensor wrote it, as far as it says so: what a test's phases are told apart by. */
  writtenAt: number
  entities: string[]
}

/**
 * How far the time of an event may lag behind its writing. Sysmon's UtcTime of connections (event 3), which pipelines
 * make `@timestamp`, was seen to lag by 21 s and by 61 s in the recording of a remote `schtasks /create` (OTRF
 * Security-Datasets, schtask_create).
 */
export const LONGEST_DRIFT_MS = 300_000

/** Milliseconds since 1970 of a time field; null when there is none that can be read. */
export function timeOf(source: Record<string, unknown>, field = '@timestamp'): number | null {
  const value = valuesOf(source, field)[0]
  const time = typeof value === 'number' ? value : Date.parse(String(value))
  return Number.isNaN(time) ? null : time
}

/** Where an agent read the event long after it happened, only its own time says anything. */
function writtenAtOf(source: Record<string, unknown>, at: number): number {
  const created = timeOf(source, 'event.created')
  return created === null || Math.abs(created - at) > LONGEST_DRIFT_MS ? at : created
}

interface ReadEvent {
  event: PooledEvent
  markers: ReadonlySet<string>
}

/** A SIEM that answers from memory gives the same documents at every look. */
const known = new WeakMap<EventDocument, ReadEvent>()

/** Null for an event without a time. */
function readOnce(document: EventDocument): ReadEvent | null {
  const found = known.get(document)
  if (found !== undefined) return found
  const { source } = document
  const at = timeOf(source)
  if (at === null) return null
  const event = { document, at, writtenAt: writtenAtOf(source, at), entities: entitiesOf(source) }
  const read = { event, markers: markersIn(source) }
  known.set(document, read)
  return read
}

export class EventPool {
  /** In the order in which they were written. */
  readonly #unmarked: PooledEvent[] = []
  readonly #byMarker = new Map<string, PooledEvent[]>()
  /** Entity → markers of the events that name it. */
  readonly #owners = new Map<string, Set<string>>()

  /** Events without a time belong nowhere and are left out. */
  constructor(documents: readonly EventDocument[]) {
    for (const document of documents) {
      const found = readOnce(document)
      if (found === null) continue
      const { event, markers } = found
      if (markers.size === 0) this.#unmarked.push(event)
      for (const marker of markers) this.#own(marker, event)
    }
    this.#unmarked.sort((a, b) => a.writtenAt - b.writtenAt)
  }

  /** Events without a marker that were written in a window. */
  unmarkedWithin({ from, to }: Window): readonly PooledEvent[] {
    return this.#unmarked.slice(this.#firstFrom(from), this.#firstFrom(to))
  }

  /** Index of the first event without a marker that was written at a time or later. */
  #firstFrom(time: number): number {
    let low = 0
    let high = this.#unmarked.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#unmarked[middle]!.writtenAt < time) low = middle + 1
      else high = middle
    }
    return low
  }

  markedWith(marker: string): readonly PooledEvent[] {
    return this.#byMarker.get(marker) ?? []
  }

  /** Whether an event that carries a marker, but not this one, names the entity. */
  isSharedWithout(entity: string, marker: string): boolean {
    const owners = this.#owners.get(entity)
    return owners !== undefined && (owners.size > 1 || !owners.has(marker))
  }

  #own(marker: string, event: PooledEvent): void {
    const events = this.#byMarker.get(marker)
    if (events === undefined) this.#byMarker.set(marker, [event])
    else events.push(event)
    for (const entity of event.entities) {
      const owners = this.#owners.get(entity)
      if (owners === undefined) this.#owners.set(entity, new Set([marker]))
      else owners.add(marker)
    }
  }
}
