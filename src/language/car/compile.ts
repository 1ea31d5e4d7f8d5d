/** CAR pseudocode → plan. */
import { closest } from 'fastest-levenshtein'
import type { Plan } from '../plan.ts'
import { allOf, type Expression, type Field } from '../predicate/expression.ts'
import { problemAt, QueryError, type QueryProblem, type Span, stopAtMany } from '../query-error.ts'
import { ecsType, type FieldSchema } from '../schema.ts'
import { DATA_MODEL, type ObjectRow } from './data-model.ts'
import {
  type CarCondition,
  type CarField,
  type CarSource,
  type CarStatement,
  type CarValue,
  parseCar,
} from './parser.ts'

/** A named set of events: the objects they are of, and what holds for them. */
interface Events {
  sources: { row: ObjectRow; types: string[]; span: Span }[]
  conditions: Expression[]
  span: Span
}

/** The plan of a text's `output`, or of its last statement when it has none. Throws `QueryError` with all problems. */
export function compileCar(query: string, { schema }: { schema?: FieldSchema } = {}): Plan {
  const statements = parseCar(query)
  const compiler = new Compiler(query, schema)
  const output = compiler.run(statements)
  if (compiler.problems.length > 0 || output === null) throw new QueryError(compiler.problems)
  return compiler.plan(output)
}

class Compiler {
  readonly problems: QueryProblem[] = []
  readonly #query: string
  readonly #schema: FieldSchema | undefined
  readonly #names = new Map<string, Events>()

  constructor(query: string, schema: FieldSchema | undefined) {
    this.#query = query
    this.#schema = schema
  }

  run(statements: CarStatement[]): Events | null {
    let last: Events | null = null
    let output: Events | null = null
    for (const statement of statements) {
      if (statement.kind === 'output') {
        output = this.#named(statement.input)
        continue
      }
      last = statement.kind === 'search' ? this.#search(statement.sources, statement) : this.#filter(statement)
      if (last !== null) this.#names.set(statement.name.toLowerCase(), last)
    }
    if (statements.length === 0) this.#problem({ start: 0, end: 0 }, 'there is nothing to search')
    return output ?? last
  }

  plan({ sources, conditions, span }: Events): Plan {
    const categories = [...new Set(sources.map(({ row }) => row.category))]
    const single = categories.length === 1
    const alternatives = sources.map(({ row, types, span: at }) => {
      const parts: Expression[] = single ? [] : [equals('event.category', [row.category], at)]
      if (types.length > 0) parts.push(equals('event.type', types, at))
      return { ...allOf(parts), span: at }
    })
    const isAny = alternatives.some(({ kind }) => kind === 'literal')
    const action: Expression[] = isAny
      ? []
      : alternatives.length === 1
        ? alternatives
        : [{ kind: 'or', operands: alternatives, span }]
    return {
      shape: 'event',
      stage: {
        category: single ? categories[0]! : null,
        categoryField: ecsField('event.category'),
        condition: allOf([...action, ...conditions]),
        keys: [],
        missing: false,
        span,
      },
      limits: [],
    }
  }

  #search(sources: CarSource[], span: Span): Events | null {
    const found = sources.flatMap((source) => {
      const row = DATA_MODEL.find(({ car }) => car === source.object.toLowerCase())
      if (row === undefined) {
        this.#unknown(
          source,
          'object',
          source.object,
          DATA_MODEL.map(({ car }) => car),
        )
        return []
      }
      const action = row.actions.find(({ car }) => car === source.action.toLowerCase())
      if (action === undefined) {
        this.#unknown(
          source,
          `action of ${row.car}`,
          source.action,
          row.actions.map(({ car }) => car),
        )
        return []
      }
      return [{ row, types: action.types, span: source }]
    })
    return found.length === 0 ? null : { sources: found, conditions: [], span }
  }

  #filter(statement: CarStatement & { kind: 'filter' }): Events | null {
    const input = this.#named(statement.input)
    if (input === null) return null
    const condition = this.#condition(statement.condition, input, statement.input.name)
    return { sources: input.sources, conditions: [...input.conditions, condition], span: statement }
  }

  #named(input: CarField): Events | null {
    const found = this.#names.get(input.name.toLowerCase())
    if (found === undefined) this.#unknown(input, 'set of events', input.name, [...this.#names.keys()])
    return found ?? null
  }

  #condition(condition: CarCondition, events: Events, variable: string): Expression {
    const span = { start: condition.start, end: condition.end }
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const operands = condition.operands.map((operand) => this.#condition(operand, events, variable))
        return { kind: condition.kind, operands, span }
      }
      case 'not':
        return { kind: 'not', operand: this.#condition(condition.operand, events, variable), span }
      case 'in': {
        const field = this.#field(condition.field, events, variable)
        const tests = condition.values.map((value) => equal(field, value, span))
        const test: Expression = tests.length === 1 ? tests[0]! : { kind: 'or', operands: tests, span }
        return condition.negated ? { kind: 'not', operand: test, span } : test
      }
      case 'compare': {
        const field = this.#field(condition.field, events, variable)
        const test = equal(field, condition.value, span)
        if (condition.operator === '==') return test
        if (condition.operator === '!=') return { kind: 'not', operand: test, span }
        const right: Expression = { kind: 'literal', value: condition.value.value }
        const compare: Expression = {
          kind: 'compare',
          operator: condition.operator,
          left: field,
          right,
          ignoreCase: true,
          span,
        }
        return { kind: 'definite', operand: compare, span }
      }
    }
  }

  #field(field: CarField, events: Events, variable: string): Field {
    const prefix = `${variable}.`
    const name = field.name.startsWith(prefix) ? field.name.slice(prefix.length) : field.name
    const rows = events.sources.map(({ row }) => row.fields.find(({ car }) => car === name.toLowerCase()))
    const ecs = rows.find((row) => row !== undefined)?.ecs
    if (ecs === undefined) {
      const [first] = events.sources
      this.#unknown(
        field,
        `field of ${first!.row.car}`,
        name,
        first!.row.fields.map(({ car }) => car),
      )
    } else if (rows.some((row) => row?.ecs !== ecs)) {
      this.#problem(field, `field [${name}] lies elsewhere in each of these objects: filter them one by one`)
    }
    const found = ecsField(ecs ?? name)
    const info = this.#schema?.get(found.name)
    if (this.#schema !== undefined && info === undefined && ecs !== undefined) {
      this.#problem(field, `Unknown column [${ecs}], which CAR's [${name}] is`)
    }
    return { ...found, ...(info === undefined ? {} : { type: info.type, path: info.path ?? found.path }) }
  }

  #unknown(at: Span, what: string, name: string, known: string[]): void {
    const near = known.length === 0 ? null : closest(name.toLowerCase(), known)
    const mend = near === null ? undefined : near
    this.#problem(at, `no ${what} is named [${name}]${near === null ? '' : `, did you mean [${near}]?`}`, mend)
  }

  #problem(at: Span, message: string, mend?: string): void {
    this.problems.push(problemAt(this.#query, at.start, message, mend))
    stopAtMany(this.problems)
  }
}

const ecsField = (name: string): Field => ({ kind: 'field', name, path: name, type: ecsType(name) })

const equals = (name: string, values: string[], span: Span): Expression => ({
  kind: 'definite',
  operand: {
    kind: 'member',
    value: ecsField(name),
    items: values.map((value) => ({ kind: 'literal', value })),
    span,
  },
  span,
})

/** Equality as CAR means it: texts without regard to case, with `*` for any text. A missing field is not equal. */
function equal(field: Field, { value }: CarValue, span: Span): Expression {
  if (value === null) return { kind: 'missing', value: field, span }
  const operand: Expression =
    typeof value === 'string' && /[*?]/.test(value)
      ? { kind: 'like', value: field, patterns: [value], form: 'wildcard', ignoreCase: true, span }
      : { kind: 'compare', operator: '==', left: field, right: { kind: 'literal', value }, ignoreCase: true, span }
  return { kind: 'definite', operand, span }
}
