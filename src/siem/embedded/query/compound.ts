/** Queries made of queries: `bool`, `constant_score`, `dis_max`, and the two that take none. */
import { describe, ElasticsearchError, illegalArgument, parsingError } from '../errors.ts'
import { boostOf, checkNames, minimumOf, objectOf } from './arguments.ts'
import { matchAll as everything, MATCH_NONE, type Matcher, type Query, shortest, union, withScore } from './matcher.ts'

/** Reads a query clause: handed in, so that the families of queries need not know each other. */
export type ParseQuery = (clause: unknown) => Query

const OCCURRENCES = ['must', 'filter', 'should', 'must_not'] as const
const BOOL_PARAMETERS = [...OCCURRENCES, 'mustNot', 'minimum_should_match', 'adjust_pure_negative']

export function bool(body: unknown, parse: ParseQuery): Query {
  const given = objectOf('bool', body)
  const unknown = Object.keys(given).find((name) => ![...BOOL_PARAMETERS, 'boost', '_name'].includes(name))
  if (unknown !== undefined) {
    throw new ElasticsearchError(400, 'x_content_parse_exception', `[bool] unknown field [${unknown}]`)
  }
  const clauses = (name: string) => {
    const value = given[name] ?? []
    if (typeof value !== 'object') {
      throw new ElasticsearchError(
        400,
        'x_content_parse_exception',
        `[bool] ${name} doesn't support values of type: ${describe(value)}`,
      )
    }
    return [value].flat().map(parse)
  }
  const [must, filter, should, mustNot] = OCCURRENCES.map((name) => clauses(name)) as [
    Query[],
    Query[],
    Query[],
    Query[],
  ]
  if (given.mustNot !== undefined) mustNot.push(...clauses('mustNot'))
  const needed =
    given.minimum_should_match === undefined
      ? must.length + filter.length === 0 && should.length > 0
        ? 1
        : 0
      : minimumOf(given.minimum_should_match, should.length)
  const boost = boostOf(given)
  return {
    bind(shard) {
      const bind = (queries: Query[]) => queries.map((query) => query.bind(shard))
      return boolMatcher(
        { must: bind(must), filter: bind(filter), should: bind(should), mustNot: bind(mustNot) },
        needed,
        boost,
      )
    },
  }
}

interface Clauses {
  must: Matcher[]
  filter: Matcher[]
  should: Matcher[]
  mustNot: Matcher[]
}

export function boolMatcher({ must, filter, should, mustNot }: Clauses, needed: number, boost = 1): Matcher {
  if (needed > should.length) return MATCH_NONE
  // The rarest first: most documents fail there.
  const required = [...must, ...filter].sort(
    (a, b) => (a.candidates?.size ?? Infinity) - (b.candidates?.size ?? Infinity),
  )
  const optional = needed > 0 ? union(should) : null
  return {
    matches(document) {
      for (const matcher of required) if (!matcher.matches(document)) return false
      for (const matcher of mustNot) if (matcher.matches(document)) return false
      if (needed === 0) return true
      let met = 0
      for (const matcher of should) if (matcher.matches(document) && ++met >= needed) return true
      return false
    },
    candidates: shortest([...required.map(({ candidates }) => candidates), optional]),
    score(document) {
      let sum = 0
      for (const matcher of must) sum += matcher.score(document)
      for (const matcher of should) if (matcher.matches(document)) sum += matcher.score(document)
      return boost * (must.length + filter.length + should.length + mustNot.length === 0 ? 1 : sum)
    },
  }
}

export function constantScore(body: unknown, parse: ParseQuery): Query {
  const given = objectOf('constant_score', body)
  checkNames('constant_score', given, ['filter'])
  if (given.filter === undefined) throw parsingError("[constant_score] requires a 'filter' element")
  const filter = parse(given.filter)
  const boost = boostOf(given)
  return { bind: (shard) => withScore(filter.bind(shard), boost) }
}

export function disMax(body: unknown, parse: ParseQuery): Query {
  const given = objectOf('dis_max', body)
  checkNames('dis_max', given, ['queries', 'tie_breaker'])
  const queries = [given.queries ?? []].flat().map(parse)
  if (queries.length === 0) throw parsingError("[dis_max] requires 'queries' field with at least one clause")
  const tie = Number(given.tie_breaker ?? 0)
  if (!Number.isFinite(tie)) throw illegalArgument(`For input string: "${given.tie_breaker}"`)
  return {
    bind: (shard) =>
      bestOf(
        queries.map((query) => query.bind(shard)),
        tie,
      ),
  }
}

/** Matches what any matches, with the score of the best, and `tie` of the others'. */
export function bestOf(matchers: Matcher[], tie = 0): Matcher {
  return {
    matches: (document) => matchers.some((matcher) => matcher.matches(document)),
    candidates: union(matchers),
    score(document) {
      const scores = matchers.filter((matcher) => matcher.matches(document)).map((matcher) => matcher.score(document))
      const best = Math.max(...scores)
      return best + tie * (scores.reduce((sum, score) => sum + score, 0) - best)
    },
  }
}

export function matchAll(body: unknown): Query {
  const given = objectOf('match_all', body)
  checkNames('match_all', given, [])
  const boost = boostOf(given)
  return { bind: () => everything(boost) }
}

export function matchNone(body: unknown): Query {
  objectOf('match_none', body)
  return { bind: () => MATCH_NONE }
}
