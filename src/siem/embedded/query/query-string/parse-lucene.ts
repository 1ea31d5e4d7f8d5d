/** Lucene's query syntax, as `query_string` takes it. */
import type { Clause, QueryNode } from './ast.ts'

/** A text that is no query; `message` as the server words it. */
export class QuerySyntaxError extends Error {
  override name = 'QuerySyntaxError'
}

interface Token {
  kind: 'and' | 'or' | 'not' | '+' | '-' | '(' | ')' | ':' | '^' | '~' | 'phrase' | 'regexp' | 'range' | 'term' | 'end'
  text: string
  at: number
}

const TOKEN =
  /\s+|(?<op>&&|\|\||!|\+|-|\(|\)|:|\^[\d.]+|~[\d.]*)|"(?<phrase>(?:[^"\\]|\\.)*)"|\/(?<regexp>(?:[^/\\]|\\.)*)\/|(?<range>[[{](?:[^\]}"]|"[^"]*")*[\]}]|[<>]=?(?:[^\s()"\\]|\\.)+)|(?<term>(?:[^\s+\-!():^[\]"{}~\\/|&<>]|\\.)(?:[^\s!():^[\]"{}~\\/]|\\.)*)/gsy

const WORDS: Record<string, Token['kind']> = { AND: 'and', '&&': 'and', OR: 'or', '||': 'or', NOT: 'not', '!': 'not' }

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const groups = TOKEN.exec(text)?.groups
    if (groups === undefined) throw cannotParse(text, text[at]!, at)
    const { op, phrase, regexp, range, term } = groups
    if (op !== undefined) {
      tokens.push({ kind: WORDS[op] ?? (op[0] as Token['kind']), text: op, at })
    } else if (phrase !== undefined) tokens.push({ kind: 'phrase', text: phrase, at })
    else if (regexp !== undefined) tokens.push({ kind: 'regexp', text: regexp, at })
    else if (range !== undefined) tokens.push({ kind: 'range', text: range, at })
    else if (term !== undefined) tokens.push({ kind: WORDS[term] ?? 'term', text: term, at })
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: text.length })
  return tokens
}

const cannotParse = (text: string, found: string, at: number) =>
  new QuerySyntaxError(`Cannot parse '${text}': Encountered "${found}" at line 1, column ${at}.`)

/** Groups deeper than this are refused before they exhaust the stack. */
const DEEPEST = 200

/** Parses a query. Throws QuerySyntaxError. */
export function parseLucene(text: string, { and = false }: { and?: boolean } = {}): QueryNode {
  const tokens = tokensOf(text)
  let position = 0
  const peek = () => tokens[position]!
  const next = () => tokens[position++]!

  const clauses = (field: string | null, depth: number): QueryNode => {
    if (depth > DEEPEST) throw cannotParse(text, '(', peek().at)
    const found: Clause[] = []
    for (let first = true; peek().kind !== 'end' && peek().kind !== ')'; first = false) {
      const { kind } = peek()
      const conjunction = !first && (kind === 'and' || kind === 'or') ? next().kind : null
      const modifier = ['not', '+', '-'].includes(peek().kind) ? next().kind : null
      addClause(found, conjunction, modifier, clause(field, depth), and)
    }
    if (found.length === 0) throw cannotParse(text, peek().text, peek().at)
    return found.length === 1 && found[0]!.occur !== 'must_not' ? found[0]!.node : { kind: 'clauses', clauses: found }
  }

  const clause = (field: string | null, depth: number): QueryNode => {
    const token = peek()
    const named = token.kind === 'term' && tokens[position + 1]!.kind === ':'
    if (!named) return value(field, depth)
    next()
    next()
    const name = plain(token.text)
    if (name === '_exists_') return { kind: 'exists', field: plain(next().text) }
    if (name === '*' && peek().kind === 'term' && peek().text === '*') {
      next()
      return { kind: 'all' }
    }
    return value(name, depth)
  }

  const value = (field: string | null, depth: number): QueryNode => {
    const token = next()
    switch (token.kind) {
      case '(': {
        const inner = clauses(field, depth + 1)
        if (peek().kind !== ')') throw cannotParse(text, peek().text, peek().at)
        next()
        boost()
        return inner
      }
      case 'phrase': {
        const slop = peek().kind === '~' ? Number(next().text.slice(1) || 0) : 0
        return { kind: 'phrase', field, text: plain(token.text), slop, boost: boost() }
      }
      case 'regexp':
        return { kind: 'regexp', field, pattern: token.text.replaceAll('\\/', '/'), boost: boost() }
      case 'range':
        return { kind: 'range', field, ...bounds(token), boost: boost() }
      case 'term':
        return word(field, token)
      default:
        throw cannotParse(text, token.text, token.at)
    }
  }

  const word = (field: string | null, token: Token): QueryNode => {
    if (peek().kind === '~') throw new QuerySyntaxError(`fuzzy terms such as ${token.text}~ are not supported`)
    if (token.text === '*') return { kind: 'exists', field }
    if (/(?<!\\)(?:\\\\)*[*?]/.test(token.text)) return { kind: 'wildcard', field, pattern: token.text, boost: boost() }
    return { kind: 'text', field, text: plain(token.text), boost: boost() }
  }

  const boost = (): number => (peek().kind === '^' ? Number(next().text.slice(1)) : 1)

  const bounds = (token: Token) => {
    const compared = /^([<>]=?)(.+)$/s.exec(token.text)
    if (compared !== null) {
      const [, operator, given] = compared as unknown as [string, string, string]
      const open = { low: null, includeLow: true, high: null, includeHigh: true }
      if (operator.startsWith('>')) return { ...open, low: plain(given), includeLow: operator === '>=' }
      return { ...open, high: plain(given), includeHigh: operator === '<=' }
    }
    const found = /^([[{])\s*(".*?"|\S+)\s+TO\s+(".*?"|\S+?)\s*([\]}])$/s.exec(token.text)
    if (found === null) throw cannotParse(text, token.text, token.at)
    const [, opening, low, high, closing] = found as unknown as [string, string, string, string, string]
    const bound = (given: string) => (given === '*' ? null : plain(given.replace(/^"(.*)"$/s, '$1')))
    return { low: bound(low), includeLow: opening === '[', high: bound(high), includeHigh: closing === ']' }
  }

  if (text.trim() === '') return { kind: 'clauses', clauses: [] }
  const node = clauses(null, 0)
  if (peek().kind !== 'end') throw cannotParse(text, peek().text, peek().at)
  return node
}

/** Operators bind as in Lucene: AND makes both its sides required, whatever stands around them. */
function addClause(
  clauses: Clause[],
  conjunction: Token['kind'] | null,
  modifier: Token['kind'] | null,
  node: QueryNode,
  and: boolean,
): void {
  const last = clauses.at(-1)
  if (last !== undefined && last.occur !== 'must_not') {
    if (conjunction === 'and') last.occur = 'must'
    if (conjunction === 'or' && and) last.occur = 'should'
  }
  const prohibited = modifier === 'not' || modifier === '-'
  const required = modifier === '+' || (and ? conjunction !== 'or' : conjunction === 'and')
  clauses.push({ occur: prohibited ? 'must_not' : required ? 'must' : 'should', node })
}

/** A text without its escapes. */
const plain = (text: string): string => text.replace(/\\(.)/gs, '$1')
