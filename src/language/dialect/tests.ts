/** Tests of one field, as products that search an index mean them: texts without regard to case, a missing field matches nothing. */
import type { Comparison, Expression, Field, Scalar } from '../predicate/expression.ts'
import type { Span } from '../query-error.ts'
import { ecsType, type FieldSchema } from '../schema.ts'

/** An ECS field, with what the schema knows of it. */
export function ecsField(name: string, schema?: FieldSchema): Field {
  const info = schema?.get(name)
  return { kind: 'field', name, path: info?.path ?? name, type: info?.type ?? ecsType(name) }
}

const definite = (operand: Expression, span: Span): Expression => ({ kind: 'definite', operand, span })

export function compares(
  left: Expression,
  operator: Comparison,
  value: Scalar,
  span: Span,
  ignoreCase = true,
): Expression {
  return definite({ kind: 'compare', operator, left, right: { kind: 'literal', value }, ignoreCase, span }, span)
}

/** The whole text has to match. */
export function matches(
  value: Expression,
  pattern: string,
  { form, ignoreCase }: { form: 'wildcard' | 'regex'; ignoreCase: boolean },
  span: Span,
): Expression {
  return definite({ kind: 'like', value, patterns: [pattern], form, ignoreCase, span }, span)
}

export const exists = (value: Expression, span: Span): Expression => ({
  kind: 'not',
  operand: { kind: 'missing', value, span },
  span,
})

/** One of several tests; a single one as it is. */
export const anyOf = (tests: Expression[], span: Span): Expression =>
  tests.length === 1 ? tests[0]! : { kind: 'or', operands: tests, span }
