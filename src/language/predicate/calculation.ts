/** Arithmetic: whole numbers stay whole, also when they are divided. */
import type { Calculation, Expression, Value } from './expression.ts'
import { divide } from './functions.ts'

const OPERATIONS: Record<Calculation['operator'], (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': divide,
  '%': (left, right) => left % right,
}

/** The result of a calculation whose sides are compiled already; null when it is no number. */
export function calculation(expression: Calculation, left: () => Value, right: () => Value): () => Value {
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
export function isDecimal(expression: Expression): boolean {
  if (expression.kind === 'literal') return expression.float === true
  if (expression.kind === 'field') return DECIMAL_TYPES.has(expression.type)
  if (expression.kind === 'calculation') return isDecimal(expression.left) || isDecimal(expression.right)
  return expression.kind === 'call' && expression.arguments.some(isDecimal)
}
