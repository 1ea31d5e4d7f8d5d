/** The events of one answer, read once for all tests that asked for them. */
import { type EventDocument, valuesOf } from '../../model/event.ts'
import { markersIn } from '../marker.ts'
import { entitiesOf } from './entities.ts'

export interface PooledEvent {
  document: EventDocument
  /** Lab milliseconds. */
  at: number
  entities: string[]
}

/** Milliseconds since 1970 of a time field; null when there is none that can be read. */
export function timeOf(source: Record<string, unknown>, field = '@timestamp'): number | null {
  const value = valuesOf(source, field)[0]
  const time = typeof value === 'number' ? value : Date.parse(String(value))
  return Number.isNaN(time) ? null : time
}

export class EventPool {
  readonly unmarked: PooledEvent[] = []
  readonly #byMarker = new Map<string, PooledEvent[]>()
  /** Entity → markers of the events that name it. */
  readonly #owners = new Map<string, Set<string>>()

  /** Events without a time belong nowhere and are left out. */
  constructor(documents: readonly EventDocument[]) {
    for (const document of documents) {
      const at = timeOf(document.source)
      if (at === null) continue
      const event = { document, at, entities: entitiesOf(document.source) }
      const markers = markersIn(document.source)
      if (markers.size === 0) this.unmarked.push(event)
      for (const marker of markers) this.#own(marker, event)
    }
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
