/** KQL text → syntax tree. The grammar is Kibana's. */
import { problemAt, QueryError, type Span } from '../query-error.ts'

export type KueryNode = Span &
  (
    | { kind: 'and' | 'or'; operands: KueryNode[] }
    | { kind: 'not'; operand: KueryNode }
    | { kind: 'is'; field: KueryText | null; value: KueryText }
    | { kind: 'range'; field: KueryText; operator: '<' | '<=' | '>' | '>='; value: KueryText }
    | { kind: 'all' }
  )

/** A name or value: `text` with escapes resolved; `pattern` is set when it holds unescaped `*`, one part between each two. */
export interface KueryText extends Span {
  text: string
  quoted: boolean
  pattern: string[] | null
}

const DEEPEST = 200
const SPECIAL = new Set('\\():<>"*{}')
const SPACE = /\s*/y
const WORD_OPERATOR = /\s*(and|or|not)(?=[\s(]|$)/iy
const ESCAPES: Record<string, string> = { t: '\t', r: '\r', n: '\n' }

/** The tree of a query; an empty one matches everything. Throws `QueryError`. */
export function parseKuery(query: string): KueryNode {
  return new Parser(query).whole()
}

class Parser {
  readonly #query: string
  #at = 0
  #depth = 0

  constructor(query: string) {
    this.#query = query
  }

  whole(): KueryNode {
    this.#space()
    if (this.#at >= this.#query.length) return { kind: 'all', start: 0, end: 0 }
    const node = this.#or((field) => this.#term(field), null)
    this.#space()
    if (this.#at < this.#query.length) this.#unexpected()
    return node
  }

  /** or: and ('or' and)* */
  #or(term: (field: KueryText | null) => KueryNode, field: KueryText | null): KueryNode {
    if (++this.#depth > DEEPEST) this.#fail(this.#at, `more than ${DEEPEST} groups inside each other`)
    const node = this.#logic('or', () => this.#logic('and', () => this.#not(term, field)))
    this.#depth -= 1
    return node
  }

  #logic(word: 'and' | 'or', operand: () => KueryNode): KueryNode {
    const operands = [operand()]
    while (this.#takeWord(word)) operands.push(operand())
    const [first] = operands
    if (operands.length === 1) return first!
    return { kind: word, operands, start: first!.start, end: operands.at(-1)!.end }
  }

  /** not: 'not'* (group | term) */
  #not(term: (field: KueryText | null) => KueryNode, field: KueryText | null): KueryNode {
    this.#space()
    const start = this.#at
    let negations = 0
    while (this.#takeWord('not')) {
      if (++negations > DEEPEST) this.#fail(start, `more than ${DEEPEST} negations of each other`)
    }
    this.#space()
    let node = this.#query[this.#at] === '(' ? this.#group(term, field) : term(field)
    for (; negations > 0; negations--) node = { kind: 'not', operand: node, start, end: node.end }
    return node
  }

  #group(term: (field: KueryText | null) => KueryNode, field: KueryText | null): KueryNode {
    this.#at += 1
    const inner = this.#or(term, field)
    this.#expect(')')
    return inner
  }

  /** term: field ':' values | field ('<' | '<=' | '>' | '>=') value | field ':' '{' query '}' | value */
  #term(prefix: KueryText | null): KueryNode {
    const first = this.#text()
    this.#space()
    const range = /[<>]=?/y
    range.lastIndex = this.#at
    const operator = range.exec(this.#query)?.[0] as '<' | '<=' | '>' | '>=' | undefined
    const field = prefix === null ? first : joined(prefix, first)
    if (operator !== undefined) {
      this.#at += operator.length
      this.#space()
      const value = this.#text()
      return { kind: 'range', field, operator, value, start: first.start, end: value.end }
    }
    if (this.#query[this.#at] !== ':') {
      return { kind: 'is', field: null, value: first, start: first.start, end: first.end }
    }
    this.#at += 1
    this.#space()
    if (this.#query[this.#at] === '{') {
      this.#at += 1
      const inner = this.#or((name) => this.#term(name), field)
      this.#expect('}')
      return inner
    }
    const valueTerm = (): KueryNode => {
      this.#space()
      const value = this.#text()
      return { kind: 'is', field, value, start: first.start, end: value.end }
    }
    return this.#query[this.#at] === '(' ? this.#group(valueTerm, field) : valueTerm()
  }

  /** A quoted phrase, or everything up to a special character or a word operator. */
  #text(): KueryText {
    const start = this.#at
    return this.#query[start] === '"' ? this.#quoted(start) : this.#unquoted(start)
  }

  #quoted(start: number): KueryText {
    let text = ''
    this.#at += 1
    for (;;) {
      const letter = this.#query[this.#at]
      if (letter === undefined) this.#fail(start, 'this phrase has no closing "')
      if (letter === '"') {
        this.#at += 1
        return { text, quoted: true, pattern: null, start, end: this.#at }
      }
      text += letter === '\\' ? this.#escape() : letter
      if (letter !== '\\') this.#at += 1
    }
  }

  #unquoted(start: number): KueryText {
    const parts = ['']
    let end = start
    for (;;) {
      const letter = this.#query[this.#at]
      if (letter === undefined || this.#atWordOperator()) break
      if (letter === '*') {
        parts.push('')
        this.#at += 1
      } else if (letter === '\\') parts[parts.length - 1] += this.#escape()
      else if (SPECIAL.has(letter)) break
      else {
        parts[parts.length - 1] += letter
        this.#at += 1
        if (/\s/.test(letter)) continue
      }
      end = this.#at
    }
    if (end === start) this.#unexpected()
    parts[parts.length - 1] = parts.at(-1)!.trimEnd()
    return { text: parts.join('*'), quoted: false, pattern: parts.length > 1 ? parts : null, start, end }
  }

  #escape(): string {
    const next = this.#query[this.#at + 1]
    if (next === undefined) this.#fail(this.#at, 'nothing follows this backslash')
    const unicode = /^u([0-9A-Fa-f]{4})/.exec(this.#query.slice(this.#at + 1, this.#at + 6))
    if (unicode !== null) {
      this.#at += 6
      return String.fromCharCode(Number.parseInt(unicode[1]!, 16))
    }
    const word = /^(and|or|not)\b/i.exec(this.#query.slice(this.#at + 1, this.#at + 5))
    this.#at += word === null ? 2 : 1 + word[0].length
    return word === null ? (ESCAPES[next!] ?? next!) : word[0]
  }

  /** A word operator stands between spaces or brackets. */
  #atWordOperator(): boolean {
    if (!/\s/.test(this.#query[this.#at] ?? '')) return false
    WORD_OPERATOR.lastIndex = this.#at
    return WORD_OPERATOR.test(this.#query)
  }

  #takeWord(word: string): boolean {
    WORD_OPERATOR.lastIndex = this.#at
    const found = WORD_OPERATOR.exec(this.#query)
    if (found?.[1]?.toLowerCase() !== word) return false
    this.#at += found[0].length
    return true
  }

  #space(): void {
    SPACE.lastIndex = this.#at
    this.#at += SPACE.exec(this.#query)?.[0].length ?? 0
  }

  #expect(letter: string): void {
    this.#space()
    if (this.#query[this.#at] !== letter) this.#unexpected(letter)
    this.#at += 1
  }

  #unexpected(wanted?: string): never {
    const found = this.#query[this.#at]
    const what = found === undefined ? 'the query ends' : `'${found}' stands`
    return this.#fail(
      this.#at,
      wanted === undefined ? `${what} where a field or value belongs` : `${what} where '${wanted}' belongs`,
    )
  }

  #fail(offset: number, message: string): never {
    throw new QueryError([problemAt(this.#query, offset, message)])
  }
}

const joined = (prefix: KueryText, name: KueryText): KueryText => ({ ...name, text: `${prefix.text}.${name.text}` })
