/** Comparisons by the type of the field that takes part: addresses, versions and dates are not compared by their spelling. */
import type { Compare, Comparison, Expression, Field, Value } from './expression.ts'
import { isDate, orderedBy, periodOf, valueReader } from './field-types.ts'

/** Gives a value of what is bound at the moment. */
export type Evaluate = () => Value

/** Both sides as the type of the field that one of them is: `"10.0.0.1"` beside an `ip` field is an address. */
export function typed(left: Expression, right: Expression): [Expression, Expression] {
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
export function periodIn({ left, right }: Compare): { from: number; to: number } | null {
  if (left.kind !== 'field' || !isDate(left.type)) return null
  return right.kind === 'literal' && typeof right.value === 'string' ? periodOf(right.value) : null
}

/** Dates are compared with the whole time that is named: a later date comes after its end, an earlier before its start. */
export function duringPeriod(
  value: Evaluate,
  operator: Comparison,
  { from, to }: { from: number; to: number },
): Evaluate {
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
export function ordered(sides: readonly Expression[]): (evaluate: Evaluate) => Evaluate {
  const key = sides.map((side) => (side.kind === 'field' ? orderedBy(side.type) : undefined)).find(Boolean)
  if (key === undefined) return (evaluate) => evaluate
  return (evaluate) => () => {
    const value = evaluate()
    return typeof value === 'string' ? key(value) : value
  }
}
