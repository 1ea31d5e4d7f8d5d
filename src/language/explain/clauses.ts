/** A stage's condition as a list of clauses, each evaluated for itself. */
import type { ClauseResult } from '../../model/run-record.ts'
import type { Stage } from '../plan.ts'
import { type Condition, condition } from '../predicate/evaluate.ts'
import { type Expression, fieldsOf, type Truth } from '../predicate/expression.ts'
import { seenBy, wantedBy } from './wanted.ts'

export interface Clause {
  text: string
  /** The field it is about, when it is about one. */
  field: string | null
  wanted: string | null
  test: Condition
  seen: (source: unknown) => string | null
  /** The clauses of which one would do, when this is an `or`. */
  alternatives: Clause[]
}

/** The clauses that must all hold, in the order of the text. */
export function clausesOf(stage: Stage, query: string): Clause[] {
  const expressions = conjuncts(stage.condition).filter(
    (expression) => expression.kind !== 'literal' || expression.value !== true,
  )
  return clausesFrom(expressions, query)
}

/** Where one text of the query stands for several tests, each is told in words. */
function clausesFrom(expressions: Expression[], query: string): Clause[] {
  const placeOf = ({ span }: Expression) => (span === undefined ? null : `${span.start} ${span.end}`)
  return expressions.map((expression) => {
    const place = placeOf(expression)
    const clause = clauseOf(expression, query)
    const isAlone = expressions.every((other) => other === expression || placeOf(other) !== place)
    if (isAlone || clause.field === null || clause.wanted === null) return clause
    return { ...clause, text: `${clause.field} is ${clause.wanted}` }
  })
}

function clauseOf(expression: Expression, query: string): Clause {
  const names = new Set(fieldsOf(expression).map(({ name }) => name))
  const [only] = names
  const core = expression.kind === 'definite' ? expression.operand : expression
  return {
    text: textOf(expression, query),
    field: names.size === 1 ? only! : null,
    wanted: wantedBy(expression),
    test: condition(threeValued(expression)),
    seen: seenBy(expression),
    alternatives: core.kind === 'or' ? clausesFrom(core.operands, query) : [],
  }
}

/** The conditions that must all hold; a negated `or` is several. */
function conjuncts(expression: Expression): Expression[] {
  if (expression.kind === 'and') return expression.operands.flatMap(conjuncts)
  if (expression.kind === 'not') {
    const operand = expression.operand.kind === 'definite' ? expression.operand.operand : expression.operand
    if (operand.kind === 'or') {
      return operand.operands.flatMap((part) => conjuncts({ kind: 'not', operand: part, ...spanOf(part) }))
    }
  }
  return [expression]
}

const spanOf = ({ span }: Expression) => (span === undefined ? {} : { span })

function textOf(expression: Expression, query: string): string {
  const { span } = expression
  if (span === undefined) return ''
  const text = query.slice(span.start, span.end).replace(/\s+/g, ' ')
  const isNegated = expression.kind === 'not' && expression.operand.span?.start === span.start
  return isNegated && !/!=|not /.test(text) ? `not ${text}` : text
}

/** With the third value that an index's answer hides: null says that the field is missing. */
function threeValued(expression: Expression): Expression {
  return expression.kind === 'definite' ? expression.operand : expression
}

export interface Clauses {
  held: number
  results: ClauseResult[]
  /** Clauses that do not hold, as they are to be named. */
  failed: { clause: Clause; holds: Truth; seen: string | null }[]
}

/** How an event does on each clause. */
export function evaluateClauses(clauses: Clause[], source: unknown): Clauses {
  const results: ClauseResult[] = []
  const failed: Clauses['failed'] = []
  let held = 0
  for (const clause of clauses) {
    const holds = clause.test(source)
    if (holds === true) held += 1
    else failed.push({ clause, holds, seen: clause.seen(source) })
    const parts = holds !== true && clause.alternatives.length > 0 ? clause.alternatives : [clause]
    for (const part of parts) {
      const partHolds = part === clause ? holds : part.test(source)
      results.push({ clause: part.text, holds: partHolds, seen: part.seen(source), wanted: part.wanted })
    }
  }
  return { held, results, failed }
}

/** How many clauses an event holds, without the details. */
export const countHeld = (clauses: Clause[], source: unknown): number =>
  clauses.reduce((sum, { test }) => (test(source) === true ? sum + 1 : sum), 0)

/** One sentence for what does not hold: `registry.value is "Triggers", the rule wants "Actions"`. */
export function sentenceOf({ failed }: Clauses): string {
  const [first] = failed
  if (first === undefined) return ''
  const { clause, seen } = first
  const rest =
    failed.length === 1 ? '' : `; ${failed.length - 1} more ${failed.length === 2 ? 'clause fails' : 'clauses fail'}`
  if (clause.field !== null && clause.wanted !== null) {
    return `${clause.field} is ${seen ?? 'missing'}, the rule wants ${clause.wanted}${rest}`
  }
  if (clause.field !== null) return `${clause.field} is ${seen ?? 'missing'}, the rule wants ${clause.text}${rest}`
  return `the rule wants ${clause.text}, the event has ${seen ?? 'none of these fields'}${rest}`
}
