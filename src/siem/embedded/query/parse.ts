/** Reads the query DSL: one table of all query types. */
import { illegalArgument, parsingError, queryShardError } from '../errors.ts'
import { isObject, objectOf } from './arguments.ts'
import type { ParseQuery } from './compound.ts'
import { bool, constantScore, disMax, matchAll, matchNone } from './compound.ts'
import { match, matchPhrase, matchPhrasePrefix, multiMatch } from './full-text.ts'
import { kql } from './kql/kql.ts'
import type { Query } from './matcher.ts'
import { prefix, regexp, wildcard } from './patterns.ts'
import { queryString, simpleQueryString } from './query-string/query.ts'
import { range } from './range.ts'
import { exists, ids, term, terms } from './values.ts'

const QUERIES: Readonly<Record<string, (body: unknown, parse: ParseQuery) => Query>> = {
  match_all: matchAll,
  match_none: matchNone,
  bool,
  constant_score: constantScore,
  dis_max: disMax,
  term,
  terms,
  ids,
  exists,
  range,
  prefix,
  wildcard,
  regexp,
  match,
  match_phrase: matchPhrase,
  match_phrase_prefix: matchPhrasePrefix,
  multi_match: multiMatch,
  query_string: queryString,
  simple_query_string: simpleQueryString,
  kql,
  nested,
}

/** Deeper than people write, shallower than the stack: the server's own limit. */
const DEEPEST = 30

/** Reads one query clause. Throws `parsing_exception` (400) for what is no query. */
export function parseQuery(clause: unknown, depth = 0): Query {
  if (depth > DEEPEST) {
    throw illegalArgument(
      `The nested depth of the query exceeds the maximum nested depth for queries set in [indices.query.bool.max_nested_depth]`,
    )
  }
  if (!isObject(clause)) throw parsingError('[_na] query malformed, must start with start_object')
  const names = Object.keys(clause)
  const [name, second] = names
  if (name === undefined) throw illegalArgument('query malformed, empty clause found')
  const parser = Object.hasOwn(QUERIES, name) ? QUERIES[name] : undefined
  if (parser === undefined) {
    throw parsingError(`unknown query [${name}]`, {
      caused_by: { type: 'named_object_not_found_exception', reason: `unknown field [${name}]` },
    })
  }
  if (second !== undefined) {
    throw parsingError(`[${name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`)
  }
  return parser(clause[name], (inner) => parseQuery(inner, depth + 1))
}

/** Nested documents are kept as objects of their parent, so there is none to find. */
function nested(body: unknown): Query {
  const { path } = objectOf('nested', body)
  return {
    bind({ index }) {
      throw queryShardError(index, `[nested] failed to find nested object under path [${path}]`)
    },
  }
}
