/** What a replay found: the form of `tocsin replay --json`. */
import type { Drift } from '../../telemetry/drift.ts'
import type { InputSummary } from '../../telemetry/read-events.ts'
import type { CoverageCell } from './coverage.ts'

/** One event of a hit. */
export interface HitEvent {
  /** Index into `inputs`. */
  input: number
  /** Number of the record in its input, from 1; null for what a cluster holds. */
  record: number | null
  '@timestamp': string
  host: string | null
  provider: string | null
  code: string | null
  /** Where a cluster holds it. */
  index?: string
  id?: string
}

/** A hit with what a person is shown of each of its events. */
export interface Hit {
  events: (HitEvent & { tells: string })[]
}

export interface ReplayedInput extends Omit<InputSummary, 'shape'> {
  /** `unknown` when no record has a shape that is known. */
  shape: string
  /** How far its events' own times and those of their records lie apart; absent when no event has both. */
  drift?: InputDrift
}

export interface InputDrift extends Drift {
  /** Implementations that match otherwise by the other clock, with the ids of the events that they looked at. */
  changes: { id: string; language: string; codes: string[]; matches: { event: number; record: number } }[]
}

/** One implementation of an analytic over all inputs, each evaluated alone. */
export interface ReplayedAnalytic {
  id: string
  language: string
  /** Whether any input has events of every kind that the implementation reads. */
  testable: boolean
  matches: number
  hits: { events: HitEvent[] }[]
  /** With `--coverage`: what became of it in each input. */
  coverage?: CoverageCell[]
}

/** An implementation that a cluster cannot be asked for. */
export interface NotEvaluated {
  id: string
  language: string
  reason: string
}

export interface ReplayResult {
  format: 'tocsin.replay/1'
  inputs: ReplayedInput[]
  analytics: ReplayedAnalytic[]
  /** With `--on elastic`. */
  notEvaluated?: NotEvaluated[]
}

/** What was found of an implementation: hits, of which some may be left out, and how many there are by input. */
interface Found extends Pick<ReplayedAnalytic, 'id' | 'language' | 'testable'> {
  hits: readonly Hit[]
  counts: readonly number[]
}

/** Of all inputs. */
export const matchesIn = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

/** What was found of an implementation, with at most `limit` of its hits. */
export const resultOf = ({ id, language, hits, counts, testable }: Found, limit: number): ReplayedAnalytic => ({
  id,
  language,
  testable,
  matches: matchesIn(counts),
  hits: hits.slice(0, limit).map(({ events }) => ({ events: events.map(({ tells: _, ...event }) => event) })),
})

/**
 * 0 when every input was read whole, 3 when one was damaged, cut or unreadable, 2 when nothing could be read.
 */
export function exitCodeOf({ inputs }: ReplayResult): 0 | 2 | 3 {
  if (inputs.every(({ events, packets }) => events === 0 && !packets)) return 2
  return inputs.some(({ problemCount, skipped }) => problemCount > 0 || skipped > 0) ? 3 : 0
}
