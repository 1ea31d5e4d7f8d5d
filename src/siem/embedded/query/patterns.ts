/** Queries over the dictionary of a field: `prefix`, `wildcard`, `regexp`. */
import { RE2JS } from 're2js'
import { luceneRegexp } from '../../../language/predicate/lucene-regexp.ts'
import { parsingError, queryShardError } from '../errors.ts'
import { isNumeric, ValueError } from '../mapping/field-types.ts'
import { fieldClause, flag } from './arguments.ts'
import { MATCH_NONE, type Matcher, type Query, type Shard } from './matcher.ts'
import { havingAny, TEXTUAL, valueFailure } from './values.ts'
import { wildcardTest } from './wildcard.ts'

/** Documents with a term that passes a test. */
function termsThat(
  shard: Shard,
  query: string,
  path: string,
  test: (caseless: boolean) => (term: string) => boolean,
): Matcher {
  const column = shard.index.column(path)
  if (column === undefined) return MATCH_NONE
  const { family } = column.field.type
  if (!TEXTUAL.has(family)) throw wrongType(shard, query, path, column.field.typeName)
  try {
    const passes = test(column.field.parameters.normalizer !== undefined)
    return havingAny(
      column,
      [...column.terms].filter((term) => passes(String(term))),
    )
  } catch (error) {
    throw valueFailure(error, shard)
  }
}

function wrongType(shard: Shard, query: string, path: string, typeName: string) {
  const only =
    query === 'wildcard'
      ? 'keyword, text and wildcard'
      : query === 'prefix'
        ? 'keyword, text and wildcard'
        : 'keyword and text'
  const kind = isNumeric(typeName) || typeName === 'date' || typeName === 'ip' || typeName === 'boolean' ? query : query
  return queryShardError(
    shard.index,
    `Can only use ${kind} queries on ${only} fields - not on [${path}] which is of type [${typeName}]`,
  )
}

export function prefixMatcher(shard: Shard, path: string, value: string, caseInsensitive = false): Matcher {
  return termsThat(shard, 'prefix', path, (caseless) => {
    if (!caseInsensitive) {
      const wanted = caseless ? value.toLowerCase() : value
      return (term) => term.startsWith(wanted)
    }
    const lower = value.toLowerCase()
    return (term) => term.toLowerCase().startsWith(lower)
  })
}

export function wildcardMatcher(shard: Shard, path: string, value: string, caseInsensitive = false): Matcher {
  return termsThat(shard, 'wildcard', path, (caseless) =>
    wildcardTest(caseless ? value.toLowerCase() : value, caseInsensitive),
  )
}

export function regexpMatcher(shard: Shard, path: string, value: string, caseInsensitive = false): Matcher {
  return termsThat(shard, 'regexp', path, () => {
    const pattern = compileRegexp(value, caseInsensitive)
    return (term) => pattern.matches(term)
  })
}

/** A regular expression of Lucene's kind, run in linear time. Throws ValueError when it is none. */
function compileRegexp(value: string, caseInsensitive: boolean): RE2JS {
  const translated = luceneRegexp(value)
  try {
    return RE2JS.compile(translated, RE2JS.DOTALL | (caseInsensitive ? RE2JS.CASE_INSENSITIVE : 0))
  } catch {
    throw new ValueError('unexpected end-of-string')
  }
}

const CASE = ['value', 'case_insensitive', 'rewrite']

/** A pattern's text; numbers and flags count as their text. */
function textOf(query: string, value: unknown): string {
  if (value === null || value === undefined) throw parsingError(`[${query}] value cannot be null`)
  return String(value)
}

export function prefix(body: unknown): Query {
  const { field, given } = fieldClause('prefix', body, { short: 'value', allowed: CASE })
  const value = textOf('prefix', given.value)
  const caseInsensitive = flag(given, 'case_insensitive')
  return { bind: (shard) => prefixMatcher(shard, field, value, caseInsensitive) }
}

export function wildcard(body: unknown): Query {
  const { field, given } = fieldClause('wildcard', body, { short: 'value', allowed: [...CASE, 'wildcard'] })
  const value = textOf('wildcard', given.value ?? given.wildcard)
  const caseInsensitive = flag(given, 'case_insensitive')
  return { bind: (shard) => wildcardMatcher(shard, field, value, caseInsensitive) }
}

export function regexp(body: unknown): Query {
  const allowed = [...CASE, 'flags', 'flags_value', 'max_determinized_states']
  const { field, given } = fieldClause('regexp', body, { short: 'value', allowed })
  const value = textOf('regexp', given.value)
  const caseInsensitive = flag(given, 'case_insensitive')
  return { bind: (shard) => regexpMatcher(shard, field, value, caseInsensitive) }
}
