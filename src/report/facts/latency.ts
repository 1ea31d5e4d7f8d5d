/** How long traces took, leg by leg. Milliseconds of lab time. */
import type { CheckRecord, RunRecord } from '../../model/run-record.ts'

export type Leg = keyof NonNullable<CheckRecord['latencyMs']>

export const LEGS: readonly { leg: Leg; title: string }[] = [
  { leg: 'executionToEvent', title: 'execution to event' },
  { leg: 'eventToIngest', title: 'event to index' },
  { leg: 'ingestToAlert', title: 'index to alert' },
  { leg: 'total', title: 'execution to alert' },
]

export interface Spread {
  count: number
  median: number
  p95: number
  max: number
}

/** Median, 95th percentile (nearest rank) and maximum; null without a value. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
  return { count: sorted.length, median: rank(0.5), p95: rank(0.95), max: sorted.at(-1)! }
}

/** The spread of one leg over the checks of a record, of one analytic where it is named. */
export function latencyOf(record: RunRecord, leg: Leg, analytic?: string): Spread | null {
  const values: number[] = []
  for (const test of record.tests) {
    for (const check of test.checks) {
      const value = check.latencyMs?.[leg] ?? null
      if (value !== null && (analytic === undefined || check.analytic === analytic)) values.push(value)
    }
  }
  return spreadOf(values)
}
