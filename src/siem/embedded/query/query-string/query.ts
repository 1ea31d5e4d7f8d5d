/** `query_string` and `simple_query_string`: texts that people type, bound to the fields of an index. */
import { illegalArgument, parsingError, queryShardError } from '../../errors.ts'
import { type Arguments, boostOf, checkNames, flag, minimumOf, objectOf } from '../arguments.ts'
import { bestOf, boolMatcher } from '../compound.ts'
import { fieldsOf, matchMatcher, phraseMatcher } from '../full-text.ts'
import { MATCH_NONE, type Matcher, matchAll, type Query, type Shard } from '../matcher.ts'
import { prefixMatcher, regexpMatcher, wildcardMatcher } from '../patterns.ts'
import { rangeMatcher } from '../range.ts'
import { existing } from '../values.ts'
import type { QueryNode } from './ast.ts'
import { parseLucene, QuerySyntaxError } from './parse-lucene.ts'
import { parseSimple } from './parse-simple.ts'

const PARAMETERS = [
  'query',
  'default_field',
  'fields',
  'default_operator',
  'minimum_should_match',
  'lenient',
  'analyze_wildcard',
  'allow_leading_wildcard',
  'analyzer',
  'quote_analyzer',
  'quote_field_suffix',
  'time_zone',
  'type',
  'tie_breaker',
  'phrase_slop',
  'flags',
  'escape',
  'max_determinized_states',
  'auto_generate_synonyms_phrase_query',
  'enable_position_increments',
  'rewrite',
]

interface Options {
  /** Null: all fields, leniently. */
  fields: string[] | null
  lenient: boolean
  and: boolean
  minimum: unknown
  boost: number
}

export function queryString(body: unknown): Query {
  const { text, options } = read('query_string', body)
  return {
    bind(shard) {
      try {
        return bind(shard, parseLucene(text, options), options)
      } catch (error) {
        if (!(error instanceof QuerySyntaxError)) throw error
        if (options.lenient) return MATCH_NONE
        throw queryShardError(shard.index, `Failed to parse query [${text}]`, {
          type: 'parse_exception',
          reason: error.message,
        })
      }
    },
  }
}

export function simpleQueryString(body: unknown): Query {
  const { text, options } = read('simple_query_string', body)
  const node = parseSimple(text, options)
  // A value that a field does not take is no match rather than an error, as everything in this query is.
  return { bind: (shard) => bind(shard, node, { ...options, lenient: true }) }
}

function read(query: string, body: unknown): { text: string; options: Options } {
  const given = objectOf(query, body)
  checkNames(query, given, PARAMETERS)
  if (given.query === undefined || given.query === null) {
    throw parsingError(`[${query}] must be provided with a [query]`)
  }
  return { text: String(given.query), options: optionsOf(given) }
}

function optionsOf(given: Arguments): Options {
  const named = given.fields ?? given.default_field
  const fields = named === undefined || named === '*' ? null : [named].flat().map(String)
  const operator = String(given.default_operator ?? 'or').toLowerCase()
  if (operator !== 'or' && operator !== 'and') {
    throw illegalArgument(`No enum constant org.elasticsearch.index.query.Operator.${operator.toUpperCase()}`)
  }
  return {
    fields,
    lenient: flag(given, 'lenient', fields === null),
    and: operator === 'and',
    minimum: given.minimum_should_match,
    boost: boostOf(given),
  }
}

function bind(shard: Shard, node: QueryNode, options: Options): Matcher {
  switch (node.kind) {
    case 'all':
      return matchAll()
    case 'exists':
      if (node.field !== null) return existing(shard, node.field)
      return options.fields === null ? matchAll() : existingAny(shard, options.fields)
    case 'clauses':
      return bindClauses(shard, node.clauses, options)
    default: {
      const matchers = targets(shard, node.field, options).map(({ path, boost }) =>
        leniently(options, () =>
          bindValue(shard, path, node, { ...options, boost: boost * node.boost * options.boost }),
        ),
      )
      return matchers.length === 1 ? matchers[0]! : matchers.length === 0 ? MATCH_NONE : bestOf(matchers)
    }
  }
}

function bindClauses(shard: Shard, clauses: readonly { occur: string; node: QueryNode }[], options: Options): Matcher {
  const of = (occur: string) =>
    clauses.filter((clause) => clause.occur === occur).map(({ node }) => bind(shard, node, options))
  const [must, should, mustNot] = [of('must'), of('should'), of('must_not')]
  if (clauses.length === 0) return MATCH_NONE
  const least = must.length === 0 && should.length > 0 ? 1 : 0
  const needed = options.minimum === undefined ? least : minimumOf(options.minimum, should.length)
  return boolMatcher({ must, filter: [], should, mustNot }, Math.max(least, needed))
}

/** Documents that have a value in one of the fields. */
function existingAny(shard: Shard, fields: string[]): Matcher {
  const should = fieldsOf(shard, fields).map(({ path }) => existing(shard, path))
  return should.length === 0 ? MATCH_NONE : boolMatcher({ must: [], filter: [], should, mustNot: [] }, 1)
}

function targets(shard: Shard, field: string | null, options: Options): { path: string; boost: number }[] {
  if (field !== null) return fieldsOf(shard, [field])
  return fieldsOf(shard, options.fields ?? ['*'])
}

function leniently({ lenient }: Options, work: () => Matcher): Matcher {
  if (!lenient) return work()
  try {
    return work()
  } catch {
    return MATCH_NONE
  }
}

type Value = Exclude<QueryNode, { kind: 'all' | 'exists' | 'clauses' }>

function bindValue(shard: Shard, path: string, node: Value, { and, boost }: Options): Matcher {
  switch (node.kind) {
    case 'text':
      return matchMatcher(shard, path, node.text, { and, boost })
    case 'phrase':
      return phraseMatcher(shard, path, node.text, { slop: node.slop, boost })
    case 'regexp':
      return regexpMatcher(shard, path, node.pattern)
    case 'range':
      return rangeMatcher(shard, path, { ...node, format: undefined, zoneMs: 0 })
    case 'wildcard': {
      const analysed = shard.index.column(path)?.field.type.family === 'text'
      const pattern = analysed ? node.pattern.toLowerCase() : node.pattern
      const fixed = /^((?:[^*?\\]|\\.)*)\*$/s.exec(pattern)
      if (fixed !== null) return prefixMatcher(shard, path, fixed[1]!.replace(/\\(.)/gs, '$1'))
      return wildcardMatcher(shard, path, pattern)
    }
  }
}
