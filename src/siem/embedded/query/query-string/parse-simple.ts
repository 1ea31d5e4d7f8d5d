/** The forgiving syntax of `simple_query_string`: `+` and, `|` or, `-` not, phrases, prefixes, groups. Never an error. */
import type { Clause, QueryNode } from './ast.ts'

const TOKEN =
  /\s+|(?<op>[+|()]|-(?=\S))|"(?<phrase>(?:[^"\\]|\\.)*)"(?:~(?<slop>\d+))?|(?<term>(?:[^\s"+|()\\]|\\.)+)|(?<rest>.)/gs

interface Token {
  kind: '+' | '|' | '-' | '(' | ')' | 'phrase' | 'term'
  text: string
  slop: number
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (const { groups } of text.matchAll(TOKEN)) {
    const { op, phrase, slop, term } = groups!
    if (op !== undefined) tokens.push({ kind: op as Token['kind'], text: op, slop: 0 })
    else if (phrase !== undefined) tokens.push({ kind: 'phrase', text: phrase, slop: Number(slop ?? 0) })
    else if (term !== undefined) tokens.push({ kind: 'term', text: term, slop: 0 })
  }
  return tokens
}

const DEEPEST = 200

export function parseSimple(text: string, { and = false }: { and?: boolean } = {}): QueryNode {
  const tokens = tokensOf(text)
  let position = 0
  const group = (depth: number): QueryNode => {
    const clauses: Clause[] = []
    let operator: '+' | '|' | null = null
    while (position < tokens.length) {
      const token = tokens[position++]!
      if (token.kind === ')') {
        if (depth > 0) break
        continue
      }
      if (token.kind === '+' || token.kind === '|') {
        operator = token.kind
        continue
      }
      const negated = token.kind === '-'
      const node = negated ? operand(tokens[position++], depth) : operand(token, depth)
      if (node === null) continue
      join(clauses, operator, negated ? { kind: 'clauses', clauses: [{ occur: 'must_not', node }] } : node, and)
      operator = null
    }
    return clauses.length === 1 ? clauses[0]!.node : { kind: 'clauses', clauses }
  }
  const operand = (token: Token | undefined, depth: number): QueryNode | null => {
    if (token === undefined) return null
    if (token.kind === '(') return depth < DEEPEST ? group(depth + 1) : null
    if (token.kind === 'phrase') return { kind: 'phrase', field: null, text: token.text, slop: token.slop, boost: 1 }
    if (token.kind !== 'term') return null
    if (token.text === '*') return { kind: 'all' }
    if (token.text.endsWith('*') && !token.text.endsWith('\\*')) {
      return { kind: 'wildcard', field: null, pattern: token.text, boost: 1 }
    }
    return { kind: 'text', field: null, text: token.text.replace(/\\(.)/gs, '$1').replace(/~\d*$/, ''), boost: 1 }
  }
  return group(0)
}

function join(clauses: Clause[], operator: '+' | '|' | null, node: QueryNode, and: boolean): void {
  const required = operator === '+' || (operator === null && and)
  const last = clauses.at(-1)
  if (operator === '+' && last !== undefined) last.occur = 'must'
  clauses.push({ occur: required ? 'must' : 'should', node })
}
