/**
 * LogPoint's search language → syntax tree. Source: docs.logpoint.com, Search Query Language; of the order of
 * operators logpoint/pySigma-backend-logpoint, sigma/backends/logpoint/logpoint.py: OR binds before AND.
 */
import { type DialectCondition, type DialectName, type DialectValue, joined } from '../dialect/condition.ts'
import { type Piece, Reader } from '../dialect/reader.ts'
import type { Comparison } from '../predicate/expression.ts'

const OPERATORS: Record<string, Comparison> = { '=': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }
const OPERATOR = /!=|<=|>=|[=<>]/y
const NAME = /(?:[A-Za-z_]\w*|"[A-Za-z_]\w*")(?=\s*[=<>]|\s*!=|\s+IN\b)/iy
const SEVERAL = 'works over several events, which cannot be done here'

/** What stands behind a pipe. */
const COMMANDS: Record<string, string> = {
  chart: `'chart' ${SEVERAL}`,
  timechart: `'timechart' ${SEVERAL}`,
  latest: `'latest' ${SEVERAL}`,
  process: "'process' makes new fields, which cannot be done here",
  rename: "'rename' makes new fields, which cannot be done here: use the field's own name",
}

/** The conditions of a query and of its `| search`es, all of which must hold. Throws `QueryError`. */
export function parseLogPoint(query: string): DialectCondition {
  return new Parser(query).query()
}

class Parser {
  readonly #reader: Reader

  constructor(query: string) {
    this.#reader = new Reader(query)
  }

  /** and ('|' ('search' and | 'filter' and | 'fields' names | 'order by' …))* */
  query(): DialectCondition {
    const reader = this.#reader
    const parts = [this.#and()]
    while (reader.take(/\|/y) !== null) {
      const command = reader.expect(/[A-Za-z_]\w*/y, 'a command')
      const name = command.text.toLowerCase()
      // Columns and their order do not choose events.
      if (name === 'fields') reader.take(/[^|]*/y)
      else if (name === 'order' && reader.take(/by\b/iy) !== null) reader.take(/[^|]*/y)
      else if (name === 'search' || name === 'filter') parts.push(this.#and())
      else reader.fail(command.start, COMMANDS[name] ?? `'${command.text}' cannot be done here`)
    }
    if (!reader.isAtEnd) {
      const pattern = /(?:followed by|join)\b/iy
      if (reader.peek(pattern)) reader.fail(reader.at, `'${reader.expect(pattern, '').text}' ${SEVERAL}`)
      reader.unexpected('a condition')
    }
    return joined('and', parts)
  }

  /** and: or ('AND'? or)* */
  #and(): DialectCondition {
    const operands = [this.#or()]
    for (;;) {
      if (this.#reader.take(/AND\b/iy) === null && (this.#reader.isAtEnd || this.#reader.peek(/[)|]/y))) break
      if (this.#reader.peek(/(?:followed by|join)\b/iy)) break
      operands.push(this.#or())
    }
    return joined('and', operands)
  }

  /** or: not ('OR' not)* */
  #or(): DialectCondition {
    const operands = [this.#not()]
    while (this.#reader.take(/OR\b/iy) !== null) operands.push(this.#not())
    return joined('or', operands)
  }

  #not(): DialectCondition {
    const sign = this.#reader.take(/-|NOT\b/iy)
    if (sign === null) return this.#primary()
    const operand = this.#reader.deeper(() => this.#not())
    return { kind: 'not', operand, start: sign.start, end: operand.end }
  }

  #primary(): DialectCondition {
    const reader = this.#reader
    if (reader.peek(/\[/y)) reader.fail(reader.at, `a search in brackets ${SEVERAL}`)
    if (reader.take(/\(/y) !== null) {
      const inner = reader.deeper(() => this.#and())
      reader.expect(/\)/y, "')'")
      return inner
    }
    const name = reader.take(NAME)
    if (name === null) this.#refuseWord()
    const field: DialectName = { name: name!.text.replaceAll('"', ''), start: name!.start, end: name!.end }
    const operator = reader.take(OPERATOR)
    const values = operator === null ? this.#list() : [this.#value()]
    const end = operator === null ? this.#endOfList : values[0]!.end
    return { kind: 'test', field, operator: OPERATORS[operator?.text ?? '=']!, values, start: name!.start, end }
  }

  #refuseWord(): void {
    const word = this.#reader.take(/"[^"]*"|'[^']*'|[^\s()|=]+/y)
    if (word === null) this.#reader.unexpected('a condition such as image="*\\cmd.exe"')
    else {
      this.#reader.fail(
        word.start,
        `${word.text.length > 40 ? `${word.text.slice(0, 40)}…` : word.text} without a field searches the message as the host wrote it, which is not kept`,
      )
    }
  }

  #endOfList = 0

  /** 'IN' '[' value (',' value)* ']' */
  #list(): DialectValue[] {
    const reader = this.#reader
    reader.expect(/IN\b/iy, "'IN'")
    if (reader.peek(/[A-Za-z_]/y)) {
      const list = reader.expect(/\w+/y, '')
      reader.fail(list.start, `'${list.text}' is a list that LogPoint keeps: write its values in [ ]`)
    }
    reader.expect(/\[/y, "'['")
    const values = [this.#value()]
    while (reader.take(/,/y) !== null) values.push(this.#value())
    this.#endOfList = reader.expect(/\]/y, "',' or ']'").end
    return values
  }

  #value(): DialectValue {
    const reader = this.#reader
    const quoted = reader.take(/"[^"]*"|'[^']*'/y)
    if (quoted !== null) return textValue(quoted, quoted.text.slice(1, -1))
    if (reader.peek(/["']/y)) reader.fail(reader.at, 'this value has no closing quote')
    const bare = reader.expect(/[^\s()[\],|]+/y, 'a value')
    return textValue(bare, bare.text)
  }
}

/**
 * Backslashes stand for themselves and never take away the meaning of a wildcard. Some published queries write them
 * twice; at the start of a value two are those of a network path.
 */
function textValue({ start, end }: Piece, written: string): DialectValue {
  const text = written.replace(/(?!^)\\\\/g, '\\')
  return { kind: 'text', text, pattern: /[*?]/.test(text), start, end }
}
