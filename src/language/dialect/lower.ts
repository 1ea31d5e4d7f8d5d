/** A dialect's condition → plan. */
import { closest } from 'fastest-levenshtein'
import type { CompileOptions } from '../compile-options.ts'
import type { Limit, Plan } from '../plan.ts'
import { allOf, type Expression, type Field } from '../predicate/expression.ts'
import { regexProblem } from '../predicate/regex.ts'
import { wildcard } from '../predicate/wildcard.ts'
import { problemAt, QueryError, type QueryProblem, type Span, stopAtMany } from '../query-error.ts'
import type { FieldSchema } from '../schema.ts'
import type { DialectCondition, DialectName, DialectValue } from './condition.ts'
import type { Dialect, DialectField, DialectSource } from './dialect.ts'
import { anyOf, compares, ecsField, exists, matches } from './tests.ts'

type Test = DialectCondition & { kind: 'test' }

/** Throws `QueryError` with all problems. */
export function lowerDialect(
  dialect: Dialect,
  query: string,
  { condition, limits, span }: { condition: DialectCondition; limits: Limit[]; span: Span },
  { schema, categoryField }: CompileOptions,
): Plan {
  const lowering = new Lowering(dialect, query, condition, schema)
  const expression = lowering.expression(condition)
  if (lowering.problems.length > 0) throw new QueryError(lowering.problems)
  return {
    shape: 'event',
    stage: {
      category: lowering.category(),
      categoryField: ecsField(categoryField ?? 'event.category', schema),
      condition: expression.kind === 'and' ? allOf(expression.operands) : expression,
      keys: [],
      missing: false,
      span,
    },
    limits,
  }
}

class Lowering {
  readonly problems: QueryProblem[] = []
  readonly #dialect: Dialect
  readonly #query: string
  readonly #schema: FieldSchema | undefined
  readonly #source: DialectSource
  /** The ids that the query asks for as a whole; empty when it leaves them open. */
  readonly #eventIds: number[]
  readonly #namesSource: boolean

  constructor(dialect: Dialect, query: string, condition: DialectCondition, schema: FieldSchema | undefined) {
    this.#dialect = dialect
    this.#query = query
    this.#schema = schema
    const asked = (name: string) =>
      testsOfAll(condition).find(({ field, operator }) => same(field.name, name) && operator === '==')
    const source = asked(dialect.sourceField)
    const named = source?.values.flatMap((value) => this.#sourcesNamed(value)) ?? []
    this.#namesSource = named.length === 1
    this.#source = named[0] ?? dialect.sources[0]!
    this.#eventIds = (asked(dialect.eventIdField)?.values ?? []).map(({ text }) => Number(text))
  }

  /** The category that every event of the ids has; null when the query leaves it open. */
  category(): string | null {
    if (!this.#namesSource) return null
    const categories = new Set(this.#eventIds.map((id) => this.#source.categories[id]))
    const [only] = categories
    return categories.size === 1 && only !== undefined ? only : null
  }

  expression(condition: DialectCondition): Expression {
    const span = { start: condition.start, end: condition.end }
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const operands = condition.operands.map((operand) => this.expression(operand))
        return { kind: condition.kind, operands, span }
      }
      case 'not':
        return { kind: 'not', operand: this.expression(condition.operand), span }
      case 'test': {
        const test = this.#test(condition, span)
        return condition.operator === '!=' ? { kind: 'not', operand: test, span } : test
      }
    }
  }

  #test({ field, operator, values }: Test, span: Span): Expression {
    if (same(field.name, this.#dialect.sourceField)) return this.#ofSource(values, span)
    const found = same(field.name, this.#dialect.eventIdField)
      ? ecsField('event.code', this.#schema)
      : this.#field(field)
    const [only] = values
    return values.length === 1 ? this.#value(found, operator, only!, span) : this.#list(found, values, span)
  }

  /** One clause for all of them, so that an explanation names the list and not each of its values. */
  #list(field: Field, values: DialectValue[], span: Span): Expression {
    const patterns = values.map(({ text }) => text)
    const like: Expression = { kind: 'like', value: asText(field), patterns, form: 'wildcard', ignoreCase: true, span }
    return { kind: 'definite', operand: like, span }
  }

  #value(field: Field, operator: Test['operator'], value: DialectValue, span: Span): Expression {
    if (value.kind === 'regex') {
      const problem = regexProblem(value.text, value.ignoreCase)
      if (problem !== null) this.#problem(value, `this is no regular expression: ${problem}`)
      return matches(field, problem === null ? value.text : '', { form: 'regex', ignoreCase: value.ignoreCase }, span)
    }
    if (operator !== '==' && operator !== '!=') {
      const number = Number(value.text)
      if (value.text === '' || Number.isNaN(number)) {
        this.#problem(value, `'${operator}' compares numbers, [${value.text}] is none`)
      }
      return compares(field, operator, number, span)
    }
    if (!value.pattern) return compares(field, '==', value.text, span)
    if (/^\*+$/.test(value.text)) return exists(field, span)
    return matches(asText(field), value.text, { form: 'wildcard', ignoreCase: true }, span)
  }

  #ofSource(values: DialectValue[], span: Span): Expression {
    const providers = values.flatMap((value) => {
      const found = this.#sourcesNamed(value)
      if (found.length === 0) {
        const known = this.#dialect.sources.map((source) => source.value)
        this.#problem(value, `no log source of ${this.#dialect.product} is known here as [${value.text}]`, known)
      }
      return found.flatMap((source) => source.providers)
    })
    const provider = ecsField('event.provider', this.#schema)
    return anyOf(
      [...new Set(providers)].map((name) => compares(provider, '==', name, span)),
      span,
    )
  }

  #sourcesNamed(value: DialectValue): DialectSource[] {
    if (value.kind === 'regex') return []
    const isNamed = wildcard(value.text, true)
    return this.#dialect.sources.filter((source) =>
      value.pattern ? isNamed(source.value) : same(source.value, value.text),
    )
  }

  #field(field: DialectName): Field {
    const rows = this.#source.fields.filter(({ name }) => same(name, field.name))
    const row = rows.find((one) => this.#isOfEvents(one)) ?? rows.find(({ events }) => events === undefined)
    if (row !== undefined) return ecsField(row.ecs, this.#schema)
    const reason = Object.entries(this.#dialect.refused).find(([name]) => same(name, field.name))?.[1]
    if (reason !== undefined) this.#problem(field, `[${field.name}] ${reason}`)
    else if (rows.length > 0) {
      const ids = rows.flatMap(({ events }) => events ?? []).join(', ')
      this.#problem(field, `[${field.name}] is a field of events ${ids} only: ask for one of them`)
    } else {
      const known = this.#source.fields.map(({ name }) => name)
      this.#problem(field, `no field of ${this.#dialect.product} is known here as [${field.name}]`, known)
    }
    return ecsField(field.name)
  }

  #isOfEvents({ events }: DialectField): boolean {
    if (events === undefined || this.#eventIds.length === 0) return false
    return this.#eventIds.every((id) => events.includes(id))
  }

  #problem(at: DialectName | DialectValue, message: string, known: string[] = []): void {
    const near = known.length === 0 ? undefined : closest('name' in at ? at.name : at.text, known)
    const suggestion = near === undefined ? '' : `, did you mean [${near}]?`
    this.problems.push(problemAt(this.#query, at.start, `${message}${suggestion}`, near))
    stopAtMany(this.problems)
  }
}

/** A pattern looks at what is written, so that it also finds numbers and addresses. */
function asText(field: Field): Expression {
  if (field.type === 'unknown' || field.type === 'keyword') return field
  return { kind: 'call', name: 'string', arguments: [field] }
}

/** The tests that hold for every event a condition finds. */
function testsOfAll(condition: DialectCondition): Test[] {
  if (condition.kind === 'test') return [condition]
  return condition.kind === 'and' ? condition.operands.flatMap(testsOfAll) : []
}

const same = (left: string, right: string) => left.toLowerCase() === right.toLowerCase()
