/** A naive evaluator: the same meaning as the real one, written for reading only. */
import type { Comparison, Expression, Field, Scalar, Truth, Value } from '../../../src/language/predicate/expression.ts'

/** The truth of a condition over a document. A test holds when it holds for any choice of its fields' values. */
export function evaluate(expression: Expression, document: unknown): Truth {
  const of = (operand: Expression) => evaluate(operand, document)
  switch (expression.kind) {
    case 'and':
      return all(expression.operands.map(of))
    case 'or':
      return any(expression.operands.map(of))
    case 'not':
      return not(of(expression.operand))
    case 'definite':
      return of(expression.operand) === true
    default:
      return any(
        choices(fieldsIn(expression), document).map((chosen) => {
          const value = valueIn(expression, chosen)
          return typeof value === 'boolean' ? value : null
        }),
      )
  }
}

const all = (truths: Value[]): Truth => (truths.includes(false) ? false : truths.includes(null) ? null : true)
const any = (truths: Value[]): Truth => (truths.includes(true) ? true : truths.includes(null) ? null : false)
const not = (truth: Value): Truth => (truth === null ? null : !truth)

type Chosen = Map<Field, Value>

/** Every way to choose a value for each place where a field is named. */
function choices([field, ...rest]: Field[], document: unknown): Chosen[] {
  if (field === undefined) return [new Map()]
  const values = read(field.path.split('.'), document).map((value) => value ?? field.nullValue ?? null)
  const there = values.filter((value) => value !== null)
  const others = choices(rest, document)
  return (there.length === 0 ? [null] : there).flatMap((value) =>
    others.map((chosen) => new Map([...chosen, [field, value]])),
  )
}

function read(path: string[], value: unknown): Value[] {
  if (Array.isArray(value)) return value.flatMap((item) => read(path, item))
  const [name, ...rest] = path
  if (name === undefined) return [value as Value]
  const inner = (value as Record<string, unknown> | undefined)?.[name]
  return inner === undefined ? [] : read(rest, inner)
}

function fieldsIn(expression: Expression): Field[] {
  const found: Field[] = []
  JSON.stringify(expression, (_, part) => {
    if (part?.kind === 'field') found.push(part)
    return part
  })
  return found
}

function valueIn(expression: Expression, chosen: Chosen): Value {
  const of = (part: Expression) => valueIn(part, chosen)
  const fold = (value: Value) => ('ignoreCase' in expression && expression.ignoreCase ? lower(value) : value)
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'field':
      return chosen.get(expression) ?? null
    case 'and':
      return all(expression.operands.map(of))
    case 'or':
      return any(expression.operands.map(of))
    case 'not':
      return not(of(expression.operand))
    case 'definite':
      return of(expression.operand) === true
    case 'missing':
      return of(expression.value) === null
    case 'compare': {
      const [left, right] = [fold(of(expression.left)), fold(of(expression.right))]
      return left === null || right === null ? null : HOLDS[expression.operator](left as never, right as never)
    }
    case 'member': {
      const value = fold(of(expression.value))
      const items = expression.items.map(of).map(fold)
      return any(items.map((item) => (value === null || item === null ? null : value === item)))
    }
    case 'like': {
      const value = of(expression.value)
      if (value === null) return null
      const source = (pattern: string) =>
        expression.form === 'regex' ? pattern : pattern.replaceAll('*', '.*').replaceAll('?', '.')
      const flags = expression.ignoreCase ? 'isu' : 'su'
      return expression.patterns.some((pattern) => new RegExp(`^(?:${source(pattern)})$`, flags).test(String(value)))
    }
    case 'calculation': {
      const [left, right] = [of(expression.left), of(expression.right)]
      if (left === null || right === null) return null
      const result = CALCULATES[expression.operator](Number(left), Number(right))
      return Number.isFinite(result) ? result : null
    }
    case 'call': {
      const given = expression.arguments.map(of)
      const needed = given.slice(0, NEEDED[expression.name])
      if (needed.includes(null)) return null
      const folded = expression.ignoreCase ? given.map(lower) : given
      return CALLS[expression.name]!(folded, given)
    }
  }
}

const lower = (value: Value) => (typeof value === 'string' ? value.toLowerCase() : value)

const HOLDS: Record<Comparison, (a: never, b: never) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

const CALCULATES = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => Math.trunc(a / b),
  '%': (a: number, b: number) => a % b,
}

/** How many arguments must be there, where it is not all. */
const NEEDED: Record<string, number> = { indexOf: 2, substring: 1 }

/** Takes the arguments folded where case does not count, and as they are. */
const CALLS: Record<string, (folded: Value[], given: Value[]) => Value> = {
  length: (_, [text]) => String(text).length,
  concat: (_, given) => given.join(''),
  string: (_, [value]) => String(value),
  number: (_, [text]) => (/^-?\d+$/.test(String(text)) ? Number(text) : null),
  startsWith: ([text, part]) => String(text).startsWith(String(part)),
  endsWith: ([text, part]) => String(text).endsWith(String(part)),
  stringContains: ([text, part]) => String(text).includes(String(part)),
  indexOf: ([text, part, from]) => {
    const start = Math.max(0, Number(from ?? 0))
    const found = start > String(text).length ? -1 : String(text).indexOf(String(part), start)
    return found === -1 ? null : found
  },
  substring: (_, [text, from, to]) => {
    const whole = String(text)
    const fromEnd = (at: Scalar) => (Number(at) < 0 ? Number(at) + whole.length : Number(at))
    if (from === null) return whole
    const [start, end] = [fromEnd(from!), to === null || to === undefined ? whole.length : fromEnd(to)]
    return [...whole].filter((_, at) => at >= start && at < end).join('')
  },
}
