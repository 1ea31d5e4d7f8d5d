/** Clauses in words: what a condition wants, and what an event has for it. */
import type { Expression, Field, Value } from '../predicate/expression.ts'
import { fieldsOf } from '../predicate/expression.ts'
import { reader } from '../predicate/field-reader.ts'

const LONGEST = 200

/** A value as people read it: texts in quotes, long ones cut. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value).replaceAll('\\\\', '\\') : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

const oneOf = (values: string[]) => (values.length === 1 ? values[0]! : values.join(' or '))

const literalOf = (expression: Expression): Value | undefined =>
  expression.kind === 'literal' ? expression.value : undefined

/** What a clause wants of its field, or null when its own text says it best. */
export function wantedBy(expression: Expression): string | null {
  switch (expression.kind) {
    case 'definite':
      return wantedBy(expression.operand)
    case 'not': {
      if (inner(expression).kind === 'missing') return 'a value'
      const wanted = wantedBy(expression.operand)
      return wanted === null ? null : `anything but ${wanted}`
    }
    case 'compare': {
      const value = literalOf(expression.right)
      if (expression.left.kind !== 'field' || value === undefined) return null
      if (expression.operator === '!=') return `anything but ${shown(value)}`
      return expression.operator === '==' ? shown(value) : `${expression.operator} ${shown(value)}`
    }
    case 'member': {
      const values = expression.items.map(literalOf)
      return values.includes(undefined) ? null : oneOf(values.map(shown))
    }
    case 'like':
      return oneOf(
        expression.patterns.map((pattern) => (expression.form === 'regex' ? `/${pattern}/` : shown(pattern))),
      )
    case 'missing':
      return 'no value'
    case 'call': {
      const phrase = CALLS[expression.name]
      const values = expression.arguments.slice(1).map(literalOf)
      return phrase === undefined || values.includes(undefined) ? null : `${phrase} ${oneOf(values.map(shown))}`
    }
    default:
      return null
  }
}

const CALLS: Record<string, string> = {
  startsWith: 'a text that starts with',
  endsWith: 'a text that ends with',
  stringContains: 'a text that contains',
  cidrMatch: 'an address in',
  hasAnyWord: 'a text with a word of',
  hasPhrase: 'a text with',
}

/** The condition inside negations and index answers. */
function inner(expression: Expression): Expression {
  return expression.kind === 'not' || expression.kind === 'definite' ? inner(expression.operand) : expression
}

/** What an event has for the fields of a clause; null when it has none of them. */
export function seenBy(expression: Expression): (source: unknown) => string | null {
  const fields = [...new Map(fieldsOf(expression).map((field) => [field.name, field])).values()]
  const readers = fields.map(seenField)
  return (source) => {
    const seen = readers.map((read) => read(source))
    if (seen.every((text) => text === null)) return null
    if (seen.length === 1) return seen[0]!
    return fields.map(({ name }, index) => `${name} ${seen[index] ?? 'missing'}`).join(', ')
  }
}

function seenField(field: Field): (source: unknown) => string | null {
  const read = reader(field.path)
  return (source) => {
    const found = read(source)
    if (found === undefined || found === null) return null
    return Array.isArray(found) ? found.map(shown).join(', ') : shown(found)
  }
}
