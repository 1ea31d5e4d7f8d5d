/** DNIF's `_fetch` → syntax tree. Source: docs.dnif.it/docs/fetch, and the queries that MITRE CAR publishes. */
import { type DialectCondition, type DialectName, type DialectValue, joined } from '../dialect/condition.ts'
import { Reader } from '../dialect/reader.ts'
import type { Limit } from '../plan.ts'
import type { Comparison } from '../predicate/expression.ts'

export interface DnifQuery {
  condition: DialectCondition
  limits: Limit[]
}

const OPERATORS: Record<string, Comparison> = { '=': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }
const WORD = /[A-Za-z_]\w*/y
const FIELD = /\$[A-Za-z_]\w*/y
const END_OF_CONDITION = /(?:limit|first|last|group|as)\b|>>|$/iy

/** Throws `QueryError`. */
export function parseDnif(query: string): DnifQuery {
  return new Parser(query).query()
}

class Parser {
  readonly #reader: Reader

  constructor(query: string) {
    this.#reader = new Reader(query)
  }

  /** '_fetch' fields 'from' 'event' 'where' condition ('as' label)? (('limit' | 'first' | 'last') number)? */
  query(): DnifQuery {
    const reader = this.#reader
    reader.expect(/_fetch\b/iy, "'_fetch'")
    if (reader.take(/\*/y) === null) this.#fields()
    reader.expect(/from\b/iy, "'from'")
    const store = reader.expect(WORD, "'event'")
    if (store.text.toLowerCase() !== 'event') {
      reader.fail(store.start, `'${store.text}' is another store than that of events, which alone can be searched here`)
    }
    reader.expect(/where\b/iy, "'where'")
    const condition = this.#or()
    this.#refuseGroups()
    if (reader.take(/as\b/iy) !== null) reader.expect(/#?\w+/y, 'a label')
    const limits = this.#limits()
    this.#refuseGroups()
    if (reader.peek(/>>/y)) {
      reader.fail(
        reader.at,
        "'>>' hands the result to a second step, which relates several events: only one '_fetch' can be run here",
      )
    }
    if (!reader.isAtEnd) reader.unexpected("'AND', 'OR', 'NOT' or 'limit'")
    return { condition, limits }
  }

  /** The columns of the result; they do not choose events. */
  #fields(): void {
    do this.#reader.expect(FIELD, 'a field such as $App')
    while (this.#reader.take(/,/y) !== null)
  }

  #refuseGroups(): void {
    if (this.#reader.peek(/group\b/iy)) {
      this.#reader.fail(this.#reader.at, "'group' counts over several events, which cannot be done here")
    }
  }

  #limits(): Limit[] {
    const word = this.#reader.take(/(?:limit|first|last)\b/iy)
    if (word === null) return []
    const count = Number(this.#reader.expect(/\d{1,9}\b/y, 'a number').text)
    return [{ from: word.text.toLowerCase() === 'last' ? 'tail' : 'head', count }]
  }

  #or(): DialectCondition {
    const operands = [this.#and()]
    while (this.#reader.take(/OR\b/iy) !== null) operands.push(this.#and())
    return joined('or', operands)
  }

  /** 'A NOT B' is 'A AND NOT B'. */
  #and(): DialectCondition {
    const operands = [this.#not()]
    while (this.#reader.take(/AND\b/iy) !== null || this.#reader.peek(/NOT\b/iy)) operands.push(this.#not())
    return joined('and', operands)
  }

  #not(): DialectCondition {
    const word = this.#reader.take(/NOT\b/iy)
    if (word === null) return this.#primary()
    const operand = this.#reader.deeper(() => this.#not())
    return { kind: 'not', operand, start: word.start, end: operand.end }
  }

  #primary(): DialectCondition {
    const reader = this.#reader
    if (reader.take(/\(/y) !== null) {
      const inner = reader.deeper(() => this.#or())
      reader.expect(/\)/y, "')'")
      return inner
    }
    const name = reader.expect(FIELD, 'a field such as $App')
    const field: DialectName = { name: name.text.slice(1), start: name.start, end: name.end }
    const operator = OPERATORS[reader.expect(/!=|<=|>=|[=<>]/y, "'='").text]!
    const value = this.#value()
    return { kind: 'test', field, operator, values: [value], start: name.start, end: value.end }
  }

  /** value: 'regex(' expression ')' flags | quoted | text up to the next space or bracket */
  #value(): DialectValue {
    const reader = this.#reader
    if (reader.peek(/regex\(/iy)) return this.#regex()
    const quoted = reader.take(/"[^"]*"|'[^']*'/y)
    if (quoted !== null) return textValue(quoted, quoted.text.slice(1, -1))
    if (reader.peek(/["']/y)) reader.fail(reader.at, 'this value has no closing quote')
    if (reader.peek(END_OF_CONDITION)) reader.unexpected('a value')
    const bare = reader.expect(/[^\s()]+/y, 'a value')
    return textValue(bare, bare.text)
  }

  /** The expression ends at the bracket that closes it; brackets with a backslash or in a class do not count. */
  #regex(): DialectValue {
    const { query, at: start } = this.#reader
    const from = start + 'regex('.length
    let depth = 1
    let inClass = false
    let end = from
    for (; end < query.length; end++) {
      const letter = query[end]
      if (letter === '\\') end += 1
      else if (inClass) inClass = letter !== ']'
      else if (letter === '[') inClass = true
      else if (letter === '(') depth += 1
      else if (letter === ')' && --depth === 0) break
    }
    if (end >= query.length) this.#reader.fail(start, "this 'regex(' has no closing bracket")
    const flags = /[A-Za-z]*/y
    flags.lastIndex = end + 1
    const given = flags.exec(query)![0]
    if (!/^i?$/.test(given)) this.#reader.fail(end + 1, `'${given}' is no flag of regex(…): only 'i' is, for any case`)
    this.#reader.moveTo(flags.lastIndex)
    return { kind: 'regex', text: query.slice(from, end), ignoreCase: given === 'i', start, end: flags.lastIndex }
  }
}

const textValue = ({ start, end }: { start: number; end: number }, text: string): DialectValue => ({
  kind: 'text',
  text,
  pattern: /[*?]/.test(text),
  start,
  end,
})
