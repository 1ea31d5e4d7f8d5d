/** Checks of a parsed query against functions and mapped fields: all problems at once, in Elasticsearch's words. */
import { QueryError } from '../query-error.ts'
import type { FieldSchema } from '../schema.ts'
import type { EqlExpression, EqlQuery, EventFilter } from './ast.ts'
import { Findings } from './findings.ts'
import { areCompatible, isBoolean, isConstant, typeOf } from './types.ts'
import { ExpressionChecks } from './verify-expressions.ts'
import { FieldChecks } from './verify-fields.ts'

export interface VerifyOptions {
  schema?: FieldSchema
  categoryField?: string
  timestampField?: string
  tiebreakerField?: string
}

/** Throws `QueryError` with every problem found. Without a schema only functions and constants are checked. */
export function verify(query: EqlQuery, text: string, options: VerifyOptions): void {
  const findings = new Findings(text)
  const verifier = new Verifier(findings, options)
  verifier.query(query)
  verifier.order()
  if (findings.misbuilt.length === 0 && findings.problems.length === 0) verifier.whole(query)
  if (findings.misbuilt.length > 0) throw new QueryError(findings.misbuilt, 'parsing')
  if (findings.problems.length > 0) throw new QueryError(findings.problems, 'verification')
}

interface Part {
  filter: EventFilter
  by: EqlExpression[]
}

/** Each event that a query looks for, with all of its join keys. */
function partsOf(query: EqlQuery): Part[] {
  if (query.shape === 'event') return [{ filter: query.filter, by: [] }]
  const terms = query.shape === 'sequence' && query.until !== null ? [...query.terms, query.until] : query.terms
  return terms.map(({ filter, by }) => ({ filter, by: [...query.by, ...by] }))
}

class Verifier {
  readonly #findings: Findings
  readonly #fields: FieldChecks
  readonly #expressions: ExpressionChecks
  readonly #schema: FieldSchema | undefined
  readonly #categoryField: string
  readonly #orderFields: string[]

  constructor(findings: Findings, { schema, categoryField, timestampField, tiebreakerField }: VerifyOptions) {
    this.#findings = findings
    this.#fields = new FieldChecks(findings, schema)
    this.#expressions = new ExpressionChecks(findings, this.#fields, schema)
    this.#schema = schema
    this.#categoryField = categoryField ?? 'event.category'
    this.#orderFields = [timestampField ?? '@timestamp', tiebreakerField ?? []].flat()
  }

  /** The fields that order events stand nowhere in the query: Elasticsearch gives their problems the place -1:-1. */
  order(): void {
    for (const name of this.#orderFields) {
      const message = this.#fields.hidden(name)
      if (message !== null) this.#findings.problems.push({ line: -1, column: -1, message })
    }
  }

  /** Fields and types of all expressions. */
  query(query: EqlQuery): void {
    for (const { filter, by } of partsOf(query)) {
      this.#expressions.expression(filter.condition)
      this.#ofCategory(filter)
      for (const key of by) this.#expressions.expression(key)
    }
  }

  /** What is only looked at when every expression is right by itself. */
  whole(query: EqlQuery): void {
    const terms = partsOf(query)
    for (const { filter } of terms) {
      this.#comparisons(filter.condition)
      const type = typeOf(filter.condition, this.#schema)
      if (filter.category !== null || isBoolean(type)) continue
      const name = type === 'date' ? 'DATETIME' : type.toUpperCase()
      this.#findings.problem(filter.condition.start, `Condition expression needs to be boolean, found [${name}]`)
    }
    if (query.shape !== 'event') this.#keyTypes(query.shape === 'sequence' ? 'Sequence' : 'Sample', terms)
  }

  /** `process where …` is short for a condition on the category and the one that is written. */
  #ofCategory({ category, condition, start, end }: EventFilter): void {
    if (category === null) return
    const message = this.#fields.hidden(this.#categoryField)
    if (message !== null) this.#findings.problem(start, message)
    const type = typeOf(condition, this.#schema)
    if (isBoolean(type)) return
    this.#findings.wrongType('second', this.#findings.source({ start, end }), start, 'boolean', condition, type)
  }

  /** An index compares fields with constants only; scripts inside other expressions may compare anything. */
  #comparisons(condition: EqlExpression): void {
    if (condition.kind === 'and' || condition.kind === 'or')
      for (const part of condition.operands) this.#comparisons(part)
    else if (condition.kind === 'not') this.#comparisons(condition.operand)
    else if (condition.kind === 'binary' && !'+-*/%'.includes(condition.operator)) {
      if (this.#isKnown(condition.left) || this.#isKnown(condition.right)) return
      this.#againstField(condition.right, condition.right, condition.operator)
    } else if (condition.kind === 'list' && condition.operator.startsWith('in')) {
      for (const item of condition.items) {
        if (!this.#isKnown(item)) this.#againstField(condition, item, this.#findings.source(condition))
      }
    }
  }

  /** An optional field without a mapping is null. */
  #isKnown(expression: EqlExpression): boolean {
    const isNull = expression.kind === 'field' && typeOf(expression, this.#schema) === 'null'
    return isNull || isConstant(expression)
  }

  #againstField(at: EqlExpression, offender: EqlExpression, where: string): void {
    const text = `offender [${this.#findings.source(offender)}] in [${where}]`
    this.#findings.problem(at.start, `Comparisons against fields are not (currently) supported; ${text}`)
  }

  #keyTypes(what: string, terms: Part[]): void {
    const [first, ...rest] = terms
    for (const [index, expected] of first!.by.entries()) {
      for (const { by } of rest) {
        const key = by[index]!
        const [wanted, found] = [typeOf(expected, this.#schema), typeOf(key, this.#schema)]
        if (areCompatible(wanted, found) || key.kind !== 'field' || expected.kind !== 'field') continue
        const other = `is incompatible with key [${expected.name}] type [${wanted}]`
        this.#findings.problem(key.start, `${what} key [${key.name}] type [${found}] ${other}`)
      }
    }
  }
}
