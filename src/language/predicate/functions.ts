/** The functions that queries call, as Elasticsearch's EQL defines them. A missing argument gives a missing value unless stated. */
import type { Scalar, Value } from './expression.ts'
import { network } from './ip.ts'
import { foldCase } from './wildcard.ts'

export interface FunctionRow {
  /** Fewest and most arguments. */
  arity: [number, number]
  /** What it gives, for checks of types. */
  gives: 'boolean' | 'integer' | 'number' | 'text'
  /** Types of its arguments, the last one repeated. */
  takes: ('text' | 'integer' | 'number' | 'boolean' | 'ip' | 'any')[]
  /** Arguments from this one on may be left out or null. */
  optionalFrom?: number
  /** Has a `~` form. */
  insensitive?: boolean
  /** Takes numbers and dates as they are written. */
  writes?: boolean
  evaluate: (values: Value[], ignoreCase: boolean) => Value
}

const fold = (text: Scalar, ignoreCase: boolean) => (ignoreCase ? foldCase(String(text)) : String(text))

/** A function of two texts. */
const textPair =
  (test: (text: string, part: string) => Value) =>
  ([text, part]: Value[], ignoreCase: boolean): Value =>
    test(fold(text!, ignoreCase), fold(part!, ignoreCase))

const calculate =
  (operation: (left: number, right: number) => number) =>
  ([left, right]: Value[]): Value => {
    const result = operation(Number(left), Number(right))
    return Number.isFinite(result) ? result : null
  }

export const divide = (left: number, right: number) => {
  if (right === 0) return Number.NaN
  return Number.isInteger(left) && Number.isInteger(right) ? Math.trunc(left / right) : left / right
}

export const FUNCTIONS: Record<string, FunctionRow> = {
  add: { arity: [2, 2], gives: 'number', takes: ['number'], evaluate: calculate((a, b) => a + b) },
  subtract: { arity: [2, 2], gives: 'number', takes: ['number'], evaluate: calculate((a, b) => a - b) },
  multiply: { arity: [2, 2], gives: 'number', takes: ['number'], evaluate: calculate((a, b) => a * b) },
  divide: { arity: [2, 2], gives: 'number', takes: ['number'], evaluate: calculate(divide) },
  modulo: { arity: [2, 2], gives: 'number', takes: ['number'], evaluate: calculate((a, b) => a % b) },
  length: { arity: [1, 1], gives: 'integer', takes: ['text'], evaluate: ([text]) => String(text).length },
  string: { arity: [1, 1], gives: 'text', takes: ['any'], writes: true, evaluate: ([value]) => String(value) },
  concat: {
    arity: [1, Number.POSITIVE_INFINITY],
    gives: 'text',
    takes: ['any'],
    writes: true,
    evaluate: (values) => values.map(String).join(''),
  },
  startsWith: {
    arity: [2, 2],
    gives: 'boolean',
    takes: ['text'],
    insensitive: true,
    evaluate: textPair((text, start) => text.startsWith(start)),
  },
  endsWith: {
    arity: [2, 2],
    gives: 'boolean',
    takes: ['text'],
    insensitive: true,
    evaluate: textPair((text, end) => text.endsWith(end)),
  },
  stringContains: {
    arity: [2, 2],
    gives: 'boolean',
    takes: ['text'],
    insensitive: true,
    evaluate: textPair((text, part) => text.includes(part)),
  },
  indexOf: {
    arity: [2, 3],
    gives: 'integer',
    takes: ['text', 'text', 'integer'],
    optionalFrom: 2,
    insensitive: true,
    evaluate: ([text, part, from], ignoreCase) => {
      const start = Math.max(0, Number(from ?? 0))
      const found = fold(text!, ignoreCase).indexOf(fold(part!, ignoreCase), start)
      return found === -1 || start > String(text).length ? null : found
    },
  },
  substring: {
    arity: [2, 3],
    gives: 'text',
    takes: ['text', 'integer', 'integer'],
    optionalFrom: 1,
    evaluate: ([text, start, end]) =>
      start === null ? text! : substring(String(text), Number(start), (end as number | null | undefined) ?? null),
  },
  between: {
    arity: [3, 4],
    gives: 'text',
    takes: ['text', 'text', 'text', 'boolean'],
    optionalFrom: 3,
    insensitive: true,
    evaluate: ([text, left, right, greedy], ignoreCase) =>
      between(String(text), String(left), String(right), greedy === true, ignoreCase),
  },
  number: {
    arity: [1, 2],
    gives: 'number',
    takes: ['text', 'integer'],
    optionalFrom: 1,
    evaluate: ([text, base]) => parseNumber(text!, base === undefined ? null : (base as number | null)),
  },
  cidrMatch: {
    arity: [2, Number.POSITIVE_INFINITY],
    gives: 'boolean',
    takes: ['ip', 'text'],
    evaluate: ([address, ...networks]) => networks.some((text) => network(String(text))?.(String(address)) === true),
  },
}

/** Negative positions count from the end. */
function substring(text: string, start: number, end: number | null): string {
  const from = start < 0 ? Math.max(0, start + text.length) : start
  const to = end === null ? text.length : end < 0 ? end + text.length : Math.min(end, text.length)
  return from >= to || from >= text.length ? '' : text.slice(from, to)
}

/** The text between the first `left` and the next (greedy: the last) `right`; empty when one of them is not there. An empty one is everywhere. */
function between(text: string, left: string, right: string, greedy: boolean, ignoreCase: boolean): string {
  const [haystack, open, close] = [fold(text, ignoreCase), fold(left, ignoreCase), fold(right, ignoreCase)]
  const at = haystack.indexOf(open)
  if (at === -1) return ''
  const from = at + open.length
  const to = greedy ? haystack.lastIndexOf(close) : haystack.indexOf(close, from)
  return to < from ? '' : text.slice(from, to)
}

/** A number written in decimal, or a whole one in another base (0x means 16); null when the text is none. */
function parseNumber(text: Scalar, base: number | null): number | null {
  const source = String(text)
  const isHex = /^0x/i.test(source)
  if ((base ?? 10) === 10 && !(isHex && base === null))
    return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(source) ? Number(source) : null
  const radix = base ?? 16
  const digits = isHex && radix === 16 ? source.slice(2) : source
  const value = Number.parseInt(digits, radix)
  return /^[-+]?[0-9a-z]+$/i.test(digits) && !Number.isNaN(value) && allDigitsOf(digits, radix) ? value : null
}

const allDigitsOf = (digits: string, radix: number) =>
  [...digits.replace(/^[-+]/, '')].every((digit) => Number.parseInt(digit, 36) < radix)
