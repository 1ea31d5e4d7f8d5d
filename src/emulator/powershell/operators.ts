/** Operators with two operands, as tables. */

import { convert, toNumber } from './conversions.ts'
import { failure, Unknown } from './errors.ts'
import { formatValue } from './objects/format-operator.ts'
import {
  DateTime,
  Hashtable,
  NetObject,
  TimeSpan,
  TypeLiteral,
  toBoolean,
  toText,
  typeNameOf,
  type Value,
} from './values.ts'
import { wildcard } from './wildcard.ts'

type Operation = (left: Value, right: Value, context: OperatorContext) => Value

/** Matches of the last `-match`. */
export interface OperatorContext {
  setMatches(matches: Hashtable): void
  offsetMinutes: number
}

/** A comparison of single values; a list on the left is filtered by it. */
const filtering =
  (holds: (left: Value, right: Value, context: OperatorContext) => boolean): Operation =>
  (left, right, context) =>
    Array.isArray(left) ? left.filter((item) => holds(item, right, context)) : holds(left, right, context)

/** -1, 0 or 1; the right side becomes what the left side is. */
export function compare(left: Value, right: Value, caseSensitive = false): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1
  if (left instanceof DateTime)
    return Math.sign(left.ms - (convert('datetime', right, left.offsetMinutes) as DateTime).ms)
  if (left instanceof TimeSpan && right instanceof TimeSpan) return Math.sign(left.ms - right.ms)
  if (typeof left === 'number') return Math.sign(left - toNumber(right))
  if (typeof left === 'boolean') return Number(left) - Number(toBoolean(right))
  const [a, b] = [toText(left), toText(right)]
  if (caseSensitive) return a < b ? -1 : a > b ? 1 : 0
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : 0
}

export function equal(left: Value, right: Value, caseSensitive = false): boolean {
  if (left === null || right === null) return left === right
  if (
    typeof left === 'object' &&
    !(left instanceof DateTime) &&
    !(left instanceof TimeSpan) &&
    !(left instanceof TypeLiteral)
  ) {
    return left === right
  }
  try {
    return compare(left, right, caseSensitive) === 0
  } catch {
    // What cannot become the left side's type is not equal to it.
    return false
  }
}

const contains = (list: Value, item: Value, caseSensitive: boolean): boolean =>
  (Array.isArray(list) ? list : [list]).some((one) => equal(one, item, caseSensitive))

function matches(left: Value, right: Value, caseSensitive: boolean, context: OperatorContext): boolean {
  const found = new RegExp(toText(right), caseSensitive ? 'u' : 'iu').exec(toText(left))
  if (found === null) return false
  const table = new Hashtable()
  found.forEach((group, index) => {
    if (group !== undefined) table.set(index, group)
  })
  for (const [name, group] of Object.entries(found.groups ?? {})) if (group !== undefined) table.set(name, group)
  context.setMatches(table)
  return true
}

function add(left: Value, right: Value): Value {
  if (Array.isArray(left)) return [...left, ...(Array.isArray(right) ? right : [right])]
  if (left === null) return right
  if (left instanceof Hashtable && right instanceof Hashtable) {
    const sum = new Hashtable()
    for (const { key, value } of [...left.entries(), ...right.entries()]) sum.set(key, value)
    return sum
  }
  if (typeof left === 'string') return left + toText(right)
  if (left instanceof DateTime && right instanceof TimeSpan) return left.with(left.ms + right.ms)
  if (left instanceof TimeSpan && right instanceof TimeSpan) return new TimeSpan(left.ms + right.ms)
  return toNumber(left) + toNumber(right)
}

function subtract(left: Value, right: Value): Value {
  if (left instanceof DateTime && right instanceof DateTime) return new TimeSpan(left.ms - right.ms)
  if (left instanceof DateTime && right instanceof TimeSpan) return left.with(left.ms - right.ms)
  if (left instanceof TimeSpan && right instanceof TimeSpan) return new TimeSpan(left.ms - right.ms)
  return toNumber(left) - toNumber(right)
}

function multiply(left: Value, right: Value): Value {
  if (typeof left === 'string') return left.repeat(Math.max(0, toNumber(right)))
  if (Array.isArray(left)) return Array.from({ length: Math.max(0, toNumber(right)) }, () => left).flat()
  return toNumber(left) * toNumber(right)
}

function divide(left: Value, right: Value): Value {
  if (toNumber(right) === 0) {
    throw failure({
      message: 'Attempted to divide by zero.',
      type: 'System.DivideByZeroException',
      id: 'RuntimeException',
      hresult: -2147352558,
    })
  }
  return toNumber(left) / toNumber(right)
}

const LARGEST_RANGE = 1_000_000

function range(left: Value, right: Value): Value {
  const [from, to] = [toNumber(left), toNumber(right)]
  const length = Math.abs(to - from) + 1
  if (length > LARGEST_RANGE) throw new Unknown(`a range of more than ${LARGEST_RANGE} numbers`)
  return Array.from({ length }, (_, index) => (from <= to ? from + index : from - index))
}

function isOf(left: Value, right: Value): boolean {
  const wanted = (right instanceof TypeLiteral ? right.name : toText(right).replace(/^\[|\]$/g, '')).toLowerCase()
  const name = typeNameOf(left)
    .replace(/^System\./, '')
    .toLowerCase()
  const aliases: Record<string, string[]> = {
    int: ['int32'],
    long: ['int64'],
    bool: ['boolean'],
    array: ['object[]', 'byte[]'],
    pscustomobject: ['management.automation.pscustomobject'],
    psobject: ['management.automation.pscustomobject'],
    hashtable: ['collections.hashtable'],
    scriptblock: ['management.automation.scriptblock'],
    regex: ['text.regularexpressions.regex'],
    exception: [],
  }
  if (wanted === 'object') return left !== null
  if (wanted === 'exception') return left instanceof NetObject && /exception$/.test(name)
  return name === wanted || (aliases[wanted]?.includes(name) ?? false)
}

function replace(left: Value, right: Value, caseSensitive: boolean): Value {
  const [pattern, substitute] = Array.isArray(right) ? [right[0] ?? '', right[1] ?? ''] : [right, '']
  const expression = new RegExp(toText(pattern), caseSensitive ? 'gu' : 'giu')
  const text = toText(substitute)
    .replace(/\$(?![\d<&$`'{])/g, '$$$$')
    .replace(/\$\{(\w+)\}/g, '$<$1>')
    .replace(/\$0/g, '$&')
  const one = (value: Value) => toText(value).replace(expression, text)
  return Array.isArray(left) ? left.map(one) : one(left)
}

export function split(left: Value, right: Value, caseSensitive = false): Value {
  const [pattern, limit] = Array.isArray(right) ? [right[0] ?? '', toNumber(right[1] ?? 0)] : [right, 0]
  const expression = new RegExp(toText(pattern), caseSensitive ? 'gu' : 'giu')
  return (Array.isArray(left) ? left : [left]).flatMap((value) => {
    const text = toText(value)
    if (limit <= 0) return text.split(expression)
    const parts: string[] = []
    let from = 0
    for (const found of text.matchAll(expression)) {
      if (parts.length === limit - 1) break
      parts.push(text.slice(from, found.index))
      from = found.index + found[0].length
    }
    return [...parts, text.slice(from)]
  })
}

/** Comparisons that exist in three spellings: `-eq`, `-ieq` and, with case, `-ceq`. */
function comparisons(caseSensitive: boolean): Record<string, Operation> {
  const by = (holds: (order: number) => boolean) => filtering((a, b) => holds(compare(a, b, caseSensitive)))
  const like = (a: Value, b: Value) => wildcard(toText(b), caseSensitive).test(toText(a))
  return {
    eq: filtering((a, b) => equal(a, b, caseSensitive)),
    ne: filtering((a, b) => !equal(a, b, caseSensitive)),
    gt: by((order) => order > 0),
    ge: by((order) => order >= 0),
    lt: by((order) => order < 0),
    le: by((order) => order <= 0),
    like: filtering(like),
    notlike: filtering((a, b) => !like(a, b)),
    match: filtering((a, b, context) => matches(a, b, caseSensitive, context)),
    notmatch: filtering((a, b, context) => !matches(a, b, caseSensitive, context)),
    contains: (a, b) => contains(a, b, caseSensitive),
    notcontains: (a, b) => !contains(a, b, caseSensitive),
    in: (a, b) => contains(b, a, caseSensitive),
    notin: (a, b) => !contains(b, a, caseSensitive),
    replace: (a, b) => replace(a, b, caseSensitive),
    split: (a, b) => split(a, b, caseSensitive),
  }
}

const spelled = (prefix: string, operations: Record<string, Operation>): [string, Operation][] =>
  Object.entries(operations).map(([name, operation]) => [`-${prefix}${name}`, operation])

const OPERATIONS = new Map<string, Operation>([
  ...spelled('', comparisons(false)),
  ...spelled('i', comparisons(false)),
  ...spelled('c', comparisons(true)),
  ['+', add],
  ['-', subtract],
  ['\u2013', subtract],
  ['*', multiply],
  ['/', divide],
  ['%', (a, b) => toNumber(a) % toNumber(b)],
  ['..', range],
  ['-f', (a, b) => formatValue(toText(a), Array.isArray(b) ? b : [b])],
  ['-join', (a, b) => (Array.isArray(a) ? a : [a]).map(toText).join(toText(b))],
  ['-is', isOf],
  ['-isnot', (a, b) => !isOf(a, b)],
  [
    '-as',
    (a, b, { offsetMinutes }) => {
      try {
        return convert(b instanceof TypeLiteral ? b.name : toText(b), a, offsetMinutes)
      } catch {
        return null
      }
    },
  ],
  ['-band', (a, b) => toNumber(a) & toNumber(b)],
  ['-bor', (a, b) => toNumber(a) | toNumber(b)],
  ['-bxor', (a, b) => toNumber(a) ^ toNumber(b)],
  ['-shl', (a, b) => toNumber(a) << toNumber(b)],
  ['-shr', (a, b) => toNumber(a) >> toNumber(b)],
  ['-xor', (a, b) => toBoolean(a) !== toBoolean(b)],
])

export function operate(operator: string, left: Value, right: Value, context: OperatorContext): Value {
  const operation = OPERATIONS.get(operator)
  if (operation === undefined) throw new Unknown(`the operator ${operator}`)
  return operation(left, right, context)
}
