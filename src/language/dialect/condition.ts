/** The conditions that DNIF and LogPoint share: tests of named fields under and, or, not. */
import type { Comparison } from '../predicate/expression.ts'
import type { Span } from '../query-error.ts'

export type DialectCondition = Span &
  (
    | { kind: 'and' | 'or'; operands: DialectCondition[] }
    | { kind: 'not'; operand: DialectCondition }
    | { kind: 'test'; field: DialectName; operator: Comparison; values: DialectValue[] }
  )

export interface DialectName extends Span {
  name: string
}

/** `pattern`: unescaped `*` and `?` in it stand for other characters. */
export type DialectValue = Span &
  ({ kind: 'text'; text: string; pattern: boolean } | { kind: 'regex'; text: string; ignoreCase: boolean })

/** Deepest nesting of groups and negations that a query may have. */
export const DEEPEST = 200

/** Several conditions as one; a single one as it is. */
export function joined(kind: 'and' | 'or', operands: DialectCondition[]): DialectCondition {
  const [first] = operands
  if (operands.length === 1) return first!
  return { kind, operands, start: first!.start, end: operands.at(-1)!.end }
}
