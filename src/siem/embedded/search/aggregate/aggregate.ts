/** Counts what a search asks for over the documents that matched. */
import type { ShardMatches } from '../shard-matches.ts'
import { bucket } from './buckets.ts'
import { metric } from './metrics.ts'
import { type Aggregations, METRICS } from './parse.ts'
import type { Part } from './values.ts'

/** The answers by name; null when nothing was asked for. */
export function aggregate(asked: Aggregations, shards: readonly ShardMatches[]): Record<string, unknown> | null {
  return asked.size === 0 ? null : within(asked, shards)
}

function within(asked: Aggregations, parts: readonly Part[]): Record<string, unknown> {
  const answers: Record<string, unknown> = {}
  for (const [name, aggregation] of asked) {
    const isMetric = (METRICS as readonly string[]).includes(aggregation.type)
    answers[name] = isMetric ? metric(aggregation, parts) : bucket(aggregation, parts, within)
  }
  return answers
}
