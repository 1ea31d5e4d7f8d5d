/** Checks of a parsed query against functions and mapped fields: all problems at once, in Elasticsearch's words. */
import { FUNCTIONS } from '../predicate/functions.ts'
import { regexProblem } from '../predicate/regex.ts'
import { problemAt, QueryError, type QueryProblem } from '../query-error.ts'
import type { FieldSchema } from '../schema.ts'
import { type EqlExpression, type EqlQuery, type EventFilter, partsOf, type Term } from './ast.ts'
import { proposal, similarNames } from './similar.ts'
import { areCompatible, isBoolean, isConstant, isNumber, isString, isSupported, isWhole, typeOf } from './types.ts'

export interface VerifyOptions {
  schema?: FieldSchema
  categoryField?: string
  timestampField?: string
  tiebreakerField?: string
}

/** Throws `QueryError` with every problem found. Without a schema only functions and constants are checked. */
export function verify(query: EqlQuery, text: string, options: VerifyOptions): void {
  const verifier = new Verifier(text, options)
  verifier.query(query)
  verifier.order()
  if (verifier.misbuilt.length > 0) throw new QueryError(verifier.misbuilt, 'parsing')
  if (verifier.problems.length > 0) throw new QueryError(verifier.problems, 'verification')
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth']

/** What a function's argument must be, as the function table says it. */
const ACCEPTS: Record<string, { name: string; test: (type: string) => boolean }> = {
  text: { name: 'string', test: isString },
  integer: { name: 'integer', test: isWhole },
  number: { name: 'numeric', test: isNumber },
  boolean: { name: 'boolean', test: isBoolean },
  ip: { name: 'ip', test: (type) => type === 'ip' || type === 'unknown' || type === 'null' },
  any: { name: 'any', test: () => true },
}

class Verifier {
  readonly problems: QueryProblem[] = []
  /** Calls with too few or too many arguments: Elasticsearch refuses these before it looks at fields. */
  readonly misbuilt: QueryProblem[] = []
  readonly #text: string
  readonly #schema: FieldSchema | undefined
  readonly #categoryField: string
  readonly #orderFields: string[]

  constructor(text: string, options: VerifyOptions) {
    this.#text = text
    this.#schema = options.schema
    this.#categoryField = options.categoryField ?? 'event.category'
    this.#orderFields = [options.timestampField ?? '@timestamp', options.tiebreakerField ?? []].flat()
  }

  /** The fields that order events stand nowhere in the query: Elasticsearch gives their problems the place -1:-1. */
  order(): void {
    if (this.#schema === undefined) return
    for (const name of this.#orderFields) {
      const message = this.#schema.has(name) ? this.#ambiguity(name) : this.#unknownColumn(name)
      if (message !== null) this.problems.push({ line: -1, column: -1, message })
    }
  }

  query(query: EqlQuery): void {
    if (query.shape === 'event') {
      this.#filter(query.filter)
      return
    }
    const terms = [...query.terms, ...(query.shape === 'sequence' && query.until !== null ? [query.until] : [])]
    for (const key of query.by) this.#expression(key)
    for (const term of terms) {
      this.#filter(term.filter)
      for (const key of term.by) this.#expression(key)
    }
    this.#keyTypes(query.shape === 'sequence' ? 'Sequence' : 'Sample', terms)
  }

  #filter({ category, condition, start, end }: EventFilter): void {
    if (category !== null && this.#schema !== undefined) {
      const name = this.#categoryField
      const message = this.#schema.has(name) ? this.#ambiguity(name) : this.#unknownColumn(name)
      if (message !== null) this.#problem(start, message)
    }
    this.#expression(condition)
    this.#comparisons(condition)
    const type = typeOf(condition, this.#schema)
    if (isBoolean(type)) return
    if (category === null) {
      const name = type === 'date' ? 'DATETIME' : type.toUpperCase()
      this.#problem(condition.start, `Condition expression needs to be boolean, found [${name}]`)
    } else this.#wrongType('second', this.#text.slice(start, end), start, 'boolean', condition, type)
  }

  #expression(expression: EqlExpression): void {
    switch (expression.kind) {
      case 'field':
        this.#field(expression)
        break
      case 'call':
        this.#call(expression)
        break
      case 'and':
      case 'or':
        this.#operands(expression)
        break
      case 'not': {
        const type = typeOf(expression.operand, this.#schema)
        if (!isBoolean(type))
          this.#wrongType(null, this.#source(expression), expression.start, 'boolean', expression.operand, type)
        break
      }
      case 'binary':
        this.#binary(expression)
        break
      case 'list':
        this.#list(expression)
        break
      default:
    }
    for (const part of partsOf(expression)) this.#expression(part)
  }

  #field({ name, optional, start }: EqlExpression & { kind: 'field' }): void {
    if (this.#schema === undefined) return
    const info = this.#schema.get(name)
    if (info === undefined) {
      if (!optional) this.#problem(start, this.#unknownColumn(name))
    } else if (info.ambiguity !== undefined) {
      this.#problem(start, this.#ambiguity(name)!)
    } else if (info.type === 'object') {
      this.#problem(start, `Cannot use field [${name}] type [object] only its subfields`)
    } else if (info.type === 'nested') {
      this.#problem(start, `Cannot use field [${name}] type [nested] due to nested fields not being supported yet`)
    } else if (!isSupported(info.type)) {
      this.#problem(start, `Cannot use field [${name}] with unsupported type [${info.type}]`)
    }
  }

  #ambiguity(name: string): string | null {
    const ambiguity = this.#schema?.get(name)?.ambiguity
    return ambiguity === undefined ? null : `Cannot use field [${name}] due to ambiguities being ${ambiguity}`
  }

  #unknownColumn(name: string): string {
    const known = [...(this.#schema ?? [])].filter(([, { type }]) => isSupported(type)).map(([field]) => field)
    return `Unknown column [${name}]${proposal(similarNames(name, known))}`
  }

  #call(call: EqlExpression & { kind: 'call' }): void {
    const row = FUNCTIONS[call.name]
    if (row === undefined) {
      const known = Object.keys(FUNCTIONS).map((name) => name.toLowerCase())
      const similar = similarNames(call.name.toLowerCase(), known)
      this.#problem(call.start, `Unknown function [${call.name}]${proposal(similar)}`)
      return
    }
    const [least, most] = row.arity
    const count = call.arguments.length
    if (count < least || count > most) {
      const problem = problemAt(
        this.#text,
        call.start,
        `error building [${call.name.toLowerCase()}]: expects ${arityText(least, most)}`,
      )
      this.misbuilt.push({ ...problem, reportedColumn: problem.column + 1 })
      return
    }
    if (call.ignoreCase && row.insensitive !== true) {
      this.#problem(call.start, `Function [${call.name}] has no case-insensitive form`)
    }
    for (const [index, argument] of call.arguments.entries()) {
      const accepts = ACCEPTS[row.takes[Math.min(index, row.takes.length - 1)]!]!
      const type = typeOf(argument, this.#schema)
      const ordinal = most === 1 ? null : (ORDINALS[index] ?? `${index + 1}th`)
      if (!accepts.test(type)) this.#wrongType(ordinal, this.#source(call), call.start, accepts.name, argument, type)
      else if (call.name === 'cidrMatch' && index > 0 && !isConstant(argument)) {
        const message = `${ordinal} argument of [${this.#source(call)}] must be a constant, received [${this.#source(argument)}]`
        this.#problem(call.start, message)
      } else this.#exact(call, argument, call.name === 'concat' ? null : ordinal)
    }
  }

  #operands(logic: EqlExpression & { kind: 'and' | 'or' }): void {
    const [first, second] = logic.operands
    for (const [index, operand] of logic.operands.entries()) {
      const type = typeOf(operand, this.#schema)
      if (isBoolean(type)) continue
      const end = index === 0 ? second!.end : operand.end
      const source = this.#text.slice(first!.start, end)
      this.#wrongType(index === 0 ? 'first' : 'second', source, first!.start, 'boolean', operand, type)
    }
  }

  #binary(binary: EqlExpression & { kind: 'binary' }): void {
    const sides = [binary.left, binary.right]
    const isArithmetic = '+-*/%'.includes(binary.operator)
    for (const [index, side] of sides.entries()) {
      const type = typeOf(side, this.#schema)
      if (isArithmetic && !isNumber(type)) {
        this.#wrongType(ORDINALS[index]!, this.#source(binary), binary.start, 'numeric', side, type)
      } else if (binary.operator === '==' || binary.operator === '!=') this.#exact(binary, side, ORDINALS[index]!)
    }
  }

  #list(list: EqlExpression & { kind: 'list' }): void {
    const type = typeOf(list.value, this.#schema)
    this.#exact(list, list.value, null)
    if (list.operator === ':') {
      if (!isString(type)) this.#notString('first', list, list.value, type)
      for (const item of list.items) {
        const found = typeOf(item, this.#schema)
        if (!isString(found)) this.#notString('second', list, item, found)
      }
    } else if (!list.operator.startsWith('in')) {
      if (list.operator.startsWith('regex')) this.#patterns(list)
      if (!isString(type)) this.#wrongType(null, this.#source(list), list.start, 'string', list.value, type)
    } else if (isString(type) || isNumber(type) || type === 'boolean') {
      for (const [index, item] of list.items.entries()) {
        const found = typeOf(item, this.#schema)
        if (!areCompatible(type, found))
          this.#wrongType(nth(index + 1), this.#source(list), list.start, type, item, found)
      }
    }
  }

  #patterns(list: EqlExpression & { kind: 'list' }): void {
    for (const item of list.items) {
      const reason = item.kind === 'literal' ? regexProblem(String(item.value)) : null
      if (reason !== null) this.#problem(item.start, `[${this.#source(item)}] is no regular expression: ${reason}`)
    }
  }

  #notString(ordinal: string, list: EqlExpression & { kind: 'list' }, side: EqlExpression, type: string): void {
    const found = `found value [${this.#source(side)}] type [${type}]`
    this.#problem(list.start, `${ordinal} argument of [:] must be [string], ${found}; consider using [==] instead`)
  }

  /** An index compares fields with constants only; scripts inside other expressions may compare anything. */
  #comparisons(condition: EqlExpression): void {
    if (condition.kind === 'and' || condition.kind === 'or')
      for (const part of condition.operands) this.#comparisons(part)
    else if (condition.kind === 'not') this.#comparisons(condition.operand)
    else if (condition.kind === 'binary' && !'+-*/%'.includes(condition.operator)) {
      if (isConstant(condition.left) || isConstant(condition.right)) return
      this.#againstField(condition.right, condition.right, condition.operator)
    } else if (condition.kind === 'list' && condition.operator.startsWith('in')) {
      for (const item of condition.items) {
        if (!isConstant(item)) this.#againstField(condition, item, this.#source(condition))
      }
    }
  }

  #againstField(at: EqlExpression, offender: EqlExpression, where: string): void {
    const text = `offender [${this.#source(offender)}] in [${where}]`
    this.#problem(at.start, `Comparisons against fields are not (currently) supported; ${text}`)
  }

  /** A text field can be compared as a whole only by a sub-field that keeps its value whole. */
  #exact(whole: EqlExpression, part: EqlExpression, ordinal: string | null): void {
    if (part.kind !== 'field') return
    const info = this.#schema?.get(part.name)
    if (info?.type !== 'text' || info.exact !== undefined) return
    const operand = ordinal === null ? 'field' : `${ordinal} argument field`
    const name = part.name.slice(part.name.lastIndexOf('.') + 1)
    this.#problem(
      whole.start,
      `[${this.#source(whole)}] cannot operate on ${operand} of data type [text]: No keyword/multi-field defined exact matches for [${name}]; define one or use MATCH/QUERY instead`,
    )
  }

  #keyTypes(what: string, terms: Term[]): void {
    const [first, ...rest] = terms
    for (const [index, expected] of first!.by.entries()) {
      for (const { by } of rest) {
        const key = by[index]!
        const [wanted, found] = [typeOf(expected, this.#schema), typeOf(key, this.#schema)]
        if (areCompatible(wanted, found) || key.kind !== 'field' || expected.kind !== 'field') continue
        const other = `is incompatible with key [${expected.name}] type [${wanted}]`
        this.#problem(key.start, `${what} key [${key.name}] type [${found}] ${other}`)
      }
    }
  }

  #wrongType(
    ordinal: string | null,
    source: string,
    at: number,
    wanted: string,
    part: EqlExpression,
    type: string,
  ): void {
    const which = ordinal === null ? 'argument' : `${ordinal} argument`
    const found = `found value [${this.#source(part)}] type [${type === 'date' ? 'datetime' : type}]`
    this.#problem(at, `${which} of [${source}] must be [${wanted}], ${found}`)
  }

  #source({ start, end }: EqlExpression): string {
    return this.#text.slice(start, end)
  }

  #problem(at: number, message: string): void {
    this.problems.push(problemAt(this.#text, at, message))
  }
}

const nth = (count: number) => `${count}${['st', 'nd', 'rd'][count - 1] ?? 'th'}`

const COUNTS = ['zero', 'one', 'two', 'three', 'four']

function arityText(least: number, most: number): string {
  const plural = (count: number) => (count === 1 ? 'argument' : 'arguments')
  if (least === most) return `exactly ${COUNTS[least]} ${plural(least)}`
  if (most === Number.POSITIVE_INFINITY) return `at least ${COUNTS[least]} ${plural(least)}`
  return `${COUNTS[least]} or ${COUNTS[most]} arguments`
}
