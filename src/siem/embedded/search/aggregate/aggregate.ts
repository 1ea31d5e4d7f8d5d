import type { ShardMatches } from '../shard-matches.ts'
import type { Aggregations } from './parse.ts'
export function aggregate(_asked: Aggregations, _shards: readonly ShardMatches[]): Record<string, unknown> | null {
  return null
}
