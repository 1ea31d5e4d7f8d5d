/** A naive evaluator: the same logic as the real one, written for reading only, for fields that have at most one value. */
import type { Comparison, Expression, Value } from '../../../src/language/predicate/expression.ts'

const HOLDS: Record<Comparison, (a: never, b: never) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

export function evaluate(expression: Expression, fields: Record<string, Value>): Value {
  const of = (part: Expression) => evaluate(part, fields)
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'field':
      return fields[expression.name] ?? null
    case 'and': {
      const values = expression.operands.map(of)
      return values.includes(false) ? false : values.includes(null) ? null : true
    }
    case 'or': {
      const values = expression.operands.map(of)
      return values.includes(true) ? true : values.includes(null) ? null : false
    }
    case 'not': {
      const value = of(expression.operand)
      return value === null ? null : !value
    }
    case 'definite':
      return of(expression.operand) === true
    case 'missing':
      return of(expression.value) === null
    case 'compare': {
      const [left, right] = [of(expression.left), of(expression.right)]
      return left === null || right === null ? null : HOLDS[expression.operator](left as never, right as never)
    }
    case 'member': {
      const value = of(expression.value)
      const items = expression.items.map(of)
      if (value === null) return null
      return items.includes(value) ? true : items.includes(null) ? null : false
    }
    default:
      throw new Error(`the reference knows no ${expression.kind}`)
  }
}
