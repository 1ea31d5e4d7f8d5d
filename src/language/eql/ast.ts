/** The syntax tree of EQL: as written, before any meaning. */
import type { Span } from '../query-error.ts'

export type EqlExpression = Span &
  (
    | { kind: 'literal'; value: string | number | boolean | null; decimal: boolean }
    | { kind: 'field'; name: string; optional: boolean }
    | { kind: 'call'; name: string; ignoreCase: boolean; arguments: EqlExpression[] }
    | { kind: 'and' | 'or'; operands: EqlExpression[] }
    | { kind: 'not'; operand: EqlExpression }
    | { kind: 'sign'; operator: '-' | '+'; operand: EqlExpression }
    | { kind: 'binary'; operator: BinaryOperator; left: EqlExpression; right: EqlExpression }
    | { kind: 'list'; operator: ListOperator; negated: boolean; value: EqlExpression; items: EqlExpression[] }
  )

export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%'
export type ListOperator = 'in' | 'in~' | ':' | 'like' | 'like~' | 'regex' | 'regex~'

/** `category where condition`; a null category is `any`. */
export interface EventFilter extends Span {
  category: string | null
  condition: EqlExpression
}

/** One `[…]` of a sequence or sample. */
export interface Term extends Span {
  filter: EventFilter
  /** `![…]`: no such event may lie there. */
  missing: boolean
  by: EqlExpression[]
  /** `with runs=`; 1 when not written. */
  runs: number
}

export interface Pipe extends Span {
  name: 'head' | 'tail'
  count: number
}

export type EqlQuery =
  | { shape: 'event'; filter: EventFilter; pipes: Pipe[] }
  | {
      shape: 'sequence'
      by: EqlExpression[]
      maxspanMs: number | null
      terms: Term[]
      until: Term | null
      pipes: Pipe[]
    }
  | { shape: 'sample'; by: EqlExpression[]; terms: Term[] }

/** The direct parts of an expression. */
export function partsOf(expression: EqlExpression): EqlExpression[] {
  switch (expression.kind) {
    case 'literal':
    case 'field':
      return []
    case 'call':
      return expression.arguments
    case 'and':
    case 'or':
      return expression.operands
    case 'not':
    case 'sign':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'list':
      return [expression.value, ...expression.items]
  }
}
