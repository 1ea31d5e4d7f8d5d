/** The implementations that a replay evaluates. */
import { mendUnknown } from '../../files/suggest.ts'
import type { Analytic } from '../../model/analytic.ts'
import { UsageError } from '../io.ts'
import { Room } from './candidates.ts'
import { type Contender, createContender } from './contender.ts'
import type { LoadedAnalytics } from './load-analytics.ts'

/** Throws `UsageError` for an analytic that is not there. */
export function refuseUnknown(analytics: readonly Analytic[], asked?: readonly string[]): void {
  for (const id of asked ?? []) {
    if (analytics.some((analytic) => analytic.id === id)) continue
    const ids = analytics.map((analytic) => analytic.id)
    throw new UsageError(`There is no analytic ${id}: ${mendUnknown(id, ids, 'the analytics are')}`)
  }
}

/** Those that were asked for. Throws `UsageError` for one that is not there. */
export function selectAnalytics(analytics: readonly Analytic[], asked?: readonly string[]): Analytic[] {
  refuseUnknown(analytics, asked)
  return analytics.filter(({ id }) => asked === undefined || asked.includes(id))
}

/** Every implementation in a language that is evaluated here, of the analytics asked for. Throws `UsageError` for one that is not there. */
export function selectContenders(
  { analytics, planOf }: LoadedAnalytics,
  asked: readonly string[] | undefined,
  mostHits: number,
): Contender[] {
  const room = new Room()
  return selectAnalytics(analytics, asked).flatMap(({ id, implementations }) =>
    implementations.flatMap((implementation) => {
      const plan = planOf(implementation)
      return plan === null ? [] : [createContender(id, implementation, plan, { room, mostHits })]
    }),
  )
}
