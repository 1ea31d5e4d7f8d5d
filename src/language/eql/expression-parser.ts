/** The expressions of EQL: tokens → syntax tree. Each method has the grammar's production above it. */
import { FUNCTIONS } from '../predicate/functions.ts'
import type { BinaryOperator, EqlExpression, ListOperator } from './ast.ts'
import { isKeyword } from './lexer.ts'
import { DEEPEST, type TokenReader } from './token-reader.ts'

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>='])
const LIST_WORDS = new Set(['in', 'in~', 'like', 'like~', 'regex', 'regex~'])

/** Functions are found whatever the case of their letters. */
const FUNCTION_NAMES = new Map(Object.keys(FUNCTIONS).map((name) => [name.toLowerCase(), name]))

export class ExpressionParser {
  readonly #tokens: TokenReader

  constructor(tokens: TokenReader) {
    this.#tokens = tokens
  }

  /** list: expression (',' expression)* */
  list(): EqlExpression[] {
    const items = [this.expression()]
    while (this.#tokens.is(',')) {
      this.#tokens.take()
      items.push(this.expression())
    }
    return items
  }

  /** expression: conjunction ('or' conjunction)* */
  expression(): EqlExpression {
    return this.#logic('or', () => this.#logic('and', () => this.#negation()))
  }

  #logic(word: 'and' | 'or', operand: () => EqlExpression): EqlExpression {
    return this.#tokens.deeper(() => {
      const operands = [operand()]
      while (this.#tokens.isWord(word)) {
        this.#tokens.take()
        operands.push(operand())
      }
      const [first] = operands
      if (operands.length === 1) return first!
      return { kind: word, operands, start: first!.start, end: operands.at(-1)!.end }
    })
  }

  /** negation: 'not' negation | comparison */
  #negation(): EqlExpression {
    if (!this.#tokens.isWord('not')) return this.#comparison()
    const { start } = this.#tokens.take()
    const operand = this.#tokens.deeper(() => this.#negation())
    return { kind: 'not', operand, start, end: operand.end }
  }

  /** comparison: sum (('==' | '!=' | '<' | '<=' | '>' | '>=') sum)? */
  #comparison(): EqlExpression {
    const left = this.#sum()
    if (this.#tokens.is('=')) this.#tokens.fail(this.#tokens.next, 'Use [==] for equality, not [=]')
    if (this.#tokens.next.kind !== 'symbol' || !COMPARISONS.has(this.#tokens.next.text)) return left
    const operator = this.#tokens.take().text as BinaryOperator
    const right = this.#sum()
    if (this.#tokens.next.kind === 'symbol' && COMPARISONS.has(this.#tokens.next.text))
      this.#tokens.unexpected('<EOF>', "'and'", "'or'")
    return { kind: 'binary', operator, left, right, start: left.start, end: right.end }
  }

  /** sum: product (('+' | '-') product)* */
  #sum(): EqlExpression {
    return this.#arithmetic(['+', '-'], () => this.#arithmetic(['*', '/', '%'], () => this.#signed()))
  }

  #arithmetic(operators: string[], operand: () => EqlExpression): EqlExpression {
    let left = operand()
    let links = 0
    while (this.#tokens.next.kind === 'symbol' && operators.includes(this.#tokens.next.text)) {
      if (++links > DEEPEST) this.#tokens.tooDeep()
      const operator = this.#tokens.take().text as BinaryOperator
      const right = operand()
      left = { kind: 'binary', operator, left, right, start: left.start, end: right.end }
    }
    return left
  }

  /** signed: ('-' | '+') signed | primary predicate? */
  #signed(): EqlExpression {
    if (!this.#tokens.is('-') && !this.#tokens.is('+')) return this.#predicate(this.#primary())
    const { start, text } = this.#tokens.take()
    const operand = this.#tokens.deeper(() => this.#signed())
    if (operand.kind === 'literal' && typeof operand.value === 'number') {
      return { ...operand, value: text === '-' ? -operand.value : operand.value, start }
    }
    return { kind: 'sign', operator: text as '-' | '+', operand, start, end: operand.end }
  }

  /** predicate: 'not'? ('in' | 'in~') '(' list ')' | (':' | 'like' | …) (constant | '(' constants ')') */
  #predicate(value: EqlExpression): EqlExpression {
    const negated = this.#tokens.isWord('not') && /^in~?$/.test(this.#tokens.following?.text ?? '')
    if (negated) this.#tokens.take()
    const token = this.#tokens.next
    const isList = this.#tokens.is(':') || (token.kind === 'word' && LIST_WORDS.has(token.text))
    if (!isList) return value
    const operator = this.#tokens.take().text as ListOperator
    const constantsOnly = !operator.startsWith('in')
    let items: EqlExpression[] = []
    if (this.#tokens.is('(')) {
      this.#tokens.take()
      items = this.list()
      this.#tokens.expect(')')
    } else if (constantsOnly) items = [this.#tokens.deeper(() => this.#signed())]
    else this.#tokens.unexpected("'('")
    if (constantsOnly) {
      for (const item of items) if (item.kind !== 'literal') this.#notConstant(item, operator)
    }
    return { kind: 'list', operator, negated, value, items, start: value.start, end: this.#tokens.previousEnd }
  }

  #notConstant(item: EqlExpression, operator: string): never {
    return this.#tokens.fail(
      item,
      `mismatched input '${this.#tokens.textOf(item)}': [${operator}] compares with constants only`,
    )
  }

  /** primary: constant | name '(' list? ')' | '?'? field | '(' expression ')' */
  #primary(): EqlExpression {
    const token = this.#tokens.next
    const { start, end, text } = token
    const literal = (value: string | number | boolean | null, decimal = false): EqlExpression => {
      this.#tokens.take()
      return { kind: 'literal', value, decimal, start, end }
    }
    if (token.kind === 'string') return literal(text)
    if (token.kind === 'integer') return literal(Number(text))
    if (token.kind === 'decimal') return literal(Number(text), true)
    if (token.kind === 'word') {
      if (text === 'true' || text === 'false') return literal(text === 'true')
      if (text === 'null') return literal(null)
      if (this.#tokens.following?.text === '(' && this.#tokens.following?.kind === 'symbol' && !isKeyword(text)) {
        return this.#call()
      }
    }
    if (token.kind === 'word' && this.#tokens.following?.text === 'of') {
      this.#tokens.fail(token, 'Process relationships are not supported')
    }
    if (this.#tokens.is('(')) {
      this.#tokens.take()
      const inner = this.#tokens.deeper(() => this.expression())
      this.#tokens.expect(')')
      return { ...inner, start: inner.start, end: inner.end }
    }
    if (this.#tokens.is('?') || token.kind === 'quoted' || (token.kind === 'word' && !isKeyword(text)))
      return this.#field()
    return this.#tokens.unexpected('an expression')
  }

  #call(): EqlExpression {
    const name = this.#tokens.take()
    this.#tokens.expect('(')
    const values = this.#tokens.is(')') ? [] : this.#tokens.deeper(() => this.list())
    this.#tokens.expect(')')
    const ignoreCase = name.text.endsWith('~')
    const plain = ignoreCase ? name.text.slice(0, -1) : name.text
    return {
      kind: 'call',
      name: FUNCTION_NAMES.get(plain.toLowerCase()) ?? plain,
      ignoreCase,
      arguments: values,
      start: name.start,
      end: this.#tokens.previousEnd,
    }
  }

  /** field: '?'? name ('.' name)* */
  #field(): EqlExpression {
    const { start } = this.#tokens.next
    const optional = this.#tokens.is('?')
    if (optional) this.#tokens.take()
    const parts = [this.#name()]
    while (this.#tokens.is('.')) {
      this.#tokens.take()
      parts.push(this.#name())
    }
    if (this.#tokens.is('[')) {
      const [open, index] = [this.#tokens.next, this.#tokens.following]
      if (index?.kind === 'integer') this.#tokens.refuse(open, 'Array indexes are not supported')
    }
    return { kind: 'field', name: parts.join('.'), optional, start, end: this.#tokens.previousEnd }
  }

  #name(): string {
    const token = this.#tokens.next
    if (token.kind !== 'quoted' && (token.kind !== 'word' || isKeyword(token.text) || token.text.endsWith('~'))) {
      this.#tokens.unexpected('IDENTIFIER', 'QUOTED_IDENTIFIER')
    }
    return this.#tokens.take().text
  }
}
