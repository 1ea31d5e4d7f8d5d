/** What a query finds among its candidates, wherever they are kept. */
import type { CompiledQuery } from '../../language/compile.ts'
import { limited } from '../../language/plan.ts'
import type { Candidate, Candidates } from './candidates.ts'

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
  const found: Candidate[][] = []
  for (const candidate of candidates.inTimeOrder()) found.push(...(matcher.push(candidate) as Candidate[][]))
  for (const match of matcher.finish() as Candidate[][]) found.push(match)
  return limited(found.sort(byFirstEvent), plan.limits)
}

/** Matches come when their last event does; they are shown in the order of their first. */
const byFirstEvent = ([a]: Candidate[], [b]: Candidate[]) =>
  Date.parse(String(a!.source['@timestamp'])) - Date.parse(String(b!.source['@timestamp'])) || a!.record - b!.record
