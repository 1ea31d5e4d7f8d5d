/** The one form that every detection language is parsed to. Each expression gives a value; conditions give true, false or null. */
import type { Span } from '../query-error.ts'

export type Scalar = string | number | boolean
export type Value = Scalar | null
/** Three-valued: null when a value that decides is missing. */
export type Truth = boolean | null

/** Mapping types the evaluator tells apart; others are compared as text. `unknown`: no mapping was given. */
export type FieldType = string

interface Node {
  /** Where it stands in the query, for explanations and errors. */
  span?: Span
}

export interface Literal extends Node {
  kind: 'literal'
  value: Value
  /** Written as a decimal: arithmetic with it does not truncate. */
  float?: boolean
}

export interface Field extends Node {
  kind: 'field'
  /** As the query names it. */
  name: string
  /** Where its values lie in documents. */
  path: string
  type: FieldType
  nullValue?: Scalar
}

export interface Logic extends Node {
  kind: 'and' | 'or'
  operands: Expression[]
}

export interface Not extends Node {
  kind: 'not'
  operand: Expression
}

/** False where its operand is null: a condition that an index answers knows no third value. */
export interface Definite extends Node {
  kind: 'definite'
  operand: Expression
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

export interface Compare extends Node {
  kind: 'compare'
  operator: Comparison
  left: Expression
  right: Expression
  ignoreCase?: boolean
}

/** True when the value equals one of the items. */
export interface Member extends Node {
  kind: 'member'
  value: Expression
  items: Expression[]
  ignoreCase?: boolean
}

/** True when the text matches one of the patterns as a whole. */
export interface Like extends Node {
  kind: 'like'
  value: Expression
  patterns: string[]
  form: 'wildcard' | 'regex'
  ignoreCase?: boolean
}

/** True when there is no value; never null. */
export interface Missing extends Node {
  kind: 'missing'
  value: Expression
}

export type Arithmetic = '+' | '-' | '*' | '/' | '%'

export interface Calculation extends Node {
  kind: 'calculation'
  operator: Arithmetic
  left: Expression
  right: Expression
}

export interface Call extends Node {
  kind: 'call'
  /** A name of the function table. */
  name: string
  arguments: Expression[]
  ignoreCase?: boolean
}

export type Expression =
  | Literal
  | Field
  | Logic
  | Not
  | Definite
  | Compare
  | Member
  | Like
  | Missing
  | Calculation
  | Call

/** The direct parts of an expression. */
function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'field':
      return []
    case 'and':
    case 'or':
      return expression.operands
    case 'not':
    case 'definite':
      return [expression.operand]
    case 'compare':
    case 'calculation':
      return [expression.left, expression.right]
    case 'member':
      return [expression.value, ...expression.items]
    case 'like':
    case 'missing':
      return [expression.value]
    case 'call':
      return expression.arguments
  }
}

/** All fields of an expression, in the order of its text, repeats included. */
export function fieldsOf(expression: Expression): Field[] {
  if (expression.kind === 'field') return [expression]
  return partsOf(expression).flatMap(fieldsOf)
}

/** And of conditions, flattened; true for none. */
export function allOf(operands: Expression[]): Expression {
  const flat = operands.flatMap((operand) => (operand.kind === 'and' ? operand.operands : [operand]))
  if (flat.length === 1) return flat[0]!
  return flat.length === 0 ? { kind: 'literal', value: true } : { kind: 'and', operands: flat }
}
