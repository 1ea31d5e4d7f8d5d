/** One event of a plan as Elasticsearch's query DSL, where that means exactly the same. */
import type { Stage } from './plan.ts'
import type { Call, Compare, Expression, Field, Like, Member, Scalar } from './predicate/expression.ts'
import { isNumeric } from './predicate/field-types.ts'
import { categoryCondition } from './sequence/stage-test.ts'

export type Clause = Record<string, unknown>

/** The query DSL cannot say it; the message says what. */
export class Untranslatable extends Error {
  override name = 'Untranslatable'
}

/** Types of a field's mappings in all indices that are searched; none where it is not mapped. */
export type TypesOf = (field: string) => readonly string[]

/** Throws `Untranslatable`. */
export function queryDslOf(stage: Stage, typesOf: TypesOf): Clause {
  const category = categoryCondition(stage)
  const parts = [...(category === null ? [] : [category]), stage.condition]
  return { bool: { filter: parts.map((part) => clauseFor(part, true, typesOf)) } }
}

/**
 * What holds where a condition is true, or where it is false. A clause of the DSL knows two values, a condition three: of a
 * missing value both are null, so that a false comparison asks for a value, too.
 */
function clauseFor(expression: Expression, truth: boolean, typesOf: TypesOf): Clause {
  const of = (part: Expression, wanted = truth) => clauseFor(part, wanted, typesOf)
  switch (expression.kind) {
    case 'literal':
      return expression.value === truth ? { match_all: {} } : { match_none: {} }
    case 'and':
    case 'or':
      return (expression.kind === 'and') === truth
        ? { bool: { filter: expression.operands.map((part) => of(part)) } }
        : { bool: { should: expression.operands.map((part) => of(part)), minimum_should_match: 1 } }
    case 'not':
      return of(expression.operand, !truth)
    case 'definite':
      return truth ? of(expression.operand) : without(of(expression.operand, true))
    case 'missing': {
      const exists = { exists: { field: fieldIn(expression.value).path } }
      return truth ? without(exists) : exists
    }
    default: {
      const { field, clause } = comparisonFor(expression, typesOf)
      return truth ? clause : { bool: { filter: [{ exists: { field } }], must_not: [clause] } }
    }
  }
}

const without = (clause: Clause): Clause => ({ bool: { must_not: [clause] } })

const anyOf = (clauses: Clause[]): Clause =>
  clauses.length === 1 ? clauses[0]! : { bool: { should: clauses, minimum_should_match: 1 } }

function comparisonFor(expression: Expression, typesOf: TypesOf): { field: string; clause: Clause } {
  switch (expression.kind) {
    case 'field':
      return { field: fieldIn(expression).path, clause: { term: { [expression.path]: true } } }
    case 'compare':
      return compared(expression, typesOf)
    case 'member':
      return member(expression, typesOf)
    case 'like':
      return like(expression, typesOf)
    case 'call':
      return call(expression, typesOf)
    default:
      throw new Untranslatable(
        `${expression.kind === 'calculation' ? 'calculations' : `"${expression.kind}"`} in a condition`,
      )
  }
}

const BOUNDS = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const

function compared({ left, right, operator, ignoreCase }: Compare, typesOf: TypesOf): { field: string; clause: Clause } {
  const { path } = fieldIn(left)
  const value = literalIn(right)
  if (operator === '==' || operator === '!=') {
    const equal = equals(path, value, ignoreCase, typesOf)
    return { field: path, clause: operator === '==' ? equal : both({ exists: { field: path } }, without(equal)) }
  }
  if (typeof value !== 'number' || !typesOf(path).every(isNumeric)) {
    throw new Untranslatable(`an order of ${path}, which is no number`)
  }
  return { field: path, clause: { range: { [path]: { [BOUNDS[operator]]: value } } } }
}

const both = (...clauses: Clause[]): Clause => ({ bool: { filter: clauses } })

function member({ value, items, ignoreCase }: Member, typesOf: TypesOf): { field: string; clause: Clause } {
  const { path } = fieldIn(value)
  return { field: path, clause: anyOf(items.map((item) => equals(path, literalIn(item), ignoreCase, typesOf))) }
}

function like({ value, patterns, form, ignoreCase }: Like, typesOf: TypesOf): { field: string; clause: Clause } {
  const { path } = fieldIn(value)
  if (form === 'regex') throw new Untranslatable('regular expressions')
  return { field: path, clause: anyOf(patterns.map((pattern) => matches(path, pattern, ignoreCase, typesOf))) }
}

/** Functions of a text that are patterns. */
const PATTERNS: Record<string, (text: string) => string> = {
  startsWith: (text) => `${text}*`,
  endsWith: (text) => `*${text}`,
  stringContains: (text) => `*${text}*`,
}

function call({ name, arguments: given, ignoreCase }: Call, typesOf: TypesOf): { field: string; clause: Clause } {
  const [subject, ...rest] = given
  const values = rest.map(literalIn)
  if (name === 'cidrMatch' && subject !== undefined) {
    const { path } = fieldIn(subject)
    if (!typesOf(path).every((type) => type === 'ip')) throw new Untranslatable(`networks of ${path}, which is no ip`)
    return { field: path, clause: { terms: { [path]: values } } }
  }
  const pattern = PATTERNS[name]
  const [text] = values
  if (pattern === undefined || subject === undefined || typeof text !== 'string') {
    throw new Untranslatable(`the function ${name}`)
  }
  if (/[*?]/.test(text)) throw new Untranslatable(`the function ${name} of a text with a wildcard`)
  const { path } = fieldIn(subject)
  return { field: path, clause: matches(path, pattern(text), ignoreCase, typesOf) }
}

function equals(path: string, value: Scalar, ignoreCase = false, typesOf: TypesOf): Clause {
  if (typeof value === 'string') {
    const types = typesOf(path)
    refuseText(path, types)
    if (types.some(isNumeric)) throw new Untranslatable(`a text for ${path}, which is a number`)
    return { term: { [path]: { value, ...folding(value, ignoreCase) } } }
  }
  const fits = typeof value === 'number' ? isNumeric : (type: string) => type === 'boolean'
  if (!typesOf(path).every(fits)) throw new Untranslatable(`a ${typeof value} for ${path}, which is none`)
  return { term: { [path]: { value } } }
}

function matches(path: string, pattern: string, ignoreCase = false, typesOf: TypesOf): Clause {
  const types = typesOf(path)
  refuseText(path, types)
  if (types.some((type) => type !== 'keyword' && type !== 'wildcard' && type !== 'constant_keyword')) {
    throw new Untranslatable(`a pattern for ${path}, which is no keyword`)
  }
  return { wildcard: { [path]: { value: pattern.replaceAll('\\', '\\\\'), ...folding(pattern, ignoreCase) } } }
}

/** Elasticsearch folds the case of ASCII letters alone. */
function folding(text: string, ignoreCase: boolean): { case_insensitive?: true } {
  if (!ignoreCase) return {}
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/[^\u0000-\u007f]/.test(text)) throw new Untranslatable('letters beyond ASCII whose case is to be ignored')
  return { case_insensitive: true }
}

/** Of a text the index holds words only. */
function refuseText(path: string, types: readonly string[]): void {
  if (types.some((type) => type === 'text' || type === 'match_only_text')) {
    throw new Untranslatable(`${path}, which is indexed by its words`)
  }
}

function fieldIn(expression: Expression): Field {
  if (expression.kind !== 'field') throw new Untranslatable('a condition on something else than a field')
  if (expression.path.includes('*')) throw new Untranslatable(`a search in any of ${expression.name}`)
  if (expression.nullValue !== undefined) throw new Untranslatable(`a value in place of a missing ${expression.name}`)
  return expression
}

function literalIn(expression: Expression): Scalar {
  if (expression.kind === 'literal' && expression.value !== null) return expression.value
  throw new Untranslatable('a comparison with something else than a value')
}
