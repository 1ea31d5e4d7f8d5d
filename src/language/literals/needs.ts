/** What a stage of a plan needs of the raw record of an event, as far as its condition says it. */
import { allNeeds, anyNeeds, IMPOSSIBLE, type Needs, NOTHING, type OriginsOf } from '../../model/needs.ts'
import type { Stage } from '../plan.ts'
import { condition } from '../predicate/evaluate.ts'
import { type Expression, fieldsOf } from '../predicate/expression.ts'
import { categoryCondition } from '../sequence/stage-test.ts'
import { leafNeeds } from './leaf.ts'

/** Whatever the stage matches has them: where nothing certain can be said, they are nothing. */
export function needsOf(stage: Stage, originsOf: OriginsOf): Needs {
  const category = categoryCondition(stage)
  const ofCategory = category === null ? NOTHING : needs(category, true, originsOf)
  // Most stages end here for most kinds of events.
  return ofCategory === IMPOSSIBLE ? IMPOSSIBLE : allNeeds([ofCategory, needs(stage.condition, true, originsOf)])
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
  const document: Record<string, unknown> = {}
  for (const { path } of fieldsOf(expression)) {
    const origins = originsOf(path)
    if (origins === null) return undefined
    for (const origin of origins) {
      if (origin.kind !== 'constant' || origins.length > 1) return undefined
      document[path] = origin.values
    }
  }
  return condition(expression)(document)
}
