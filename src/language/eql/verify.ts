/** Checks of a parsed query against the fields that are mapped: all problems at once, in Elasticsearch's words. */
import { closest } from 'fastest-levenshtein'
import { FUNCTIONS } from '../predicate/functions.ts'
import { problemAt, QueryError, type QueryProblem } from '../query-error.ts'
import type { FieldSchema } from '../schema.ts'
import type { EqlExpression, EqlQuery } from './ast.ts'

export function verify(query: EqlQuery, text: string, { schema }: { schema?: FieldSchema }): void {
  const problems: QueryProblem[] = []
  const visit = (expression: EqlExpression): void => {
    if (expression.kind === 'field' && schema !== undefined && !expression.optional && !schema.has(expression.name)) {
      problems.push(problemAt(text, expression.start, unknownColumn(expression.name, schema)))
    }
    if (expression.kind === 'call' && FUNCTIONS[expression.name] === undefined) {
      problems.push(problemAt(text, expression.start, `Unknown function [${expression.name}]`))
    }
    for (const part of partsOfEql(expression)) visit(part)
  }
  for (const expression of expressionsOf(query)) visit(expression)
  if (problems.length > 0) throw new QueryError(problems, 'verification')
}

function unknownColumn(name: string, schema: FieldSchema): string {
  const near = closest(name, [...schema.keys()])
  return `Unknown column [${name}], did you mean [${near}]?`
}

function expressionsOf(query: EqlQuery): EqlExpression[] {
  if (query.shape === 'event') return [query.filter.condition]
  const terms = [...query.terms, ...(query.shape === 'sequence' && query.until !== null ? [query.until] : [])]
  return [...query.by, ...terms.flatMap((term) => [term.filter.condition, ...term.by])]
}

/** The direct parts of an expression. */
export function partsOfEql(expression: EqlExpression): EqlExpression[] {
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
