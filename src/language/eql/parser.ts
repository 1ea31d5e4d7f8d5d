/** EQL tokens → syntax tree. Each method has the grammar's production above it. */
import { FUNCTIONS } from '../predicate/functions.ts'
import { problemAt, QueryError } from '../query-error.ts'
import type { BinaryOperator, EqlExpression, EqlQuery, EventFilter, ListOperator, Pipe, Term } from './ast.ts'
import { isKeyword, type Token, tokenize } from './lexer.ts'

/** Elasticsearch stops at this depth too: nobody writes deeper queries, and recursion must end somewhere. */
const DEEPEST = 200
const MOST_RUNS = 100
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>='])
const LIST_WORDS = new Set(['in', 'in~', 'like', 'like~', 'regex', 'regex~'])
const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Functions are found whatever the case of their letters. */
const FUNCTION_NAMES = new Map(Object.keys(FUNCTIONS).map((name) => [name.toLowerCase(), name]))

/** Parses a query. Throws `QueryError`. */
export function parseEql(query: string): EqlQuery {
  return new Parser(query).statement()
}

class Parser {
  readonly #query: string
  readonly #tokens: Token[]
  #at = 0
  #depth = 0

  constructor(query: string) {
    this.#query = query
    this.#tokens = tokenize(query)
  }

  /** statement: (sequence | sample | eventFilter) pipe* */
  statement(): EqlQuery {
    const query = this.#isWord('sequence') ? this.#sequence() : this.#isWord('sample') ? this.#sample() : this.#event()
    if (this.#next.kind !== 'end') this.#unexpected('<EOF>')
    return query
  }

  #event(): EqlQuery {
    if (this.#isWord('join')) this.#fail(this.#next, 'Join is not supported')
    const filter = this.#eventFilter()
    return { shape: 'event', filter, pipes: this.#pipes() }
  }

  /** sequence: 'sequence' ('by' keys)? ('with' 'maxspan' '=' time)? term term+ ('until' term)? */
  #sequence(): EqlQuery {
    const start = this.#take()
    const by = this.#isWord('by') ? this.#keys() : []
    let maxspanMs: number | null = null
    if (this.#isWord('with')) {
      this.#take()
      this.#expectWord('maxspan')
      this.#expect('=')
      maxspanMs = this.#time()
      if (this.#isWord('by')) this.#refuse(this.#next, 'Please specify sequence [by] before [with] not after')
    }
    const terms: Term[] = []
    while (this.#is('[') || this.#is('![')) terms.push(this.#term(true))
    let until: Term | null = null
    if (this.#isWord('until')) {
      this.#take()
      const at = this.#next
      until = this.#term(false)
      if (until.missing) this.#refuse(at, 'Until condition cannot be a missing event')
    }
    this.#checkTerms(start, terms, until, maxspanMs)
    return { shape: 'sequence', by, maxspanMs, terms, until, pipes: this.#pipes() }
  }

  #checkTerms(start: Token, terms: Term[], until: Term | null, maxspanMs: number | null): void {
    const [first] = terms
    if (first === undefined) this.#unexpected("'['", "'!['")
    const stages = terms.reduce((sum, term) => sum + term.runs, 0)
    if (stages < 2) this.#refuse(start, `A sequence requires a minimum of 2 queries, found [${stages}]`)
    if (terms.every(({ missing }) => missing)) {
      this.#refuse(start, 'A sequence requires at least one positive event query; found none')
    }
    if (terms.some(({ missing }) => missing) && maxspanMs === null) {
      this.#refuse(start, '[maxspan] is required for sequences with missing events queries; found none')
    }
    for (const term of [...terms, ...(until === null ? [] : [until])]) {
      if (term.by.length === first!.by.length) continue
      const [expected, found] = [first!.by.length, term.by.length]
      this.#refuse(term, `Inconsistent number of join keys specified; expected [${expected}] but found [${found}]`)
    }
  }

  /** sample: 'sample' 'by' keys term term+, or keys at each term */
  #sample(): EqlQuery {
    const start = this.#take()
    const by = this.#isWord('by') ? this.#keys() : []
    const terms: Term[] = []
    while (this.#is('[') || this.#is('![')) {
      if (this.#is('![')) this.#refuse(this.#next, 'Missing events are not supported for samples')
      terms.push(this.#term(false))
    }
    if (terms.length < 2) this.#refuse(start, `A sample requires a minimum of 2 queries, found [${terms.length}]`)
    for (const term of terms) {
      if (term.by.length !== terms[0]!.by.length) {
        const [expected, found] = [terms[0]!.by.length, term.by.length]
        this.#refuse(term, `Inconsistent number of join keys specified; expected [${expected}] but found [${found}]`)
      }
    }
    if (by.length + terms[0]!.by.length === 0)
      this.#refuse(start, 'A sample must have at least one join key, found none')
    if (this.#is('|')) this.#refuse(this.#next, 'Samples do not support pipes yet')
    return { shape: 'sample', by, terms }
  }

  /** term: ('[' | '![') eventFilter ']' ('by' keys)? ('with' 'runs' '=' INTEGER)? */
  #term(mayRun: boolean): Term {
    const { start, text } = this.#next
    if (text !== '[' && text !== '![') this.#unexpected("'['")
    this.#take()
    const filter = this.#eventFilter()
    this.#expect(']')
    const missing = text === '!['
    const by = this.#isWord('by') ? this.#keys() : []
    let runs = 1
    if (mayRun && this.#isWord('with')) {
      this.#take()
      const key = this.#take()
      if (key.text !== 'runs') this.#refuse(key, `Unrecognized option [${key.text}], expecting [runs]`)
      this.#expect('=')
      const count = this.#take()
      if (count.kind !== 'integer') this.#fail(count, `mismatched input '${this.#raw(count)}' expecting INTEGER_VALUE`)
      runs = Number(count.text)
      if (runs < 1) this.#refuse(count, `A positive runs value is required; found [${count.text}]`)
      if (runs > MOST_RUNS)
        this.#refuse(count, `A query cannot be repeated more than ${MOST_RUNS} times; found [${count.text}]`)
    }
    return { filter, missing, by, runs, start, end: this.#previousEnd }
  }

  /** keys: 'by' expression (',' expression)* */
  #keys(): EqlExpression[] {
    this.#take()
    const keys = this.#list()
    for (const key of keys) {
      if (key.kind !== 'field') this.#refuse(key, `Unsupported join key ${this.#query.slice(key.start, key.end)}`)
    }
    return keys
  }

  #time(): number {
    const number = this.#take()
    if (number.kind !== 'integer' && number.kind !== 'decimal') {
      this.#fail(number, `mismatched input '${this.#raw(number)}' expecting {DECIMAL_VALUE, INTEGER_VALUE}`)
    }
    const unit = this.#next
    if (number.kind === 'decimal') {
      this.#refuse(
        number,
        `Decimal time interval [${number.text}${unit.kind === 'word' ? unit.text : ''}] not supported; please use an positive integer`,
      )
    }
    const hasUnit = unit.kind === 'word' && unit.start === number.end
    if (!hasUnit) this.#refuse(number, `No time unit specified, did you mean [s] as in [${number.text}s]?`)
    this.#take()
    const factor = UNITS[unit.text]
    if (factor === undefined) {
      this.#refuse(
        unit,
        `Unrecognized time unit [${unit.text}] in [${number.text}${unit.text}], please specify one of [ms, s, m, h, d]`,
      )
    }
    const value = Number(number.text)
    if (value <= 0) this.#refuse(number, `A positive maxspan value is required; found [${number.text}${unit.text}]`)
    return value * factor!
  }

  /** pipe: '|' ('head' | 'tail') INTEGER */
  #pipes(): Pipe[] {
    const pipes: Pipe[] = []
    while (this.#is('|')) {
      const { start } = this.#take()
      const name = this.#take()
      if (name.kind !== 'word') this.#fail(name, `mismatched input '${this.#raw(name)}' expecting IDENTIFIER`)
      if (name.text !== 'head' && name.text !== 'tail') {
        const known = ['count', 'filter', 'sort', 'unique', 'unique_count'].includes(name.text)
        this.#refuse(name, known ? `Pipe [${name.text}] is not supported` : `Unrecognized pipe [${name.text}]`)
      }
      const count = this.#take()
      if (count.kind !== 'integer') {
        this.#refuse(count, `Pipe [${name.text}] expects exactly one positive integer, found [${this.#raw(count)}]`)
      }
      pipes.push({ name: name.text as Pipe['name'], count: Number(count.text), start, end: count.end })
    }
    return pipes
  }

  /** eventFilter: ('any' | name | STRING) 'where' expression */
  #eventFilter(): EventFilter {
    const name = this.#take()
    const isName =
      name.kind === 'quoted' ||
      name.kind === 'string' ||
      (name.kind === 'word' && (name.text === 'any' || !isKeyword(name.text)))
    if (!isName) {
      this.#fail(
        name,
        `mismatched input '${this.#raw(name)}' expecting {'any', 'join', 'sample', 'sequence', STRING, IDENTIFIER, QUOTED_IDENTIFIER}`,
      )
    }
    this.#expectWord('where')
    const condition = this.#expression()
    const category = name.kind === 'word' && name.text === 'any' ? null : name.text
    return { category, condition, start: name.start, end: condition.end }
  }

  #list(): EqlExpression[] {
    const items = [this.#expression()]
    while (this.#is(',')) {
      this.#take()
      items.push(this.#expression())
    }
    return items
  }

  /** expression: conjunction ('or' conjunction)* */
  #expression(): EqlExpression {
    return this.#logic('or', () => this.#logic('and', () => this.#negation()))
  }

  #logic(word: 'and' | 'or', operand: () => EqlExpression): EqlExpression {
    return this.#deeper(() => {
      const operands = [operand()]
      while (this.#isWord(word)) {
        this.#take()
        operands.push(operand())
      }
      const [first] = operands
      if (operands.length === 1) return first!
      return { kind: word, operands, start: first!.start, end: operands.at(-1)!.end }
    })
  }

  /** negation: 'not' negation | comparison */
  #negation(): EqlExpression {
    if (!this.#isWord('not')) return this.#comparison()
    const { start } = this.#take()
    const operand = this.#deeper(() => this.#negation())
    return { kind: 'not', operand, start, end: operand.end }
  }

  /** comparison: sum (('==' | '!=' | '<' | '<=' | '>' | '>=') sum)? */
  #comparison(): EqlExpression {
    const left = this.#sum()
    if (this.#is('=')) this.#fail(this.#next, 'Use [==] for equality, not [=]')
    if (this.#next.kind !== 'symbol' || !COMPARISONS.has(this.#next.text)) return left
    const operator = this.#take().text as BinaryOperator
    const right = this.#sum()
    if (this.#next.kind === 'symbol' && COMPARISONS.has(this.#next.text)) this.#unexpected('<EOF>', "'and'", "'or'")
    return { kind: 'binary', operator, left, right, start: left.start, end: right.end }
  }

  /** sum: product (('+' | '-') product)* */
  #sum(): EqlExpression {
    return this.#arithmetic(['+', '-'], () => this.#arithmetic(['*', '/', '%'], () => this.#signed()))
  }

  #arithmetic(operators: string[], operand: () => EqlExpression): EqlExpression {
    let left = operand()
    let links = 0
    while (this.#next.kind === 'symbol' && operators.includes(this.#next.text)) {
      if (++links > DEEPEST) this.#tooDeep()
      const operator = this.#take().text as BinaryOperator
      const right = operand()
      left = { kind: 'binary', operator, left, right, start: left.start, end: right.end }
    }
    return left
  }

  /** signed: ('-' | '+') signed | primary predicate? */
  #signed(): EqlExpression {
    if (!this.#is('-') && !this.#is('+')) return this.#predicate(this.#primary())
    const { start, text } = this.#take()
    const operand = this.#deeper(() => this.#signed())
    if (operand.kind === 'literal' && typeof operand.value === 'number') {
      return { ...operand, value: text === '-' ? -operand.value : operand.value, start }
    }
    return { kind: 'sign', operator: text as '-' | '+', operand, start, end: operand.end }
  }

  /** predicate: 'not'? ('in' | 'in~') '(' list ')' | (':' | 'like' | …) (constant | '(' constants ')') */
  #predicate(value: EqlExpression): EqlExpression {
    const negated = this.#isWord('not') && /^in~?$/.test(this.#tokens[this.#at + 1]?.text ?? '')
    if (negated) this.#take()
    const token = this.#next
    const isList = this.#is(':') || (token.kind === 'word' && LIST_WORDS.has(token.text))
    if (!isList) return value
    const operator = this.#take().text as ListOperator
    const constantsOnly = !operator.startsWith('in')
    let items: EqlExpression[] = []
    if (this.#is('(')) {
      this.#take()
      items = this.#list()
      this.#expect(')')
    } else if (constantsOnly) items = [this.#deeper(() => this.#signed())]
    else this.#unexpected("'('")
    if (constantsOnly) {
      for (const item of items) if (item.kind !== 'literal') this.#notConstant(item, operator)
    }
    return { kind: 'list', operator, negated, value, items, start: value.start, end: this.#previousEnd }
  }

  #notConstant(item: EqlExpression, operator: string): never {
    return this.#fail(
      item,
      `mismatched input '${this.#query.slice(item.start, item.end)}': [${operator}] compares with constants only`,
    )
  }

  /** primary: constant | name '(' list? ')' | '?'? field | '(' expression ')' */
  #primary(): EqlExpression {
    const token = this.#next
    const { start, end, text } = token
    const literal = (value: string | number | boolean | null, decimal = false): EqlExpression => {
      this.#take()
      return { kind: 'literal', value, decimal, start, end }
    }
    if (token.kind === 'string') return literal(text)
    if (token.kind === 'integer') return literal(Number(text))
    if (token.kind === 'decimal') return literal(Number(text), true)
    if (token.kind === 'word') {
      if (text === 'true' || text === 'false') return literal(text === 'true')
      if (text === 'null') return literal(null)
      if (
        this.#tokens[this.#at + 1]?.text === '(' &&
        this.#tokens[this.#at + 1]?.kind === 'symbol' &&
        !isKeyword(text)
      ) {
        return this.#call()
      }
    }
    if (token.kind === 'word' && this.#tokens[this.#at + 1]?.text === 'of') {
      this.#fail(token, 'Process relationships are not supported')
    }
    if (this.#is('(')) {
      this.#take()
      const inner = this.#deeper(() => this.#expression())
      this.#expect(')')
      return { ...inner, start: inner.start, end: inner.end }
    }
    if (this.#is('?') || token.kind === 'quoted' || (token.kind === 'word' && !isKeyword(text))) return this.#field()
    return this.#unexpected('an expression')
  }

  #call(): EqlExpression {
    const name = this.#take()
    this.#expect('(')
    const values = this.#is(')') ? [] : this.#deeper(() => this.#list())
    this.#expect(')')
    const ignoreCase = name.text.endsWith('~')
    const plain = ignoreCase ? name.text.slice(0, -1) : name.text
    return {
      kind: 'call',
      name: FUNCTION_NAMES.get(plain.toLowerCase()) ?? plain,
      ignoreCase,
      arguments: values,
      start: name.start,
      end: this.#previousEnd,
    }
  }

  /** field: '?'? name ('.' name)* */
  #field(): EqlExpression {
    const { start } = this.#next
    const optional = this.#is('?')
    if (optional) this.#take()
    const parts = [this.#name()]
    while (this.#is('.')) {
      this.#take()
      parts.push(this.#name())
    }
    if (this.#is('[')) {
      const [open, index] = [this.#next, this.#tokens[this.#at + 1]]
      if (index?.kind === 'integer') this.#refuse(open, 'Array indexes are not supported')
    }
    return { kind: 'field', name: parts.join('.'), optional, start, end: this.#previousEnd }
  }

  #name(): string {
    const token = this.#next
    if (token.kind !== 'quoted' && (token.kind !== 'word' || isKeyword(token.text) || token.text.endsWith('~'))) {
      this.#unexpected('IDENTIFIER', 'QUOTED_IDENTIFIER')
    }
    return this.#take().text
  }

  get #next(): Token {
    return this.#tokens[this.#at]!
  }

  get #previousEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0
  }

  #is(symbol: string): boolean {
    return this.#next.kind === 'symbol' && this.#next.text === symbol
  }

  #isWord(word: string): boolean {
    return this.#next.kind === 'word' && this.#next.text === word
  }

  #take(): Token {
    const token = this.#next
    if (token.kind !== 'end') this.#at += 1
    return token
  }

  #expect(symbol: string): Token {
    return this.#is(symbol) ? this.#take() : this.#unexpected(`'${symbol}'`)
  }

  #expectWord(word: string): Token {
    return this.#isWord(word) ? this.#take() : this.#unexpected(`'${word}'`)
  }

  #deeper<T>(parse: () => T): T {
    if (++this.#depth > DEEPEST) this.#tooDeep()
    const result = parse()
    this.#depth -= 1
    return result
  }

  #tooDeep(): never {
    return this.#fail(
      this.#next,
      `EQL statement too large; halt parsing to prevent memory errors (stopped at depth ${DEEPEST})`,
    )
  }

  #raw(token: Token): string {
    return token.kind === 'end' ? '<EOF>' : this.#query.slice(token.start, token.end)
  }

  #unexpected(...expected: string[]): never {
    const wanted = expected.length === 1 ? expected[0] : `{${expected.join(', ')}}`
    return this.#fail(this.#next, `mismatched input '${this.#raw(this.#next)}' expecting ${wanted}`)
  }

  /** A text that the grammar does not allow. */
  #fail(at: { start: number }, message: string): never {
    throw new QueryError([problemAt(this.#query, at.start, message)])
  }

  /** A text that the grammar allows, but that means nothing. */
  #refuse(at: { start: number }, message: string): never {
    const problem = problemAt(this.#query, at.start, message)
    throw new QueryError([{ ...problem, reportedColumn: problem.column + 1 }])
  }
}
