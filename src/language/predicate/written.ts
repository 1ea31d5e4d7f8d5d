/** Numbers and dates as texts, as Elasticsearch's scripts write them, which are Java's. */
import { isDecimal } from './calculation.ts'
import type { Expression, Value } from './expression.ts'
import { isDate } from './field-types.ts'

/** What gives the value of an expression → what gives it as it is written; texts and whole numbers stay as they are. */
export function written(expression: Expression, evaluate: () => Value): () => Value {
  const write = isDecimal(expression)
    ? decimalText
    : expression.kind === 'field' && isDate(expression.type)
      ? timeText
      : null
  if (write === null) return evaluate
  return () => {
    const value = evaluate()
    return typeof value === 'number' ? write(value) : value
  }
}

/** `2.0`, `0.5`, and from ten millions up and a thousandth down `1.0E7`. */
function decimalText(value: number): string {
  const size = Math.abs(value)
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits = '', power] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(power)}`
}

/** Without seconds and fractions that are zero. */
function timeText(ms: number): string {
  const text = new Date(ms).toISOString().replace(/\.000Z$/, 'Z')
  return text.replace(/:00Z$/, 'Z')
}
