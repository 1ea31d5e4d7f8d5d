/** Which analytics read what a network sensor sees: it follows from the event kinds and the indices of their implementations. */
import type { Analytic, Implementation } from '../../model/analytic.ts'
import type { Sensor } from '../../model/lab.ts'
import { indexMatches, indicesOf } from '../judge/indices.ts'
import type { Judge } from '../ports.ts'

/** The data stream that a sensor's events go to. */
export const indexOf = ({ namespace }: Pick<Sensor, 'namespace'>): string => `logs-network_traffic.dcerpc-${namespace}`

/** Whether an implementation reads network events from one of these data streams. */
export function readsFrom(
  indices: readonly string[],
  analytic: Analytic,
  implementation: Implementation,
  judge: Judge,
): boolean {
  if (judge.refusal(implementation) !== null) return false
  const patterns = indicesOf(analytic, implementation)
  if (!indices.some((index) => indexMatches(patterns, index))) return false
  // A query that asks for no category reads every event of its indices.
  return judge.reads(implementation).some(({ categories }) => categories === null || categories.includes('network'))
}
