/** Queries that analyse their text as the field's was: `match`, `match_phrase`, `match_phrase_prefix`, `multi_match`. */
import { illegalArgument, parsingError } from '../errors.ts'
import { analyze } from '../mapping/analyze.ts'
import type { Column } from '../store/column.ts'
import { type Arguments, boostOf, checkNames, fieldClause, flag, minimumOf, objectOf } from './arguments.ts'
import { bestOf, boolMatcher } from './compound.ts'
import { MATCH_NONE, type Matcher, matchAll, type Query, type Shard, shortest } from './matcher.ts'
import { prefixMatcher } from './patterns.ts'
import { bm25, rarity } from './score.ts'
import { havingAny, simplePattern, termMatcher } from './values.ts'

/** Values of one field are this far apart, so that phrases do not reach from one into the next. */
const GAP = 100

interface MatchOptions {
  and?: boolean
  minimum?: unknown
  lenient?: boolean
  zeroTermsAll?: boolean
  boost?: number
}

const isText = (column: Column | undefined): column is Column => column?.field.type.family === 'text'

/** Documents with the words of a text; on fields that are not analysed, with the text as a value. */
export function matchMatcher(shard: Shard, path: string, value: unknown, options: MatchOptions = {}): Matcher {
  const column = shard.index.column(path)
  if (!isText(column)) return exactly(shard, path, value, options)
  const tokens = analyze(String(value))
  if (tokens.length === 0) return options.zeroTermsAll ? matchAll() : MATCH_NONE
  const { boost = 1 } = options
  const matchers = tokens.map((token) => termMatcher(shard, path, token, { boost }))
  if (matchers.length === 1) return matchers[0]!
  if (options.and) return boolMatcher({ must: matchers, filter: [], should: [], mustNot: [] }, 0)
  const needed = options.minimum === undefined ? 1 : minimumOf(options.minimum, tokens.length)
  return boolMatcher({ must: [], filter: [], should: matchers, mustNot: [] }, Math.max(1, needed))
}

function exactly(shard: Shard, path: string, value: unknown, { lenient, boost = 1 }: MatchOptions): Matcher {
  try {
    return termMatcher(shard, path, value, { boost })
  } catch (error) {
    if (lenient) return MATCH_NONE
    throw error
  }
}

/** Documents with the words next to each other in this order, `slop` moves apart at most. */
export function phraseMatcher(
  shard: Shard,
  path: string,
  value: unknown,
  { slop = 0, lenient = false, boost = 1, lastIsPrefix = false } = {},
): Matcher {
  const column = shard.index.column(path)
  if (!isText(column)) {
    if (lastIsPrefix) return prefixMatcher(shard, path, String(value))
    return exactly(shard, path, value, { lenient, boost })
  }
  const tokens = analyze(String(value))
  if (tokens.length === 0) return MATCH_NONE
  if (tokens.length === 1 && !lastIsPrefix) return termMatcher(shard, path, tokens[0], { boost })
  const last = tokens.at(-1)!
  const wanted = tokens.map((token, at): Set<string> => {
    if (!lastIsPrefix || at < tokens.length - 1) return new Set([token])
    return new Set([...column.terms].map(String).filter((term) => term.startsWith(last)))
  })
  const words = wanted.map((terms) => havingAny(column, [...terms]))
  const rare = () => tokens.reduce((sum, token) => sum + rarity(column, column.having(token).length), 0)
  const times = (document: number) => phraseFrequency((column.at(document) ?? []) as string[][], wanted, slop)
  return {
    matches: (document) => words.every((word) => word.matches(document)) && times(document) > 0,
    candidates: shortest(words.map(({ candidates }) => candidates)),
    score: (document) => boost * bm25(column, document, rare(), times(document)),
  }
}

/** How often the phrase occurs; occurrences with moves count less, as sloppy ones do. */
function phraseFrequency(values: readonly string[][], wanted: readonly Set<string>[], slop: number): number {
  const positions = new Map<string, number[]>()
  let position = 0
  for (const tokens of values) {
    for (const token of tokens) positions.set(token, [...(positions.get(token) ?? []), position++])
    position += GAP
  }
  const places = wanted.map((terms) => [...terms].flatMap((token) => positions.get(token) ?? []))
  if (slop === 0) {
    const rest = places.slice(1).map((list) => new Set(list))
    return (places[0] ?? []).filter((start) => rest.every((set, at) => set.has(start + at + 1))).length
  }
  let frequency = 0
  for (const start of places[0] ?? []) {
    // Each word at its place least far from where the phrase wants it, seen from the first one.
    const shifts = places.map((list, at) =>
      list
        .map((found) => found - at - start)
        .reduce((best, shift) => (Math.abs(shift) < Math.abs(best) ? shift : best), Number.POSITIVE_INFINITY),
    )
    const width = Math.max(...shifts) - Math.min(...shifts)
    if (width <= slop) frequency += 1 / (1 + width)
  }
  return frequency
}

const MATCH_PARAMETERS = [
  'query',
  'operator',
  'minimum_should_match',
  'analyzer',
  'lenient',
  'zero_terms_query',
  'auto_generate_synonyms_phrase_query',
  'fuzzy_transpositions',
  'max_expansions',
  'prefix_length',
]

function matchOptions(given: Arguments): MatchOptions {
  if (given.fuzziness !== undefined) throw illegalArgument('[match] fuzziness is not supported by the embedded SIEM')
  return {
    and: String(given.operator ?? 'or').toLowerCase() === 'and',
    minimum: given.minimum_should_match,
    lenient: flag(given, 'lenient'),
    zeroTermsAll: given.zero_terms_query === 'all',
    boost: boostOf(given),
  }
}

function queryText(query: string, given: Arguments): unknown {
  if (given.query === undefined || given.query === null) throw parsingError('No text specified for text query')
  if (typeof given.query === 'object') throw parsingError(`[${query}] unknown token [START_ARRAY] after [query]`)
  return given.query
}

export function match(body: unknown): Query {
  const { field, given } = fieldClause('match', body, { short: 'query', allowed: [...MATCH_PARAMETERS, 'fuzziness'] })
  const value = queryText('match', given)
  const options = matchOptions(given)
  return { bind: (shard) => matchMatcher(shard, field, value, options) }
}

export function matchPhrase(body: unknown): Query {
  const allowed = ['query', 'slop', 'analyzer', 'zero_terms_query']
  const { field, given } = fieldClause('match_phrase', body, { short: 'query', allowed })
  const value = queryText('match_phrase', given)
  const options = { slop: Number(given.slop ?? 0), boost: boostOf(given) }
  return { bind: (shard) => phraseMatcher(shard, field, value, options) }
}

export function matchPhrasePrefix(body: unknown): Query {
  const allowed = ['query', 'slop', 'analyzer', 'max_expansions', 'zero_terms_query']
  const { field, given } = fieldClause('match_phrase_prefix', body, { short: 'query', allowed })
  const value = queryText('match_phrase_prefix', given)
  const options = { slop: Number(given.slop ?? 0), boost: boostOf(given), lastIsPrefix: true }
  return { bind: (shard) => phraseMatcher(shard, field, value, options) }
}

/** Fields that a list of names such as `message`, `host.*^2` means, with their boosts. */
export function fieldsOf(shard: Shard, names: readonly string[]): { path: string; boost: number }[] {
  return names.flatMap((name) => {
    const [pattern, boost] = name.split('^') as [string, string | undefined]
    const weight = Number(boost ?? 1)
    if (!pattern.includes('*')) return [{ path: pattern, boost: weight }]
    const wanted = simplePattern(pattern)
    const found: { path: string; boost: number }[] = []
    for (const [path, field] of shard.index.mapping.fields()) {
      if (wanted.test(path) && field.type.searchable) found.push({ path, boost: weight })
    }
    return found
  })
}

export function multiMatch(body: unknown): Query {
  const given = objectOf('multi_match', body)
  checkNames('multi_match', given, [...MATCH_PARAMETERS, 'fuzziness', 'fields', 'type', 'tie_breaker', 'slop'])
  const value = queryText('multi_match', given)
  const names = given.fields === undefined ? ['*'] : [given.fields].flat().map(String)
  const type = String(given.type ?? 'best_fields')
  const options = { ...matchOptions(given), lenient: given.fields === undefined || flag(given, 'lenient') }
  const phrase = type === 'phrase' || type === 'phrase_prefix'
  if (!phrase && type !== 'best_fields' && type !== 'most_fields') {
    throw illegalArgument(`[multi_match] type [${type}] is not supported by the embedded SIEM`)
  }
  const phraseOptions = {
    slop: Number(given.slop ?? 0),
    lenient: options.lenient,
    lastIsPrefix: type === 'phrase_prefix',
  }
  return {
    bind(shard) {
      const matchers = fieldsOf(shard, names).map(({ path, boost }) =>
        phrase
          ? phraseMatcher(shard, path, value, { ...phraseOptions, boost })
          : matchMatcher(shard, path, value, { ...options, boost }),
      )
      if (matchers.length === 0) return MATCH_NONE
      return bestOf(matchers, type === 'most_fields' ? 1 : Number(given.tie_breaker ?? 0))
    },
  }
}
