/** The documents that a query can match at all, by the values that its conditions name: no other document is looked at. */
import { type Plan, type Stage, stagesOf } from '../../../language/plan.ts'
import type { Expression, Field } from '../../../language/predicate/expression.ts'
import { anyOf, type Candidates, candidatesOf, shortest } from '../query/matcher.ts'
import type { Column } from '../store/column.ts'
import type { StoredIndex } from '../store/stored-index.ts'

/** Of the documents from a number on; null when any of them may match. */
export function planCandidates(plan: Plan, index: StoredIndex, from = 0): Candidates | null {
  const stages = [...stagesOf(plan)]
  if (plan.shape === 'sequence' && plan.until !== null) stages.push(plan.until)
  return anyOf(stages.map((stage) => stageCandidates(stage, index, from)))
}

function stageCandidates(
  { category, categoryField, condition }: Stage,
  index: StoredIndex,
  from: number,
): Candidates | null {
  const ofCategory = category === null ? null : having(categoryField, [category], index, from)
  return shortest([ofCategory, conditionCandidates(condition, index, from)])
}

function conditionCandidates(condition: Expression, index: StoredIndex, from: number): Candidates | null {
  switch (condition.kind) {
    case 'definite':
      return conditionCandidates(condition.operand, index, from)
    case 'and':
      return shortest(condition.operands.map((operand) => conditionCandidates(operand, index, from)))
    case 'or':
      return anyOf(condition.operands.map((operand) => conditionCandidates(operand, index, from)))
    case 'compare': {
      const { operator, left, right, ignoreCase } = condition
      if (operator !== '==' || ignoreCase || left.kind !== 'field' || right.kind !== 'literal') return null
      return having(left, [right.value], index, from)
    }
    case 'member': {
      const { value, items, ignoreCase } = condition
      if (ignoreCase || value.kind !== 'field') return null
      return having(
        value,
        items.map((item) => (item.kind === 'literal' ? item.value : null)),
        index,
        from,
      )
    }
    default:
      return null
  }
}

/** Documents of which a field has one of the values; null where no column tells. */
function having({ name }: Field, values: readonly unknown[], index: StoredIndex, from: number): Candidates | null {
  const column = exactColumn(name, index)
  if (column === undefined) return null
  const { normalizer, ignore_above: longest } = column.field.parameters
  if (normalizer !== undefined) return null
  const lists = values.map((value) => {
    // What is longer than the column keeps may still stand in a document.
    const isKept = typeof value === 'string' && (typeof longest !== 'number' || value.length <= longest)
    return isKept ? candidatesOf(column.having(value, from)) : null
  })
  return anyOf(lists)
}

/** The column with the whole values of a field of text. */
function exactColumn(name: string, index: StoredIndex): Column | undefined {
  const column = index.column(name)
  if (column?.field.typeName !== 'text') return column?.field.typeName === 'keyword' ? column : undefined
  const exact = [...column.field.fields.values()].find(({ typeName }) => typeName === 'keyword')
  return exact === undefined ? undefined : index.column(exact.path)
}
