/** Which values of `event.category` events need so that a condition can hold, whether a query names them before its condition or in it. */
import { type Plan, type Stage, stagesOf } from './plan.ts'
import type { Expression } from './predicate/expression.ts'

/** Values of which an event has one; null for any event. */
export type Categories = readonly string[] | null

/** The categories of the events that a stage finds. */
export const categoriesOf = ({ category, categoryField, condition }: Stage): Categories =>
  category === null ? needed(condition, categoryField.path) : [category]

/** The categories of the events that take part in what a plan finds: also those that it must not find, and that end a sequence. */
export function categoriesRead(plan: Plan): Categories {
  const until = plan.shape === 'sequence' && plan.until !== null ? [plan.until] : []
  return anyOf([...stagesOf(plan), ...until].map(categoriesOf))
}

/** Whether an event with the categories `found` has one of those wanted. */
export const isOfAny = (wanted: Categories, found: readonly unknown[]): boolean =>
  wanted === null || wanted.some((category) => found.includes(category))

/** What has one of several categories. */
export function anyOf(parts: readonly Categories[]): Categories {
  return parts.includes(null) ? null : [...new Set(parts.flatMap((part) => part!))]
}

/** A document may have several categories at once: of two that must hold either is enough to look for. */
function fewest(parts: readonly Categories[]): Categories {
  const known = parts.filter((part) => part !== null)
  return known.reduce<Categories>((best, part) => (best !== null && best.length <= part.length ? best : part), null)
}

function needed(expression: Expression, path: string): Categories {
  switch (expression.kind) {
    case 'and':
      return fewest(expression.operands.map((operand) => needed(operand, path)))
    case 'or':
      return anyOf(expression.operands.map((operand) => needed(operand, path)))
    case 'definite':
      return needed(expression.operand, path)
    case 'compare':
      return expression.operator === '==' ? among(expression.left, [expression.right], expression, path) : null
    case 'member':
      return among(expression.value, expression.items, expression, path)
    default:
      return null
  }
}

function among(
  value: Expression,
  items: readonly Expression[],
  { ignoreCase }: { ignoreCase?: boolean },
  path: string,
): Categories {
  if (ignoreCase || value.kind !== 'field' || value.path !== path) return null
  const texts = items.map((item) => (item.kind === 'literal' && typeof item.value === 'string' ? item.value : null))
  return texts.includes(null) ? null : (texts as string[])
}
