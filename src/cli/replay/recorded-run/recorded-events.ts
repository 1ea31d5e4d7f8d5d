/** The events of a recording as a SIEM would answer for them at a time of the recorded run. */
import { timeOf } from '../../../engine/judge/event-pool.ts'
import { indexMatches } from '../../../engine/judge/indices.ts'
import type { EventAnswer, EventQuery } from '../../../engine/ports.ts'
import { type EventDocument, valuesOf } from '../../../model/event.ts'

interface RecordedEvent {
  document: EventDocument
  at: number
  arrival: number
  hosts: string[]
  addresses: string[]
  categories: unknown[]
}

/** When an event reached the SIEM; where it does not say so, when it was written. Lab milliseconds; null without any time. */
export const arrivalOf = ({ source }: EventDocument): number | null =>
  timeOf(source, 'event.ingested') ?? timeOf(source, 'event.created') ?? timeOf(source)

/** Answers queries out of memory, with what has arrived by a time. Events without a time are in no answer. */
export function recordedEvents(documents: readonly EventDocument[]): (query: EventQuery, now: number) => EventAnswer {
  const texts = (document: EventDocument, path: string) => valuesOf(document.source, path).map(String)
  const events = documents
    .flatMap((document): RecordedEvent[] => {
      const at = timeOf(document.source)
      const arrival = arrivalOf(document)
      if (at === null || arrival === null) return []
      return [
        {
          document,
          at,
          arrival,
          hosts: texts(document, 'host.name').map((name) => name.toLowerCase()),
          addresses: [...texts(document, 'source.ip'), ...texts(document, 'destination.ip')],
          categories: valuesOf(document.source, 'event.category'),
        },
      ]
    })
    .sort((a, b) => a.at - b.at)
  return ({ hosts, addresses, from, to, indices, categories }, now) => {
    const names = new Set(hosts.map((name) => name.toLowerCase()))
    const isAsked = (event: RecordedEvent) =>
      event.arrival <= now &&
      event.at >= from &&
      event.at < to &&
      (event.hosts.some((name) => names.has(name)) || event.addresses.some((each) => addresses.includes(each))) &&
      (categories.length === 0 || event.categories.some((each) => categories.includes(String(each)))) &&
      indexMatches(indices, event.document.index)
    return { complete: true, events: events.filter(isAsked).map(({ document }) => document) }
  }
}
