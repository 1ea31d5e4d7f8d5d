/** CAR pseudocode → tokens. */
import { problemAt, QueryError, type Span } from '../query-error.ts'

export interface CarToken extends Span {
  kind: 'word' | 'string' | 'number' | 'symbol' | 'end'
  text: string
}

/** Longest first. */
const TOKENS: [kind: CarToken['kind'] | 'space', pattern: RegExp][] = [
  ['space', /(?:\s|#[^\n]*)+/y],
  ['word', /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['string', /"[^"\r\n]*"|'[^'\r\n]*'|[“”][^”\r\n]*”/y],
  ['symbol', /==|!=|<>|<=|>=|[=<>(),[\]:*+-]/y],
]

/** All tokens, `end` last. Backslashes in strings stand for themselves. Throws `QueryError`. */
export function tokenizeCar(query: string): CarToken[] {
  const tokens: CarToken[] = []
  let at = 0
  while (at < query.length) {
    const found = TOKENS.map(([kind, pattern]) => {
      pattern.lastIndex = at
      return { kind, text: pattern.exec(query)?.[0] }
    }).find(({ text }) => text !== undefined)
    if (found?.text === undefined) {
      const letter = query[at]!
      const message = letter === '"' ? 'this string has no end' : `'${letter}' has no meaning in pseudocode`
      throw new QueryError([problemAt(query, at, message)])
    }
    const end = at + found.text.length
    if (found.kind !== 'space') {
      const text = found.kind === 'string' ? found.text.slice(1, -1) : found.text
      tokens.push({ kind: found.kind, text, start: at, end })
    }
    at = end
  }
  tokens.push({ kind: 'end', text: 'the end', start: query.length, end: query.length })
  return tokens
}
