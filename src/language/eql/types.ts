/** Types of EQL expressions, by the names of Elasticsearch's mapping types. */
import { isNumeric } from '../predicate/field-types.ts'
import { FUNCTIONS } from '../predicate/functions.ts'
import type { FieldSchema } from '../schema.ts'
import { type EqlExpression, partsOf } from './ast.ts'

/** `null` is the type of the null literal; `unknown` that of a field without a mapping. */
export type EqlType = string

const STRINGS = new Set(['keyword', 'text', 'wildcard', 'constant_keyword', 'match_only_text', 'version'])
const OTHERS = new Set(['boolean', 'ip', 'date', 'date_nanos', 'binary'])
const UNDECIDED = new Set(['unknown', 'null'])

export const isString = (type: EqlType) => STRINGS.has(type) || UNDECIDED.has(type)
export const isNumber = (type: EqlType) => isNumeric(type) || UNDECIDED.has(type)
export const isWhole = (type: EqlType) =>
  ['integer', 'long', 'short', 'byte', 'unsigned_long'].includes(type) || UNDECIDED.has(type)
export const isBoolean = (type: EqlType) => type === 'boolean' || UNDECIDED.has(type)
export const isSupported = (type: EqlType) => STRINGS.has(type) || OTHERS.has(type) || isNumber(type)

/** Whether values of two types can be compared at all. */
export function areCompatible(a: EqlType, b: EqlType): boolean {
  if (a === b || UNDECIDED.has(a) || UNDECIDED.has(b)) return true
  return (isString(a) && isString(b)) || (isNumber(a) && isNumber(b)) || (a.startsWith('date') && b.startsWith('date'))
}

const LARGEST_INTEGER = 2 ** 31 - 1
const GIVES = { boolean: 'boolean', integer: 'integer', number: 'double', text: 'keyword' }

/** The type of an expression; `unknown` where a field or function is. */
export function typeOf(expression: EqlExpression, schema: FieldSchema | undefined): EqlType {
  switch (expression.kind) {
    case 'literal': {
      const { value, decimal } = expression
      if (value === null) return 'null'
      if (typeof value === 'boolean') return 'boolean'
      if (typeof value === 'string') return 'keyword'
      return decimal ? 'double' : Math.abs(value) <= LARGEST_INTEGER ? 'integer' : 'long'
    }
    case 'field':
      return schema?.get(expression.name)?.type ?? (expression.optional && schema !== undefined ? 'null' : 'unknown')
    case 'call': {
      const row = FUNCTIONS[expression.name]
      return row === undefined ? 'unknown' : GIVES[row.gives]
    }
    case 'sign':
      return typeOf(expression.operand, schema)
    case 'binary':
      if (!'+-*/%'.includes(expression.operator)) return 'boolean'
      return wider(typeOf(expression.left, schema), typeOf(expression.right, schema))
    default:
      return 'boolean'
  }
}

function wider(a: EqlType, b: EqlType): EqlType {
  if (UNDECIDED.has(a) || UNDECIDED.has(b)) return 'unknown'
  if (!isWhole(a) || !isWhole(b)) return 'double'
  return a === 'long' || b === 'long' ? 'long' : 'integer'
}

/** Whether its value is known before any event. */
export function isConstant(expression: EqlExpression): boolean {
  return expression.kind !== 'field' && partsOf(expression).every(isConstant)
}
