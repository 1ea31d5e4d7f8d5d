/** EQL text → tokens. */
import { problemAt, QueryError, type Span } from '../query-error.ts'

export type TokenKind = 'word' | 'quoted' | 'string' | 'integer' | 'decimal' | 'symbol' | 'end'

export interface Token extends Span {
  kind: TokenKind
  /** Words and symbols as written; the content of strings and of quoted names. */
  text: string
}

const KEYWORDS = new Set(
  'and any by false in in~ join like like~ maxspan not null of or regex regex~ sample sequence true until where with'.split(
    ' ',
  ),
)

/** Words that name no field unless they are quoted. */
export const isKeyword = (word: string) => KEYWORDS.has(word)

/** Longest first. */
const SYMBOLS = ['![', '==', '!=', '<=', '>=', ...':<>=+-*/%.,[]()|?']

const ESCAPES: Record<string, string> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' }

const SPACE = /(?:\s|\/\/[^\r\n]*)+/y
const WORD = /[A-Za-z_@][A-Za-z0-9_]*~?/y
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const QUOTED = /`(?:[^`]|``)*`/y

/** All tokens of a query, `end` last. Throws `QueryError` at the first text that is no token. */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const fail = (offset: number, message: string): never => {
    throw new QueryError([problemAt(query, offset, message)])
  }
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    return pattern.exec(query)?.[0] ?? null
  }
  for (;;) {
    at = skipSpace(query, at)
    if (at >= query.length) {
      tokens.push({ kind: 'end', text: '<EOF>', start: query.length, end: query.length })
      return tokens
    }
    const start = at
    const push = (kind: TokenKind, text: string, end: number) => {
      tokens.push({ kind, text, start, end })
      at = end
    }
    const letter = query[at]!
    if (query.startsWith('"""', at)) {
      const close = closeOfRaw(query, at + 3)
      if (close === -1 || /[\r\n]/.test(query.slice(at, close))) {
        fail(at, 'unterminated string: no closing """ on this line')
      }
      push('string', query.slice(at + 3, close), close + 3)
    } else if (letter === '"') {
      const [text, end] = readString(query, at, fail)
      push('string', text, end)
    } else if (letter === "'") {
      fail(at, 'Use double quotes ["] to define string literals, not single quotes [\']')
    } else if (letter === '?' && (query[at + 1] === '"' || query[at + 1] === "'")) {
      fail(at, `Use triple double quotes ["""] to define unescaped string literals, not [?${query[at + 1]}]`)
    } else if (letter === '`') {
      const quoted = take(QUOTED) ?? fail(at, 'unterminated quoted name: no closing `')
      push('quoted', quoted.slice(1, -1).replaceAll('``', '`'), at + quoted.length)
    } else {
      const number = take(NUMBER)
      const word = number === null ? take(WORD) : null
      const symbol = SYMBOLS.find((text) => query.startsWith(text, at))
      if (number !== null) push(/^\d+$/.test(number) ? 'integer' : 'decimal', number, at + number.length)
      else if (word !== null) push('word', word, at + word.length)
      else if (symbol !== undefined) push('symbol', symbol, at + symbol.length)
      else fail(at, `token recognition error at: '${letter}'`)
    }
  }
}

/** Past spaces, `// …` and (nesting) block comments. */
function skipSpace(query: string, from: number): number {
  let at = from
  for (;;) {
    SPACE.lastIndex = at
    at += SPACE.exec(query)?.[0].length ?? 0
    if (!query.startsWith('/*', at)) return at
    let depth = 0
    const start = at
    do {
      if (query.startsWith('/*', at)) depth += 1
      else if (query.startsWith('*/', at)) depth -= 1
      else {
        at += 1
        if (at >= query.length) throw new QueryError([problemAt(query, start, 'unterminated comment: no closing */')])
        continue
      }
      at += 2
    } while (depth > 0)
  }
}

/** A raw string ends at the last three of a run of up to five quotes. */
function closeOfRaw(query: string, from: number): number {
  let close = query.indexOf('"""', from)
  if (close === -1) return -1
  for (let extra = 0; extra < 2 && query[close + 3] === '"'; extra++) close += 1
  return close
}

function readString(query: string, from: number, fail: (offset: number, message: string) => never): [string, number] {
  let text = ''
  let at = from + 1
  for (;;) {
    const letter = query[at]
    if (letter === undefined || letter === '\n' || letter === '\r')
      return fail(from, 'unterminated string: no closing "')
    if (letter === '"') return [text, at + 1]
    if (letter !== '\\') {
      text += letter
      at += 1
      continue
    }
    const next = query[at + 1] ?? ''
    const unicode = /^u\{([0-9A-Fa-f]{2,8})\}/.exec(query.slice(at + 1, at + 12))
    if (unicode !== null) {
      text += unicodeLetter(unicode[1]!, () => fail(at, `Invalid unicode character code [${unicode[1]}]`))
      at += 1 + unicode[0].length
    } else if (next in ESCAPES) {
      text += ESCAPES[next]
      at += 2
    } else fail(at, `token recognition error at: '\\${next}': a backslash in a string is written \\\\`)
  }
}

function unicodeLetter(code: string, refuse: () => never): string {
  const point = Number.parseInt(code, 16)
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return refuse()
  return String.fromCodePoint(point)
}
