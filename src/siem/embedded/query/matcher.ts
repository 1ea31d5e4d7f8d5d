/** What every query becomes on one index: a test by document number, with a shorter list of candidates where it has one. */
import type { StoredIndex } from '../store/stored-index.ts'

/** A superset of the matching documents that is cheaper to go through than the whole index. */
export interface Candidates {
  /** Upper bound of how many there are. */
  size: number
  /** May hold a document twice, and documents that were replaced meanwhile. */
  documents(): readonly number[]
}

export interface Matcher {
  matches(document: number): boolean
  /** Null: any document may match. */
  candidates: Candidates | null
  /** Relevance of a document that matches. */
  score(document: number): number
}

/** The index that a query is bound to, and the time it sees. */
export interface Shard {
  index: StoredIndex
  /** Milliseconds since 1970: what `now` means. */
  now: number
}

/** A query that was read and found well-formed. `bind` throws for values that the index's fields do not take. */
export interface Query {
  bind(shard: Shard): Matcher
}

const constant = (score: number) => () => score

export const candidatesOf = (documents: readonly number[]): Candidates => ({
  size: documents.length,
  documents: () => documents,
})

export const matchAll = (boost = 1): Matcher => ({ matches: () => true, candidates: null, score: constant(boost) })

export const MATCH_NONE: Matcher = { matches: () => false, candidates: candidatesOf([]), score: constant(0) }

/** The same matches, all with one score. */
export const withScore = (matcher: Matcher, score: number): Matcher => ({ ...matcher, score: constant(score) })

/** All candidates of several matchers; null as soon as one of them has none. */
export const union = (matchers: readonly Matcher[]): Candidates | null =>
  anyOf(matchers.map(({ candidates }) => candidates))

/** All candidates of several lists; null as soon as one of them is. */
export function anyOf(lists: readonly (Candidates | null)[]): Candidates | null {
  if (!lists.every((list) => list !== null)) return null
  if (lists.length === 1) return lists[0]!
  return {
    size: lists.reduce((sum, { size }) => sum + size, 0),
    documents: () => [...new Set(lists.flatMap((list) => list.documents()))],
  }
}

/** The shortest of several lists of candidates. */
export function shortest(lists: readonly (Candidates | null)[]): Candidates | null {
  let best: Candidates | null = null
  for (const list of lists) if (list !== null && (best === null || list.size < best.size)) best = list
  return best
}

/** Numbers of the live documents that match, ascending. */
export function matching(matcher: Matcher, { index }: Shard): number[] {
  const { documents } = index
  const found: number[] = []
  if (matcher.candidates === null) {
    for (let number = 0; number < documents.length; number += 1) {
      if (documents[number] !== undefined && matcher.matches(number)) found.push(number)
    }
    return found
  }
  for (const number of matcher.candidates.documents()) {
    if (documents[number] !== undefined && matcher.matches(number)) found.push(number)
  }
  found.sort((a, b) => a - b)
  return found.filter((number, at) => number !== found[at - 1])
}
