/**
 * The one evaluator. Conditions are compiled once to closures over documents.
 * A condition on fields with several values holds when it holds for any of them.
 */
import { comparison } from './compare.ts'
import type { Calculation, Compare, Comparison, Expression, Field, Scalar, Truth, Value } from './expression.ts'
import { fieldsOf } from './expression.ts'
import { fieldReader, reader } from './field-reader.ts'
import { isDate, isText, orderedBy, periodOf, valueReader } from './field-types.ts'
import { divide, FUNCTIONS, type FunctionRow } from './functions.ts'
import { regex } from './regex.ts'
import { wildcard } from './wildcard.ts'
import { hasAnyWord, hasPhrase } from './word-functions.ts'

/** A condition over the document of an event (`_source`). */
export type Condition = (source: unknown) => Truth

/** Compiles a condition. */
export function condition(expression: Expression): Condition {
  switch (expression.kind) {
    case 'and': {
      const tests = expression.operands.map(condition)
      return (source) => {
        let result: Truth = true
        for (const test of tests) {
          const holds = test(source)
          if (holds === false) return false
          if (holds === null) result = null
        }
        return result
      }
    }
    case 'or': {
      const tests = expression.operands.map(condition)
      return (source) => {
        let result: Truth = false
        for (const test of tests) {
          const holds = test(source)
          if (holds === true) return true
          if (holds === null) result = null
        }
        return result
      }
    }
    case 'not': {
      const test = condition(expression.operand)
      return (source) => negate(test(source))
    }
    case 'definite': {
      const test = condition(expression.operand)
      return (source) => test(source) === true
    }
    default:
      return leaf(expression)
  }
}

const negate = (truth: Truth): Truth => (truth === null ? null : !truth)

/** A condition without and/or/not on top: evaluated for each combination of its fields' values. */
function leaf(expression: Expression): Condition {
  const fields = [...new Map(fieldsOf(expression).map((field) => [field.name, field])).values()]
  const slots: Slots = { names: fields.map(({ name }) => name), values: fields.map(() => null) }
  const evaluate = compile(expression, slots)
  const truth = (): Truth => {
    const value = evaluate()
    return typeof value === 'boolean' ? value : null
  }
  const [only] = fields
  if (only === undefined) return truth
  if (fields.length === 1) return leafOfOne(expression, only, slots, truth)
  const readers = fields.map((field) => fieldReader(field))
  const bind = (source: unknown, index: number): Truth => {
    const read = readers[index]
    if (read === undefined) return truth()
    const values = read(source)
    if (values.length > 0) return anyValue(values, slots, index, () => bind(source, index + 1))
    slots.values[index] = null
    return bind(source, index + 1)
  }
  return (source) => bind(source, 0)
}

/** Most leaves read one field, and most fields have one value: no list is made for it. */
function leafOfOne(expression: Expression, field: Field, slots: Slots, truth: () => Truth): Condition {
  const read = reader(field.path)
  const convert = valueReader(field.type)
  const readAll = fieldReader(field)
  const absent = field.nullValue ?? null
  const testText = textTest(expression, field)
  return (source) => {
    const found = read(source)
    if (typeof found === 'string' && testText !== null) return testText(found)
    if (typeof found === 'object' && found !== null) {
      const values = readAll(source)
      if (values.length > 0) return anyValue(values, slots, 0, truth)
      slots.values[0] = null
    } else slots.values[0] = found === undefined ? null : found === null ? absent : convert(found)
    return truth()
  }
}

/** The test of one text where a field of text is compared as it is written: by far the most frequent condition. */
function textTest(expression: Expression, field: Field): ((text: string) => boolean) | null {
  if (!isText(field.type) && field.type !== 'unknown') return null
  if (expression.kind === 'like' && expression.value === field) {
    return anyPattern(expression.patterns, expression.form, expression.ignoreCase === true)
  }
  if (expression.kind !== 'compare' || expression.operator !== '==' || expression.ignoreCase) return null
  const { left, right } = expression
  if (left !== field || right.kind !== 'literal' || typeof right.value !== 'string') return null
  const wanted = right.value
  return (text) => text === wanted
}

/** True when it holds for any value, else null when it is undecided for any. */
function anyValue(values: readonly Scalar[], slots: Slots, index: number, truth: () => Truth): Truth {
  let result: Truth = false
  for (const value of values) {
    slots.values[index] = value
    const holds = truth()
    if (holds === true) return true
    if (holds === null) result = null
  }
  return result
}

/** The values that a leaf's fields have at the moment. */
interface Slots {
  names: string[]
  values: Value[]
}

type Evaluate = () => Value

/** Compiles an expression whose fields have one value each, bound in `slots`. */
function compile(expression: Expression, slots: Slots): Evaluate {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'field': {
      const index = slots.names.indexOf(expression.name)
      return () => slots.values[index]!
    }
    case 'and':
    case 'or': {
      const operands = expression.operands.map((operand) => compile(operand, slots))
      const decisive = expression.kind === 'or'
      return () => {
        let result: Value = !decisive
        for (const operand of operands) {
          const value = operand()
          if (value === decisive) return decisive
          if (value === null) result = null
        }
        return result
      }
    }
    case 'not': {
      const operand = compile(expression.operand, slots)
      return () => negate(operand() as Truth)
    }
    case 'definite': {
      const operand = compile(expression.operand, slots)
      return () => operand() === true
    }
    case 'missing': {
      const value = compile(expression.value, slots)
      return () => value() === null
    }
    case 'compare': {
      const period = periodIn(expression)
      if (period !== null) return duringPeriod(compile(expression.left, slots), expression.operator, period)
      const [left, right] = typed(expression.left, expression.right)
      const [a, b] = [compile(left, slots), compile(right, slots)].map(ordered(left, right)) as [Evaluate, Evaluate]
      const compare = comparison(expression.operator, expression.ignoreCase)
      if (right.kind !== 'literal') return () => compare(a(), b())
      const constant = b()
      const isEqual = expression.operator === '==' && expression.ignoreCase !== true
      return () => {
        const value = a()
        return isEqual && value === constant && value !== null ? true : compare(value, constant)
      }
    }
    case 'member': {
      const key = ordered(expression.value, ...expression.items)
      const value = key(compile(expression.value, slots))
      const items = expression.items.map((item) => key(compile(typed(expression.value, item)[1], slots)))
      const equal = comparison('==', expression.ignoreCase)
      return () => {
        const wanted = value()
        let result: Truth = wanted === null ? null : false
        for (const item of items) {
          const holds = equal(wanted, item())
          if (holds === true) return true
          if (holds === null) result = null
        }
        return result
      }
    }
    case 'like': {
      const value = compile(expression.value, slots)
      const test = anyPattern(expression.patterns, expression.form, expression.ignoreCase === true)
      return () => {
        const text = value()
        return text === null ? null : test(String(text))
      }
    }
    case 'calculation':
      return calculation(expression, slots)
    case 'call': {
      const row = EVALUABLE[expression.name]!
      const values = expression.arguments.map((argument) => compile(argument, slots))
      const needed = row.optionalFrom ?? values.length
      return () => {
        const given = values.map((value) => value())
        if (given.some((value, index) => value === null && index < needed)) return null
        return row.evaluate(given, expression.ignoreCase === true)
      }
    }
  }
}

/** What calls can name: EQL's functions, and those that other languages need besides. */
const EVALUABLE: Record<string, Pick<FunctionRow, 'evaluate' | 'optionalFrom'>> = {
  ...FUNCTIONS,
  hasAnyWord: { evaluate: hasAnyWord },
  hasPhrase: { evaluate: hasPhrase },
}

function anyPattern(patterns: string[], form: 'wildcard' | 'regex', ignoreCase: boolean): (text: string) => boolean {
  const tests = patterns.map((pattern) => (form === 'regex' ? regex : wildcard)(pattern, ignoreCase))
  const [only] = tests
  return tests.length === 1 ? only! : (text) => tests.some((test) => test(text))
}

/** Both sides as the type of the field that one of them is: `"10.0.0.1"` beside an `ip` field is an address. */
function typed(left: Expression, right: Expression): [Expression, Expression] {
  const field = [left, right].find((side): side is Field => side.kind === 'field')
  if (field === undefined) return [left, right]
  const convert = valueReader(field.type)
  const asField = (side: Expression): Expression => {
    if (side.kind !== 'literal' || side.value === null) return side
    const value = convert(side.value)
    return value === null ? side : { ...side, value }
  }
  return [asField(left), asField(right)]
}

/** The time that a date field is compared with, when the query names a whole day or hour or the like. */
function periodIn({ left, right }: Compare): { from: number; to: number } | null {
  if (left.kind !== 'field' || !isDate(left.type)) return null
  return right.kind === 'literal' && typeof right.value === 'string' ? periodOf(right.value) : null
}

/** Dates are compared with the whole time that is named: a later date comes after its end, an earlier before its start. */
function duringPeriod(value: Evaluate, operator: Comparison, { from, to }: { from: number; to: number }): Evaluate {
  const holds: Record<Comparison, (time: number) => boolean> = {
    '==': (time) => time >= from && time <= to,
    '!=': (time) => time < from || time > to,
    '<': (time) => time < from,
    '<=': (time) => time <= to,
    '>': (time) => time > to,
    '>=': (time) => time >= from,
  }
  const test = holds[operator]
  return () => {
    const time = value()
    return time === null ? null : test(Number(time))
  }
}

/** Wraps what gives values of a type that is not compared by its spelling. */
function ordered(...sides: Expression[]): (evaluate: Evaluate) => Evaluate {
  const key = sides.map((side) => (side.kind === 'field' ? orderedBy(side.type) : undefined)).find(Boolean)
  if (key === undefined) return (evaluate) => evaluate
  return (evaluate) => () => {
    const value = evaluate()
    return typeof value === 'string' ? key(value) : value
  }
}

const OPERATIONS: Record<Calculation['operator'], (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': divide,
  '%': (left, right) => left % right,
}

function calculation(expression: Calculation, slots: Slots): Evaluate {
  const [left, right] = [compile(expression.left, slots), compile(expression.right, slots)]
  const decimal = expression.operator === '/' && (isDecimal(expression.left) || isDecimal(expression.right))
  const operation = decimal ? (a: number, b: number) => (b === 0 ? Number.NaN : a / b) : OPERATIONS[expression.operator]
  return () => {
    const [a, b] = [left(), right()]
    if (a === null || b === null) return null
    const result = operation(Number(a), Number(b))
    return Number.isFinite(result) ? result : null
  }
}

const DECIMAL_TYPES = new Set(['double', 'float', 'half_float', 'scaled_float'])

/** Whether an expression is of a decimal type: `4.0` is, though its value is whole. */
function isDecimal(expression: Expression): boolean {
  if (expression.kind === 'literal') return expression.float === true
  if (expression.kind === 'field') return DECIMAL_TYPES.has(expression.type)
  if (expression.kind === 'calculation') return isDecimal(expression.left) || isDecimal(expression.right)
  return expression.kind === 'call' && expression.arguments.some(isDecimal)
}
