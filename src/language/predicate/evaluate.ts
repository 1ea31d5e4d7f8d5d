/**
 * The one evaluator. Conditions are compiled once to closures over documents.
 * A condition on fields with several values holds when it holds for any of them.
 */
import { compile, negate, type Slots } from './compile-expression.ts'
import { type Expression, type Field, fieldsOf, type Scalar, type Truth } from './expression.ts'
import { fieldReader, reader } from './field-reader.ts'
import { isText, valueReader } from './field-types.ts'
import { anyPattern } from './patterns.ts'

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

/** A script looks at no more combinations of values than this; nobody writes what needs more. */
const MOST_COMBINATIONS = 100_000
/** Of an expression that names fields more often, only the first value of each is looked at. */
const MOST_PLACES = 200

/**
 * A condition without and/or/not on top: evaluated for each combination of its fields' values. A field that it names
 * twice may have another value each time.
 */
function leaf(expression: Expression): Condition {
  const fields = [...new Set(fieldsOf(expression))]
  const slots: Slots = { places: new Map(fields.map((field, place) => [field, place])), values: fields.map(() => null) }
  const evaluate = compile(expression, slots)
  const truth = (): Truth => {
    const value = evaluate()
    return typeof value === 'boolean' ? value : null
  }
  const [only] = fields
  if (only === undefined) return truth
  if (fields.length === 1) return leafOfOne(expression, only, slots, truth)
  const readers = fields.map((field) => fieldReader(field))
  if (fields.length > MOST_PLACES) {
    return (source) => {
      for (const [place, read] of readers.entries()) slots.values[place] = read(source)[0] ?? null
      return truth()
    }
  }
  let left = 0
  const bind = (source: unknown, index: number): Truth => {
    const read = readers[index]
    if (left <= 0) return null
    if (read === undefined) {
      left -= 1
      return truth()
    }
    const values = read(source)
    if (values.length > 0) return anyValue(values, slots, index, () => bind(source, index + 1))
    slots.values[index] = null
    return bind(source, index + 1)
  }
  return (source) => {
    left = MOST_COMBINATIONS
    return bind(source, 0)
  }
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
