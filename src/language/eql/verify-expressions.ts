/** The types of a query's expressions against what its operators and functions take. */
import { FUNCTIONS } from '../predicate/functions.ts'
import { luceneRegexp } from '../predicate/lucene-regexp.ts'
import { regexProblem } from '../predicate/regex.ts'
import type { FieldSchema } from '../schema.ts'
import { type EqlExpression, partsOf } from './ast.ts'
import type { Findings } from './findings.ts'
import { proposal, similarNames } from './similar.ts'
import { areCompatible, isBoolean, isConstant, isNumber, isString, isWhole, typeOf } from './types.ts'
import type { FieldChecks } from './verify-fields.ts'

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

export class ExpressionChecks {
  readonly #findings: Findings
  readonly #fields: FieldChecks
  readonly #schema: FieldSchema | undefined

  constructor(findings: Findings, fields: FieldChecks, schema: FieldSchema | undefined) {
    this.#findings = findings
    this.#fields = fields
    this.#schema = schema
  }

  /** An expression and all of its parts. */
  expression(expression: EqlExpression): void {
    switch (expression.kind) {
      case 'field':
        this.#fields.field(expression)
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
          this.#findings.wrongType(
            null,
            this.#findings.source(expression),
            expression.start,
            'boolean',
            expression.operand,
            type,
          )
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
    for (const part of partsOf(expression)) this.expression(part)
  }

  #call(call: EqlExpression & { kind: 'call' }): void {
    const row = FUNCTIONS[call.name]
    if (row === undefined) {
      const known = Object.keys(FUNCTIONS).map((name) => name.toLowerCase())
      const similar = similarNames(call.name.toLowerCase(), known)
      this.#findings.problem(call.start, `Unknown function [${call.name}]${proposal(similar)}`)
      return
    }
    const [least, most] = row.arity
    const count = call.arguments.length
    if (count < least || count > most) {
      this.#findings.misbuild(
        call.start,
        `error building [${call.name.toLowerCase()}]: expects ${arityText(least, most)}`,
      )
      return
    }
    if (call.ignoreCase && row.insensitive !== true) {
      this.#findings.problem(call.start, `Function [${call.name}] has no case-insensitive form`)
    }
    for (const [index, argument] of call.arguments.entries()) {
      const accepts = ACCEPTS[row.takes[Math.min(index, row.takes.length - 1)]!]!
      const type = typeOf(argument, this.#schema)
      const ordinal = most === 1 ? null : (ORDINALS[index] ?? `${index + 1}th`)
      if (!accepts.test(type))
        this.#findings.wrongType(ordinal, this.#findings.source(call), call.start, accepts.name, argument, type)
      else if (call.name === 'cidrMatch' && index > 0 && !isConstant(argument)) {
        const message = `${ordinal} argument of [${this.#findings.source(call)}] must be a constant, received [${this.#findings.source(argument)}]`
        this.#findings.problem(call.start, message)
      } else this.#exact(call, argument, call.name === 'concat' ? null : ordinal)
    }
  }

  #operands(logic: EqlExpression & { kind: 'and' | 'or' }): void {
    const [first, second] = logic.operands
    for (const [index, operand] of logic.operands.entries()) {
      const type = typeOf(operand, this.#schema)
      if (isBoolean(type)) continue
      const end = index === 0 ? second!.end : operand.end
      const source = this.#findings.source({ start: first!.start, end })
      this.#findings.wrongType(index === 0 ? 'first' : 'second', source, first!.start, 'boolean', operand, type)
    }
  }

  #binary(binary: EqlExpression & { kind: 'binary' }): void {
    const sides = [binary.left, binary.right]
    const isArithmetic = '+-*/%'.includes(binary.operator)
    for (const [index, side] of sides.entries()) {
      const type = typeOf(side, this.#schema)
      if (isArithmetic && !isNumber(type)) {
        this.#findings.wrongType(ORDINALS[index]!, this.#findings.source(binary), binary.start, 'numeric', side, type)
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
      if (!isString(type))
        this.#findings.wrongType(null, this.#findings.source(list), list.start, 'string', list.value, type)
    } else if (isString(type) || isNumber(type) || type === 'boolean') {
      for (const [index, item] of list.items.entries()) {
        const found = typeOf(item, this.#schema)
        if (!areCompatible(type, found))
          this.#findings.wrongType(nth(index + 1), this.#findings.source(list), list.start, type, item, found)
      }
    }
  }

  #patterns(list: EqlExpression & { kind: 'list' }): void {
    for (const item of list.items) {
      if (item.kind !== 'literal') continue
      // An index reads patterns as Lucene does, a script as everybody does.
      const text = String(item.value)
      const reason = regexProblem(list.value.kind === 'field' ? luceneRegexp(text) : text)
      if (reason !== null)
        this.#findings.problem(item.start, `[${this.#findings.source(item)}] is no regular expression: ${reason}`)
    }
  }

  #notString(ordinal: string, list: EqlExpression & { kind: 'list' }, side: EqlExpression, type: string): void {
    const found = `found value [${this.#findings.source(side)}] type [${type}]`
    this.#findings.problem(
      list.start,
      `${ordinal} argument of [:] must be [string], ${found}; consider using [==] instead`,
    )
  }

  /** A field can be compared as a whole only where an index keeps its value whole: a text field needs a sub-field for it. */
  #exact(whole: EqlExpression, part: EqlExpression, ordinal: string | null): void {
    if (part.kind !== 'field') return
    const info = this.#schema?.get(part.name)
    const isText = info?.type === 'text' && info.exact === undefined
    if (!isText && info?.normalized !== true) return
    const name = part.name.slice(part.name.lastIndexOf('.') + 1)
    const reason = isText
      ? `No keyword/multi-field defined exact matches for [${name}]; define one or use MATCH/QUERY instead`
      : 'Normalized keyword field cannot be used for exact match operations'
    const operand = ordinal === null ? 'field' : `${ordinal} argument field`
    this.#findings.problem(
      whole.start,
      `[${this.#findings.source(whole)}] cannot operate on ${operand} of data type [${info!.type}]: ${reason}`,
    )
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
