/** Expressions whose fields have one value each at a time → closures over those values. */
import { calculation } from './calculation.ts'
import { comparison } from './compare.ts'
import type { Expression, Field, Truth, Value } from './expression.ts'
import { FUNCTIONS, type FunctionRow } from './functions.ts'
import { anyPattern } from './patterns.ts'
import { duringPeriod, type Evaluate, ordered, periodIn, typed } from './typed-compare.ts'
import { hasAnyWord, hasPhrase } from './word-functions.ts'
import { written } from './written.ts'

/** The values that a leaf's fields have at the moment. */
export interface Slots {
  /** By the places that name them. */
  places: ReadonlyMap<Field, number>
  values: Value[]
}

export const negate = (truth: Truth): Truth => (truth === null ? null : !truth)

/** Compiles an expression whose fields have one value each, bound in `slots`. */
export function compile(expression: Expression, slots: Slots): Evaluate {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'field': {
      const index = slots.places.get(expression)!
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
      const [a, b] = [compile(left, slots), compile(right, slots)].map(ordered([left, right])) as [Evaluate, Evaluate]
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
      const key = ordered([expression.value, ...expression.items])
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
      return calculation(expression, compile(expression.left, slots), compile(expression.right, slots))
    case 'call': {
      const row = EVALUABLE[expression.name]!
      const asText = row.writes === true ? written : (_: Expression, evaluate: Evaluate) => evaluate
      const values = expression.arguments.map((argument) => asText(argument, compile(argument, slots)))
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
const EVALUABLE: Record<string, Pick<FunctionRow, 'evaluate' | 'optionalFrom' | 'writes'>> = {
  ...FUNCTIONS,
  hasAnyWord: { evaluate: hasAnyWord },
  hasPhrase: { evaluate: hasPhrase },
}
