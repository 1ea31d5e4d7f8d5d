/** `kql`: Kibana's query language as Elasticsearch has it, rewritten to query DSL on each index. */
import { QueryError } from '../../../../language/query-error.ts'
import { ElasticsearchError, type ErrorCause, parsingError, queryShardError } from '../../errors.ts'
import { checkNames, flag, objectOf } from '../arguments.ts'
import type { ParseQuery } from '../compound.ts'
import type { Matcher, Query, Shard } from '../matcher.ts'
import { type KqlNode, parseKql } from './parser.ts'
import { queryDslOf } from './query-dsl.ts'

export function kql(body: unknown, parse: ParseQuery): Query {
  const given = objectOf('kql', body)
  checkNames('kql', given, ['query', 'case_insensitive', 'time_zone', 'default_field'])
  const text = given.query
  if (typeof text !== 'string') throw parsingError("[kql] requires a 'query' field")
  const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null)
  const options = {
    caseInsensitive: flag(given, 'case_insensitive'),
    timeZone: textOrNull(given.time_zone),
    defaultField: textOrNull(given.default_field),
  }
  const read = treeOrError(text)
  return {
    bind(shard) {
      if (!(read instanceof QueryError)) {
        const isBeyond = (range: Record<string, unknown>) => bound(range, parse, shard).candidates?.size === 0
        return parse(queryDslOf(read, shard.index, { ...options, isBeyond })).bind(shard)
      }
      const cause = new ElasticsearchError(400, 'kql_parsing_exception', read.message)
      throw queryShardError(shard.index, `failed to create query: ${read.message}`, cause.body)
    },
  }
}

/** Dates are read before there is a shard query: their mistakes are told as they are. */
function bound(range: Record<string, unknown>, parse: ParseQuery, shard: Shard): Matcher {
  try {
    return parse(range).bind(shard)
  } catch (error) {
    const cause = error instanceof ElasticsearchError ? (error.details.caused_by as ErrorCause | undefined) : undefined
    if (cause?.type !== 'parse_exception') throw error
    const { type, reason, ...details } = cause
    throw new ElasticsearchError(400, type, reason, details)
  }
}

/** A mistake in the query is told by the shards, not by the request. */
function treeOrError(text: string): KqlNode | QueryError {
  try {
    return parseKql(text)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}
