/** CAR pseudocode → syntax tree. CAR publishes no grammar: this is what its analytics write. */
import type { Comparison } from '../predicate/expression.ts'
import { problemAt, QueryError, type Span } from '../query-error.ts'
import { type CarToken, tokenizeCar } from './lexer.ts'

export type CarCondition = Span &
  (
    | { kind: 'and' | 'or'; operands: CarCondition[] }
    | { kind: 'not'; operand: CarCondition }
    | { kind: 'compare'; operator: Comparison; field: CarField; value: CarValue }
    | { kind: 'in'; negated: boolean; field: CarField; values: CarValue[] }
  )

export interface CarField extends Span {
  name: string
}

export type CarValue = Span & { value: string | number | boolean | null }

/** `Process:Create` */
export interface CarSource extends Span {
  object: string
  action: string
}

export type CarStatement = Span &
  (
    | { kind: 'search'; name: string; sources: CarSource[] }
    | { kind: 'filter'; name: string; input: CarField; condition: CarCondition }
    | { kind: 'output'; input: CarField }
  )

const COMPARISONS: Record<string, Comparison> = {
  '==': '==',
  '=': '==',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

const FLIPPED: Record<Comparison, Comparison> = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' }
const UNSUPPORTED = new Set(['group', 'join', 'from', 'count', 'unique', 'sort'])
const DEEPEST = 200
const MOST_STATEMENTS = 1_000

/** The statements of a text. Throws `QueryError`. */
export function parseCar(query: string): CarStatement[] {
  return new Parser(query).statements()
}

class Parser {
  readonly #query: string
  readonly #tokens: CarToken[]
  #at = 0
  #depth = 0

  constructor(query: string) {
    this.#query = query
    this.#tokens = tokenizeCar(query)
  }

  statements(): CarStatement[] {
    const statements: CarStatement[] = []
    while (this.#next.kind !== 'end') {
      if (statements.length === MOST_STATEMENTS) {
        this.#fail(this.#next, `more than ${MOST_STATEMENTS} statements, which no analytic has`)
      }
      statements.push(this.#statement())
    }
    return statements
  }

  /** statement: 'output' name | name '=' (search | filter) */
  #statement(): CarStatement {
    const { start } = this.#next
    const name = this.#word('a name')
    if (this.#is(name, 'output')) {
      const input = this.#word('the name of what to output')
      return { kind: 'output', input: fieldOf(input), start, end: input.end }
    }
    this.#expect('=')
    const verb = this.#word("'search' or 'filter'")
    if (this.#is(verb, 'search')) return this.#search(name)
    if (this.#is(verb, 'filter')) return this.#filter(name)
    if (UNSUPPORTED.has(verb.text.toLowerCase())) {
      this.#fail(verb, `'${verb.text}' relates several events to each other, which pseudocode cannot do here`)
    }
    return this.#fail(verb, `'${verb.text}' is no operation: expected 'search' or 'filter'`)
  }

  /** search: Object ':' Action (',' Object ':' Action)* */
  #search(name: CarToken): CarStatement {
    const sources: CarSource[] = []
    do {
      if (sources.length > 0) this.#take()
      const object = this.#word('an object of the data model')
      this.#expect(':')
      const action = this.#word('an action of the data model')
      sources.push({ object: object.text, action: action.text, start: object.start, end: action.end })
    } while (this.#symbol(','))
    return { kind: 'search', name: name.text, sources, start: name.start, end: this.#previousEnd }
  }

  /** filter: name 'where' condition */
  #filter(name: CarToken): CarStatement {
    const input = this.#word('the name of what to filter')
    const where = this.#word("'where'")
    if (!this.#is(where, 'where')) this.#fail(where, `'${where.text}' stands where 'where' belongs`)
    const condition = this.#condition()
    return {
      kind: 'filter',
      name: name.text,
      input: fieldOf(input),
      condition,
      start: name.start,
      end: this.#previousEnd,
    }
  }

  /** condition: conjunction ('or' conjunction)* */
  #condition(): CarCondition {
    return this.#logic('or', () => this.#logic('and', () => this.#term()))
  }

  #logic(word: 'and' | 'or', operand: () => CarCondition): CarCondition {
    const operands = [operand()]
    while (this.#is(this.#next, word)) {
      this.#take()
      operands.push(operand())
    }
    const [first] = operands
    if (operands.length === 1) return first!
    return { kind: word, operands, start: first!.start, end: operands.at(-1)!.end }
  }

  /** term: 'not' term | '(' condition ')' | comparison */
  #term(): CarCondition {
    if (++this.#depth > DEEPEST) this.#fail(this.#next, `more than ${DEEPEST} conditions inside each other`)
    const result = this.#deepTerm()
    this.#depth -= 1
    return result
  }

  #deepTerm(): CarCondition {
    const { start } = this.#next
    if (this.#is(this.#next, 'not')) {
      this.#take()
      const operand = this.#term()
      return { kind: 'not', operand, start, end: operand.end }
    }
    if (this.#symbol('(')) {
      this.#take()
      const inner = this.#condition()
      this.#expect(')')
      return inner
    }
    return this.#comparison()
  }

  /** comparison: (field operator value) | (value operator field) | (field 'not'? 'in' '(' values ')') */
  #comparison(): CarCondition {
    const { start } = this.#next
    if (this.#next.kind !== 'word' || isConstant(this.#next)) {
      const value = this.#value()
      const operator = this.#operator()
      const field = fieldOf(this.#word('a field'))
      return { kind: 'compare', operator: FLIPPED[operator], field, value, start, end: this.#previousEnd }
    }
    const field = fieldOf(this.#word('a field'))
    const negated = this.#is(this.#next, 'not')
    if (negated) this.#take()
    if (this.#is(this.#next, 'in')) {
      this.#take()
      const close = this.#symbol('[') ? ']' : ')'
      this.#expect(close === ']' ? '[' : '(')
      const values = [this.#value()]
      while (this.#symbol(',')) {
        this.#take()
        values.push(this.#value())
      }
      this.#expect(close)
      return { kind: 'in', negated, field, values, start, end: this.#previousEnd }
    }
    if (negated) this.#fail(this.#next, "only 'in' may follow 'not' here")
    const operator = this.#operator()
    if (this.#next.kind === 'word' && !isConstant(this.#next)) {
      this.#fail(
        this.#next,
        `'${this.#next.text}' is a field: fields are compared with values only; a text needs quotes`,
      )
    }
    const value = this.#value()
    if (this.#isComparison()) {
      this.#fail(this.#next, 'a comparison has two sides; join several with and')
    }
    return { kind: 'compare', operator, field, value, start, end: this.#previousEnd }
  }

  #isComparison(): boolean {
    return this.#next.kind === 'symbol' && this.#next.text in COMPARISONS
  }

  #operator(): Comparison {
    const token = this.#take()
    const operator = token.kind === 'symbol' ? COMPARISONS[token.text] : undefined
    return operator ?? this.#fail(token, `'${token.text}' stands where a comparison such as == belongs`)
  }

  #value(): CarValue {
    const token = this.#take()
    const { kind, text, start, end } = token
    if (kind === 'string') return { value: text, start, end }
    if (kind === 'number') return { value: Number(text), start, end }
    if (kind === 'word' && isConstant(token)) {
      const word = text.toLowerCase()
      return { value: word === 'null' ? null : word === 'true', start, end }
    }
    return this.#fail(token, `'${text}' stands where a value belongs`)
  }

  get #next(): CarToken {
    return this.#tokens[this.#at]!
  }

  get #previousEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0
  }

  #is(token: CarToken, word: string): boolean {
    return token.kind === 'word' && token.text.toLowerCase() === word
  }

  #symbol(text: string): boolean {
    return this.#next.kind === 'symbol' && this.#next.text === text
  }

  #take(): CarToken {
    const token = this.#next
    if (token.kind !== 'end') this.#at += 1
    return token
  }

  #word(what: string): CarToken {
    const token = this.#take()
    return token.kind === 'word' ? token : this.#fail(token, `'${token.text}' stands where ${what} belongs`)
  }

  #expect(symbol: string): void {
    const token = this.#take()
    if (token.kind !== 'symbol' || token.text !== symbol) {
      this.#fail(token, `'${token.text}' stands where '${symbol}' belongs`)
    }
  }

  #fail(at: Span, message: string): never {
    throw new QueryError([problemAt(this.#query, at.start, message)])
  }
}

const fieldOf = ({ text, start, end }: CarToken): CarField => ({ name: text, start, end })

const isConstant = ({ kind, text }: CarToken) => kind === 'word' && /^(true|false|null)$/i.test(text)
