/** EQL syntax tree → plan: what the words mean, as Elasticsearch runs them. */
import type { Plan, Stage } from '../plan.ts'
import {
  type Arithmetic,
  allOf,
  type Comparison,
  type Expression,
  type Field,
  fieldsOf,
} from '../predicate/expression.ts'
import { luceneRegexp } from '../predicate/lucene-regexp.ts'
import type { Span } from '../query-error.ts'
import { ecsType, type FieldSchema } from '../schema.ts'
import type { EqlExpression, EqlQuery, EventFilter, Term } from './ast.ts'

export interface LowerOptions {
  /** Without one, types come from the fields' names and values, and no field is unknown. */
  schema?: FieldSchema
  categoryField?: string
}

/** The plan of a query. */
export function lower(query: EqlQuery, options: LowerOptions = {}): Plan {
  const lowering = new Lowering(options)
  if (query.shape === 'event') {
    return { shape: 'event', stage: lowering.stage(query.filter, [], false), limits: limitsOf(query.pipes) }
  }
  const stages = query.terms.flatMap((term) => {
    const stage = lowering.term(term, query.by)
    return Array<Stage>(term.runs).fill(stage)
  })
  if (query.shape === 'sample') return { shape: 'sample', stages }
  const until = query.until === null ? null : lowering.term(query.until, query.by)
  return { shape: 'sequence', stages, until, maxspanMs: query.maxspanMs, limits: limitsOf(query.pipes) }
}

const limitsOf = (pipes: { name: 'head' | 'tail'; count: number }[]) =>
  pipes.map(({ name, count }) => ({ from: name, count }))

const FLIPPED: Record<Comparison, Comparison> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** Functions that an index answers when they are asked of a field and a constant. */
const INDEXED = new Set(['startsWith', 'endsWith', 'stringContains', 'cidrMatch'])

/** Functions that are another way to write an operator. */
const ARITHMETIC_FUNCTIONS: Record<string, Arithmetic> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
}

class Lowering {
  readonly #schema: FieldSchema | undefined
  readonly #categoryField: string

  constructor({ schema, categoryField = 'event.category' }: LowerOptions) {
    this.#schema = schema
    this.#categoryField = categoryField
  }

  term(term: Term, by: EqlExpression[]): Stage {
    return this.stage(term.filter, [...by, ...term.by], term.missing, term)
  }

  stage(
    filter: EventFilter,
    by: EqlExpression[],
    missing: boolean,
    span: { start: number; end: number } = filter,
  ): Stage {
    const keys = by.map((key) => {
      if (key.kind !== 'field') throw new TypeError('a join key is a field')
      return { field: this.#field(key.name, key), optional: key.optional }
    })
    return {
      category: filter.category,
      categoryField: this.#field(this.#categoryField),
      condition: this.#condition(filter.condition),
      keys,
      missing,
      span: { start: span.start, end: span.end },
    }
  }

  #field(name: string, span?: { start: number; end: number }): Field {
    const info = this.#schema?.get(name)
    return {
      kind: 'field',
      name,
      path: info?.path ?? name,
      type: info?.type ?? ecsType(name),
      ...(info?.nullValue === undefined ? {} : { nullValue: info.nullValue as string | number | boolean }),
      ...(span === undefined ? {} : { span: { start: span.start, end: span.end } }),
    }
  }

  /**
   * A condition. Whether an index answers it or a script, a missing field makes it false and its negation true: the
   * third value lives only inside of it.
   */
  #condition(expression: EqlExpression): Expression {
    const span = { start: expression.start, end: expression.end }
    switch (expression.kind) {
      case 'and':
        return { ...allOf(expression.operands.map((operand) => this.#condition(operand))), span }
      case 'or':
        return { kind: 'or', operands: expression.operands.map((operand) => this.#condition(operand)), span }
      case 'not':
        return this.#negation(expression.operand, span)
      case 'field': {
        const field = this.#value(expression)
        if (field.kind !== 'field') return field
        return {
          kind: 'definite',
          operand: { kind: 'compare', operator: '==', left: field, right: { kind: 'literal', value: true }, span },
          span,
        }
      }
      case 'list':
        return this.#list(expression, true)
      case 'binary':
        return this.#binary(expression, true)
      case 'call': {
        const call = this.#value(expression)
        if (call.kind !== 'call' || !INDEXED.has(call.name)) return call
        const [first, ...rest] = call.arguments
        const isIndexed = first?.kind === 'field' && rest.every(({ kind }) => kind === 'literal')
        return isIndexed ? { kind: 'definite', operand: call, span } : call
      }
      default:
        return this.#value(expression)
    }
  }

  #negation(expression: EqlExpression, span: Span): Expression {
    const operand = this.#condition(expression)
    // What names no field is folded before it is asked of anything.
    const isAsked = operand.kind !== 'definite' && fieldsOf(operand).length > 0
    return { kind: 'not', operand: isAsked ? definite(operand) : operand, span }
  }

  #binary(expression: EqlExpression & { kind: 'binary' }, asked: boolean): Expression {
    const span = { start: expression.start, end: expression.end }
    const compared = asked ? comparedWithTruth(expression) : null
    if (compared !== null) {
      const { condition, wanted } = compared
      return wanted ? { ...this.#condition(condition), span } : this.#negation(condition, span)
    }
    let [left, right] = [this.#value(expression.left), this.#value(expression.right)]
    let operator = expression.operator
    if (isArithmetic(operator)) return { kind: 'calculation', operator, left, right, span }
    if (left.kind === 'literal' && right.kind !== 'literal') {
      ;[left, right] = [right, left]
      operator = FLIPPED[operator]
    }
    const [unknown, other] = isNull(left) ? [left, right] : [right, left]
    if (isNull(unknown) && (operator === '==' || operator === '!=')) {
      const missing: Expression = { kind: 'missing', value: other, span }
      return operator === '==' ? missing : { kind: 'not', operand: missing, span }
    }
    if (isNetwork(left, right) && (operator === '==' || operator === '!=')) {
      const inside: Expression = { kind: 'call', name: 'cidrMatch', arguments: [left, right], span }
      const test: Expression = asked ? { kind: 'definite', operand: inside, span } : inside
      return operator === '==' ? test : { kind: 'not', operand: test, span }
    }
    const compare = (comparison: Comparison): Expression => ({
      kind: 'compare',
      operator: comparison,
      left,
      right,
      span,
    })
    if (!asked || left.kind !== 'field' || right.kind !== 'literal') return compare(operator)
    if (operator !== '!=') return { kind: 'definite', operand: compare(operator), span }
    return { kind: 'not', operand: { kind: 'definite', operand: compare('=='), span }, span }
  }

  #list(expression: EqlExpression & { kind: 'list' }, asked: boolean): Expression {
    const span = { start: expression.start, end: expression.end }
    const value = this.#value(expression.value)
    const items = expression.items.map((item) => this.#value(item))
    const { operator } = expression
    const ignoreCase = operator.endsWith('~') || operator === ':'
    let test: Expression
    if (operator.startsWith('in')) test = { kind: 'member', value, items, ignoreCase, span }
    else {
      const texts = items.map((item) => (item.kind === 'literal' ? item.value : null))
      // `:` compares numbers and booleans as they are; only texts are patterns.
      if (areTexts(texts)) {
        const form = operator.startsWith('regex') ? 'regex' : 'wildcard'
        const patterns = form === 'regex' && value.kind === 'field' ? texts.map(luceneRegexp) : texts
        test = { kind: 'like', value, patterns, form, ignoreCase, span }
      } else test = { kind: 'member', value, items, ignoreCase, span }
    }
    if (asked && (expression.negated || value.kind === 'field')) test = { kind: 'definite', operand: test, span }
    return expression.negated ? { kind: 'not', operand: test, span } : test
  }

  /** An expression inside another: always three-valued. */
  #value(expression: EqlExpression): Expression {
    const span = { start: expression.start, end: expression.end }
    switch (expression.kind) {
      case 'literal':
        return { kind: 'literal', value: expression.value, ...(expression.decimal ? { float: true } : {}), span }
      case 'field':
        if (expression.optional && this.#schema !== undefined && !this.#schema.has(expression.name)) {
          return { kind: 'literal', value: null, span }
        }
        return this.#field(expression.name, expression)
      case 'and':
      case 'or':
        return { kind: expression.kind, operands: expression.operands.map((operand) => this.#value(operand)), span }
      case 'not':
        return { kind: 'not', operand: this.#value(expression.operand), span }
      case 'sign': {
        const operand = this.#value(expression.operand)
        if (expression.operator === '+') return operand
        return { kind: 'calculation', operator: '-', left: { kind: 'literal', value: 0 }, right: operand, span }
      }
      case 'binary':
        return this.#binary(expression, false)
      case 'list':
        return this.#list(expression, false)
      case 'call': {
        const operator = ARITHMETIC_FUNCTIONS[expression.name]
        const [left, right] = expression.arguments
        if (operator !== undefined && left !== undefined && right !== undefined) {
          return { kind: 'calculation', operator, left: this.#value(left), right: this.#value(right), span }
        }
        return {
          kind: 'call',
          name: expression.name,
          arguments: expression.arguments.map((argument) => this.#value(argument)),
          ignoreCase: expression.ignoreCase,
          span,
        }
      }
    }
  }
}

const isNull = (expression: Expression) => expression.kind === 'literal' && expression.value === null

/** False where it is undecided. */
const definite = (operand: Expression): Expression => ({
  kind: 'definite',
  operand,
  ...(operand.span === undefined ? {} : { span: operand.span }),
})

/** `condition == true`, `condition != true` and the like are the condition or its negation; a field alone is none. */
function comparedWithTruth({
  operator,
  left,
  right,
}: EqlExpression & { kind: 'binary' }): { condition: EqlExpression; wanted: boolean } | null {
  if (operator !== '==' && operator !== '!=') return null
  const [literal, condition] = right.kind === 'literal' ? [right, left] : [left, right]
  if (literal.kind !== 'literal' || typeof literal.value !== 'boolean') return null
  if (condition.kind === 'literal' || condition.kind === 'field') return null
  return { condition, wanted: (operator === '==') === literal.value }
}

const areTexts = (values: unknown[]): values is string[] => values.every((value) => typeof value === 'string')

/** An address field is equal to a network that it lies in. */
const isNetwork = (left: Expression, right: Expression) =>
  left.kind === 'field' && left.type === 'ip' && right.kind === 'literal' && String(right.value).includes('/')

const isArithmetic = (operator: string): operator is '+' | '-' | '*' | '/' | '%' => '+-*/%'.includes(operator)
