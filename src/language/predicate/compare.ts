/** Order and equality of values. */

import type { Comparison, Scalar, Truth, Value } from './expression.ts'
import { foldCase } from './wildcard.ts'

/** Negative, zero or positive; null when the two cannot be compared. A number and a text that writes one can. */
export function order(left: Scalar, right: Scalar): number | null {
  if (typeof left === 'string' && typeof right === 'string') return left === right ? 0 : byCodePoint(left, right)
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right)
  if (typeof left === 'string' && typeof right === 'number') return orderOfNumbers(numberOf(left), right)
  if (typeof left === 'number' && typeof right === 'string') return orderOfNumbers(left, numberOf(right))
  return String(left) === String(right) ? 0 : null
}

const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

const orderOfNumbers = (left: number, right: number) => {
  const difference = left - right
  return Number.isNaN(difference) ? null : difference
}

/** UTF-16 order is not that of the characters: surrogates sort below U+E000–U+FFFF. Lucene compares UTF-8. */
function byCodePoint(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a === b) continue
    const aIsPair = a >= 0xd800 && a <= 0xdfff
    const bIsPair = b >= 0xd800 && b <= 0xdfff
    return aIsPair === bIsPair ? a - b : aIsPair ? 1 : -1
  }
  return left.length - right.length
}

const HOLDS: Record<Comparison, (order: number) => boolean> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** A comparison of two values; null when one is missing. Values that cannot be compared are unequal. */
export function comparison(operator: Comparison, ignoreCase = false): (left: Value, right: Value) => Truth {
  const holds = HOLDS[operator]
  return (left, right) => {
    if (left === null || right === null) return null
    const fold = ignoreCase && typeof left === 'string' && typeof right === 'string'
    const found = fold ? order(foldCase(left), foldCase(right as string)) : order(left, right)
    return found === null ? operator === '!=' : holds(found)
  }
}
