/** Short ways to write events in tests. */
import type { EventDocument } from '../../src/model/event.ts'

/** An event at so many seconds of the tests' day. */
export function event(id: string, seconds: number, source: Record<string, unknown>): EventDocument {
  const time = new Date(Date.UTC(2026, 0, 10) + seconds * 1_000).toISOString()
  return { index: 'events', id, source: { '@timestamp': time, ...source } }
}

export const idsOf = (matches: EventDocument[][]): string[][] => matches.map((match) => match.map(({ id }) => id))
