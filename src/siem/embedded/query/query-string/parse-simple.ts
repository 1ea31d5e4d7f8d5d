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
    let top: QueryNode | null = null
    let previous: Clause['occur'] | null = null
    let operator: Clause['occur'] | null = null
    while (position < tokens.length) {
      const token = tokens[position++]!
      if (token.kind === ')') {
        if (depth > 0) break
        continue
      }
      if (token.kind === '+' || token.kind === '|') {
        operator = token.kind === '+' ? 'must' : 'should'
        continue
      }
      const negated = token.kind === '-'
      const node = negated ? operand(tokens[position++], depth) : operand(token, depth)
      if (node === null) continue
      const occur: Clause['occur'] = operator ?? (and ? 'must' : 'should')
      const first: boolean = top === null
      top = join(top, negated ? not(node) : node, occur, previous)
      previous = first ? null : occur
      operator = null
    }
    return top ?? { kind: 'clauses', clauses: [] }
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

const not = (node: QueryNode): QueryNode => ({
  kind: 'clauses',
  clauses: [
    { occur: 'must_not', node },
    { occur: 'must', node: { kind: 'all' } },
  ],
})

/** Operators bind from left to right: another operator than before takes all before it as one side. */
function join(
  top: QueryNode | null,
  node: QueryNode,
  occur: Clause['occur'],
  previous: Clause['occur'] | null,
): QueryNode {
  if (top === null) return node
  const before: Clause[] = top.kind === 'clauses' && previous === occur ? top.clauses : [{ occur, node: top }]
  return { kind: 'clauses', clauses: [...before, { occur, node }] }
}
