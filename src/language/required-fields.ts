/** What an event must have before a query can match it: more than its kind, less than its logic. */
import { valuesOf } from '../model/event.ts'
import { type Categories, categoriesOf, isOfAny } from './categories.ts'
import { type Plan, type Stage, stagesOf } from './plan.ts'
import type { Expression, Field } from './predicate/expression.ts'
import { FUNCTIONS } from './predicate/functions.ts'

/** One event that a query looks for. */
export interface Requirement {
  /** `event.category` values, any of which it has; null for any event. */
  categories: Categories
  /** Paths that have a value in every event that matches, without repeats; there may be more. */
  fields: string[]
}

/** The requirements of the events that a plan looks for, without repeats; those that it must not find have none. */
export function requirementsOf(plan: Plan): Requirement[] {
  const found = stagesOf(plan)
    .filter(({ missing }) => !missing)
    .map((stage) => ({ categories: categoriesOf(stage), fields: requiredFields(stage) }))
  return [...new Map(found.map((requirement) => [JSON.stringify(requirement), requirement])).values()]
}

/** Whether a document could be what is looked for, as far as its categories and the presence of fields say. */
export function meets(source: unknown, { categories, fields }: Requirement): boolean {
  if (!isOfAny(categories, valuesOf(source, 'event.category'))) return false
  return fields.every((field) => valuesOf(source, field).length > 0)
}

function requiredFields({ condition, category, categoryField, keys }: Stage): string[] {
  const joined = keys.filter(({ optional }) => !optional).flatMap(({ field }) => fieldItself(field))
  const ofKind = category === null ? [] : fieldItself(categoryField)
  return [...new Set([...ofKind, ...(whenDecided(condition, true) ?? []), ...joined])]
}

/** Paths that must have a value; null for what never comes to pass. */
type Needed = readonly string[] | null

const NOTHING: Needed = []

const union = (parts: Needed[]): Needed => (parts.includes(null) ? null : [...new Set(parts.flatMap((part) => part!))])

/** What every way needs that can come to pass. */
function common(parts: Needed[]): Needed {
  const possible = parts.filter((part) => part !== null)
  const [first, ...rest] = possible
  return first === undefined ? null : first.filter((path) => rest.every((part) => part.includes(path)))
}

/** A null value may stand for a value, and of a pattern of names nobody knows which: both need nothing. */
const fieldItself = ({ path, nullValue }: Field): string[] =>
  nullValue !== undefined || path.includes('*') ? [] : [path]

/** What a condition needs to be true, or to be false. */
function whenDecided(expression: Expression, truth: boolean): Needed {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'boolean' && expression.value !== truth ? null : NOTHING
    case 'and':
    case 'or': {
      const parts = expression.operands.map((operand) => whenDecided(operand, truth))
      return (expression.kind === 'and') === truth ? union(parts) : common(parts)
    }
    case 'not':
      return whenDecided(expression.operand, !truth)
    case 'definite':
      return truth ? whenDecided(expression.operand, true) : NOTHING
    case 'missing':
      return truth ? NOTHING : whenThere(expression.value)
    case 'member': {
      const items = expression.items.map(whenThere)
      return union([whenThere(expression.value), truth ? common(items) : union(items)])
    }
    default:
      return whenThere(expression)
  }
}

/** What an expression needs to have a value at all. */
function whenThere(expression: Expression): Needed {
  switch (expression.kind) {
    case 'literal':
      return expression.value === null ? null : NOTHING
    case 'field':
      return fieldItself(expression)
    case 'definite':
    case 'missing':
      return NOTHING
    case 'and':
    case 'or':
    case 'not':
    case 'member':
      return common([whenDecided(expression, true), whenDecided(expression, false)])
    case 'compare':
    case 'calculation':
      return union([whenThere(expression.left), whenThere(expression.right)])
    case 'like':
      return whenThere(expression.value)
    case 'call': {
      const { optionalFrom } = FUNCTIONS[expression.name] ?? {}
      return union(expression.arguments.slice(0, optionalFrom).map(whenThere))
    }
  }
}
