import type { Key } from './join-key.ts'

/** A sequence that has begun. */
export interface Open<Event> {
  key: Key
  events: (Event | null)[]
  /** Position of its first event in the stream: matches are ordered by it. */
  start: number
  /** Index of the stage that matched last. */
  stage: number
  /** When each of its positive stages matched, in order. */
  times: number[]
}
