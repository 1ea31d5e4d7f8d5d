/** One index with the documents that matched: what ordering and aggregating go on with. */
import type { Matcher, Shard } from '../query/matcher.ts'

export interface ShardMatches {
  shard: Shard
  matcher: Matcher
  /** Numbers, ascending. */
  documents: number[]
}
