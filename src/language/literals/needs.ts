/** What a stage of a plan needs of the raw record of an event, as far as its condition says it. */
import { allNeeds, anyNeeds, IMPOSSIBLE, type Needs, NOTHING, type OriginsOf } from '../../model/needs.ts'
import type { Stage } from '../plan.ts'
import { type Condition, condition } from '../predicate/evaluate.ts'
import { type Expression, fieldsOf } from '../predicate/expression.ts'
import { leafNeeds } from './leaf.ts'

/** Whatever the stage matches has them: where nothing certain can be said, they are nothing. */
export function needsOf(stage: Stage, originsOf: OriginsOf): Needs {
  // Most stages end here for most kinds of events.
  return isOfCategory(stage, originsOf) ? needs(stage.condition, true, originsOf) : IMPOSSIBLE
}

/** False when no event of the kind is of the stage's category. */
function isOfCategory({ category, categoryField }: Stage, originsOf: OriginsOf): boolean {
  const origins = category === null ? null : originsOf(categoryField.path)
  if (origins === null) return true
  return origins.some((origin) => origin.kind !== 'constant' || origin.values.includes(category!))
}

/** What a record needs so that an expression is true of its event, or false. */
function needs(expression: Expression, truth: boolean, originsOf: OriginsOf): Needs {
  const known = constantOf(expression, originsOf)
  if (known !== undefined) return known === truth ? NOTHING : IMPOSSIBLE
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const operands = expression.operands.map((operand) => needs(operand, truth, originsOf))
      return (expression.kind === 'and') === truth ? allNeeds(operands) : anyNeeds(operands)
    }
    case 'not':
      return needs(expression.operand, !truth, originsOf)
    case 'definite':
      // False is also what its operand does not decide.
      return truth ? needs(expression.operand, true, originsOf) : NOTHING
    default:
      return leafNeeds(expression, truth, originsOf)
  }
}

/** What an expression is of every event of the kind, when all that it reads is constant; undefined when not. */
function constantOf(expression: Expression, originsOf: OriginsOf): boolean | null | undefined {
  const known = knownOf(expression)
  const document: Record<string, unknown> = {}
  for (const path of known.paths) {
    const origins = originsOf(path)
    if (origins === null) return undefined
    for (const origin of origins) {
      if (origin.kind !== 'constant' || origins.length > 1) return undefined
      document[path] = origin.values
    }
  }
  known.test ??= condition(expression)
  return known.test(document)
}

/** What is asked of an expression for every kind of event. */
interface Known {
  paths: string[]
  test?: Condition
}

const KNOWN = new WeakMap<Expression, Known>()

function knownOf(expression: Expression): Known {
  let known = KNOWN.get(expression)
  if (known === undefined) {
    known = { paths: [...new Set(fieldsOf(expression).map(({ path }) => path))] }
    KNOWN.set(expression, known)
  }
  return known
}
