/** KQL text → tokens, as Elasticsearch's own KQL reads them (Kibana's differs in small things). */
import { problemAt, QueryError } from '../../../../language/query-error.ts'

export type KqlTokenKind = 'word' | 'quoted' | 'any' | 'and' | 'or' | 'not' | 'symbol' | 'end'

export interface KqlToken {
  kind: KqlTokenKind
  /** Words, names and phrases with their escapes resolved; symbols as written. */
  text: string
  /** A word with a `*` that is a wildcard. */
  wild: boolean
  start: number
}

const SPACE = /[ \t\n\r\u3000]*/y
const SYMBOL = /[<>]=?|[:(){}]/y
const WORD = /(?:\\(?:[trn \\():<>"*{}]|u[0-9a-f]{4}|and|or|not)|[^ \n\r\t\u3000\\():<>"{}])+/iy
const QUOTED = /"(?:\\(?:[trn"]|u[0-9a-f]{4})|[^"])*"/iy
const ESCAPE = /\\(?:u([0-9a-f]{4})|(and|or|not)|(.))/gis
const LETTERS: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', '"': '"', '\\': '\\' }

/** All tokens, `end` last. Throws `QueryError` at the first text that is none. */
export function kqlTokens(query: string): KqlToken[] {
  const tokens: KqlToken[] = []
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(query)?.[0] ?? null
    at += found?.length ?? 0
    return found
  }
  for (;;) {
    take(SPACE)
    const start = at
    if (at >= query.length) return [...tokens, { kind: 'end', text: '', wild: false, start }]
    const symbol = take(SYMBOL)
    const quoted = symbol === null ? take(QUOTED) : null
    const word = symbol === null && quoted === null ? take(WORD) : null
    if (symbol !== null) tokens.push({ kind: 'symbol', text: symbol, wild: false, start })
    else if (quoted !== null) tokens.push({ kind: 'quoted', text: phraseOf(quoted), wild: false, start })
    else if (word !== null) tokens.push(wordOf(word, start))
    else throw new QueryError([problemAt(query, start, `token recognition error at: '${query.slice(start)}'`)])
  }
}

function wordOf(word: string, start: number): KqlToken {
  const lower = word.toLowerCase()
  if (lower === 'and' || lower === 'or' || lower === 'not') return { kind: lower, text: word, wild: false, start }
  if (word === '*') return { kind: 'any', text: word, wild: true, start }
  // A `*` counts as a wildcard when no backslash stands before it, however far away.
  return { kind: 'word', text: unescaped(word, '():<>*{}'), wild: /^[^\\]*\*/.test(word), start }
}

const phraseOf = (quoted: string) => unescaped(quoted.slice(1, -1), '')

/** Escapes resolved; a backslash before any other letter stays. */
const unescaped = (text: string, special: string): string =>
  text.replace(ESCAPE, (whole, code?: string, keyword?: string, letter?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    if (keyword !== undefined) return special === '' ? whole : keyword
    return LETTERS[letter!] ?? (special.includes(letter!) ? letter! : whole)
  })
