/** EQL text → syntax tree: events, sequences, samples and pipes. Each method has the grammar's production above it. */
import type { EqlExpression, EqlQuery, EventFilter, Pipe, Term } from './ast.ts'
import { ExpressionParser } from './expression-parser.ts'
import { isKeyword, type Token } from './lexer.ts'
import { proposal, similarNames } from './similar.ts'
import { TokenReader } from './token-reader.ts'

const MOST_RUNS = 100
/** No query has more; each event's keys are read one by one. */
const MOST_KEYS = 100
const PIPES = ['count', 'filter', 'head', 'sort', 'tail', 'unique', 'unique_count']
const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Parses a query. Throws `QueryError`. */
export function parseEql(query: string): EqlQuery {
  return new Parser(query).statement()
}

class Parser {
  readonly #tokens: TokenReader
  readonly #expressions: ExpressionParser

  constructor(query: string) {
    this.#tokens = new TokenReader(query)
    this.#expressions = new ExpressionParser(this.#tokens)
  }

  /** statement: (sequence | sample | eventFilter) pipe* */
  statement(): EqlQuery {
    const query = this.#tokens.isWord('sequence')
      ? this.#sequence()
      : this.#tokens.isWord('sample')
        ? this.#sample()
        : this.#event()
    if (this.#tokens.next.kind !== 'end') this.#tokens.unexpected('<EOF>')
    return query
  }

  #event(): EqlQuery {
    if (this.#tokens.isWord('join')) this.#tokens.fail(this.#tokens.next, 'Join is not supported')
    const filter = this.#eventFilter()
    return { shape: 'event', filter, pipes: this.#pipes() }
  }

  /** sequence: 'sequence' ('by' keys)? ('with' 'maxspan' '=' time)? term term+ ('until' term)? */
  #sequence(): EqlQuery {
    const start = this.#tokens.take()
    const by = this.#tokens.isWord('by') ? this.#keys() : []
    let maxspanMs: number | null = null
    if (this.#tokens.isWord('with')) {
      this.#tokens.take()
      this.#tokens.expectWord('maxspan')
      this.#tokens.expect('=')
      maxspanMs = this.#time()
      if (this.#tokens.isWord('by'))
        this.#tokens.refuse(this.#tokens.next, 'Please specify sequence [by] before [with] not after')
    }
    const terms: Term[] = []
    while (this.#tokens.is('[') || this.#tokens.is('![')) terms.push(this.#term(true))
    let until: Term | null = null
    if (this.#tokens.isWord('until')) {
      this.#tokens.take()
      const at = this.#tokens.next
      until = this.#term(false)
      if (until.missing) this.#tokens.refuse(at, 'Until condition cannot be a missing event')
    }
    this.#checkTerms(start, terms, until, maxspanMs)
    return { shape: 'sequence', by, maxspanMs, terms, until, pipes: this.#pipes() }
  }

  #checkTerms(start: Token, terms: Term[], until: Term | null, maxspanMs: number | null): void {
    const [first] = terms
    if (first === undefined) this.#tokens.unexpected("'['", "'!['")
    const stages = terms.reduce((sum, term) => sum + term.runs, 0)
    if (stages < 2) this.#tokens.refuse(start, `A sequence requires a minimum of 2 queries, found [${stages}]`)
    if (terms.every(({ missing }) => missing)) {
      this.#tokens.refuse(start, 'A sequence requires at least one positive event query; found none')
    }
    if (terms.some(({ missing }) => missing) && maxspanMs === null) {
      this.#tokens.refuse(start, '[maxspan] is required for sequences with missing events queries; found none')
    }
    for (const term of [...terms, ...(until === null ? [] : [until])]) {
      if (term.by.length === first!.by.length) continue
      const [expected, found] = [first!.by.length, term.by.length]
      this.#tokens.refuse(
        term,
        `Inconsistent number of join keys specified; expected [${expected}] but found [${found}]`,
      )
    }
  }

  /** sample: 'sample' 'by' keys term term+, or keys at each term */
  #sample(): EqlQuery {
    const start = this.#tokens.take()
    const by = this.#tokens.isWord('by') ? this.#keys() : []
    const terms: Term[] = []
    while (this.#tokens.is('[') || this.#tokens.is('![')) {
      if (this.#tokens.is('![')) this.#tokens.refuse(this.#tokens.next, 'Missing events are not supported for samples')
      terms.push(this.#term(false))
    }
    if (terms.length < 2)
      this.#tokens.refuse(start, `A sample requires a minimum of 2 queries, found [${terms.length}]`)
    for (const term of terms) {
      if (term.by.length !== terms[0]!.by.length) {
        const [expected, found] = [terms[0]!.by.length, term.by.length]
        this.#tokens.refuse(
          term,
          `Inconsistent number of join keys specified; expected [${expected}] but found [${found}]`,
        )
      }
    }
    if (by.length + terms[0]!.by.length === 0)
      this.#tokens.refuse(start, 'A sample must have at least one join key, found none')
    if (this.#tokens.is('|')) this.#tokens.refuse(this.#tokens.next, 'Samples do not support pipes yet')
    return { shape: 'sample', by, terms }
  }

  /** term: ('[' | '![') eventFilter ']' ('by' keys)? ('with' 'runs' '=' INTEGER)? */
  #term(mayRun: boolean): Term {
    const { start, text } = this.#tokens.next
    if (text !== '[' && text !== '![') this.#tokens.unexpected("'['")
    this.#tokens.take()
    const filter = this.#eventFilter()
    this.#tokens.expect(']')
    const missing = text === '!['
    const by = this.#tokens.isWord('by') ? this.#keys() : []
    let runs = 1
    if (mayRun && this.#tokens.isWord('with')) {
      this.#tokens.take()
      const key = this.#tokens.take()
      if (key.text !== 'runs') this.#tokens.refuse(key, `Unrecognized option [${key.text}], expecting [runs]`)
      this.#tokens.expect('=')
      const count = this.#tokens.take()
      if (count.kind !== 'integer')
        this.#tokens.fail(count, `mismatched input '${this.#tokens.raw(count)}' expecting INTEGER_VALUE`)
      runs = Number(count.text)
      if (runs < 1) this.#tokens.refuse(count, `A positive runs value is required; found [${count.text}]`)
      if (runs > MOST_RUNS)
        this.#tokens.refuse(count, `A query cannot be repeated more than ${MOST_RUNS} times; found [${count.text}]`)
    }
    return { filter, missing, by, runs, start, end: this.#tokens.previousEnd }
  }

  /** keys: 'by' expression (',' expression)* */
  #keys(): EqlExpression[] {
    this.#tokens.take()
    const keys = this.#expressions.list()
    if (keys.length > MOST_KEYS) this.#tokens.refuse(keys[MOST_KEYS]!, `More than ${MOST_KEYS} join keys`)
    for (const key of keys) {
      if (key.kind !== 'field') this.#tokens.refuse(key, `Unsupported join key ${this.#tokens.textOf(key)}`)
    }
    return keys
  }

  #time(): number {
    const number = this.#tokens.take()
    if (number.kind !== 'integer' && number.kind !== 'decimal') {
      this.#tokens.fail(
        number,
        `mismatched input '${this.#tokens.raw(number)}' expecting {DECIMAL_VALUE, INTEGER_VALUE}`,
      )
    }
    const unit = this.#tokens.next
    if (number.kind === 'decimal') {
      this.#tokens.refuse(
        number,
        `Decimal time interval [${number.text}${unit.kind === 'word' ? unit.text : ''}] not supported; please use an positive integer`,
      )
    }
    const hasUnit = unit.kind === 'word' && unit.start === number.end
    if (!hasUnit) this.#tokens.refuse(number, `No time unit specified, did you mean [s] as in [${number.text}s]?`)
    this.#tokens.take()
    const factor = UNITS[unit.text]
    if (factor === undefined) {
      this.#tokens.refuse(
        unit,
        `Unrecognized time unit [${unit.text}] in [${number.text}${unit.text}], please specify one of [ms, s, m, h, d]`,
      )
    }
    const value = Number(number.text)
    if (value <= 0)
      this.#tokens.refuse(number, `A positive maxspan value is required; found [${number.text}${unit.text}]`)
    return value * factor!
  }

  /** pipe: '|' name (expression (',' expression)*)? */
  #pipes(): Pipe[] {
    const pipes: Pipe[] = []
    while (this.#tokens.is('|')) {
      const pipe = this.#tokens.take()
      const name = this.#tokens.take()
      if (name.kind !== 'word')
        this.#tokens.fail(name, `mismatched input '${this.#tokens.raw(name)}' expecting IDENTIFIER`)
      if (!PIPES.includes(name.text)) {
        this.#tokens.refuse(name, `Unrecognized pipe [${name.text}]${proposal(similarNames(name.text, PIPES))}`)
      }
      const isLast = this.#tokens.is('|') || this.#tokens.next.kind === 'end'
      const values = isLast ? [] : this.#expressions.list()
      if (name.text !== 'head' && name.text !== 'tail') {
        this.#tokens.refuse(pipe, `Pipe [${name.text}] is not supported`)
      }
      pipes.push({
        name: name.text as Pipe['name'],
        count: this.#count(pipe, name.text, values),
        start: pipe.start,
        end: this.#tokens.previousEnd,
      })
    }
    return pipes
  }

  #count(pipe: Token, name: string, values: EqlExpression[]): number {
    const [value] = values
    if (value === undefined || values.length > 1) {
      this.#tokens.refuse(pipe, `Pipe [${name}] expects exactly one argument but found [${values.length}]`)
    }
    if (value!.kind === 'literal' && typeof value!.value === 'number' && !value!.decimal && value!.value >= 0) {
      return value!.value
    }
    return this.#tokens.refuse(
      value!,
      `Pipe [${name}] expects a positive integer but found [${this.#tokens.textOf(value!)}]`,
    )
  }

  /** eventFilter: ('any' | name | STRING) 'where' expression */
  #eventFilter(): EventFilter {
    const name = this.#tokens.take()
    const isName =
      name.kind === 'quoted' ||
      name.kind === 'string' ||
      (name.kind === 'word' && (name.text === 'any' || !isKeyword(name.text)))
    if (!isName) {
      this.#tokens.fail(
        name,
        `mismatched input '${this.#tokens.raw(name)}' expecting {'any', 'join', 'sample', 'sequence', STRING, IDENTIFIER, QUOTED_IDENTIFIER}`,
      )
    }
    this.#tokens.expectWord('where')
    const condition = this.#expressions.expression()
    const category = name.kind === 'word' && name.text === 'any' ? null : name.text
    return { category, condition, start: name.start, end: condition.end }
  }
}
