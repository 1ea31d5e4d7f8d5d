/** What a query finds among its candidates, wherever they are kept. */
import type { CompiledQuery } from '../../language/compiled-query.ts'
import { limited } from '../../language/plan.ts'
import { type Candidate, type Candidates, inOrder, type Timed } from './candidates.ts'

/** The hits in time order. What lies on disk goes by one after the other. */
export function hitsAmong(query: CompiledQuery, candidates: Candidates): Candidate[][] {
  const { inMemory } = candidates
  if (inMemory !== null) return inMemory.length === 0 ? [] : (query.evaluate(inMemory) as Candidate[][])
  const { plan } = query
  if (plan.shape === 'sample') {
    // Time has no part in it: of several events the first that were read are taken.
    const asRead = [...candidates.inTimeOrder()].sort((a, b) => a.record - b.record)
    return query.evaluate(asRead) as Candidate[][]
  }
  const matcher = query.matcher()
  const found: Timed[][] = []
  for (const candidate of candidates.inTimeOrder()) found.push(...(matcher.push(candidate) as Timed[][]))
  for (const match of matcher.finish() as Timed[][]) found.push(match)
  return limited(found.sort(byFirstEvent), plan.limits)
}

/** Matches come when their last event does; they are shown in the order of their first. */
const byFirstEvent = ([a]: Timed[], [b]: Timed[]) => inOrder(a!, b!)
