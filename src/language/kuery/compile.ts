/** KQL text → plan. An index answers all of it: a missing field matches nothing, and its negation everything. */
import type { Plan } from '../plan.ts'
import type { Expression, Field } from '../predicate/expression.ts'
import { isText } from '../predicate/field-types.ts'
import { network } from '../predicate/ip.ts'
import { wildcard } from '../predicate/wildcard.ts'
import type { Span } from '../query-error.ts'
import { ecsType, type FieldSchema } from '../schema.ts'
import { type KueryNode, type KueryText, parseKuery } from './parser.ts'

/** Throws `QueryError`. */
export function compileKuery(query: string, { schema }: { schema?: FieldSchema } = {}): Plan {
  const tree = parseKuery(query)
  return {
    shape: 'event',
    stage: {
      category: null,
      categoryField: fieldNamed('event.category', schema),
      condition: lower(tree, schema),
      keys: [],
      missing: false,
      span: { start: 0, end: query.length },
    },
    limits: [],
  }
}

function lower(node: KueryNode, schema: FieldSchema | undefined): Expression {
  const span = { start: node.start, end: node.end }
  switch (node.kind) {
    case 'all':
      return { kind: 'literal', value: true, span }
    case 'and':
    case 'or':
      return { kind: node.kind, operands: node.operands.map((operand) => lower(operand, schema)), span }
    case 'not':
      return { kind: 'not', operand: lower(node.operand, schema), span }
    case 'range': {
      const { operator, value } = node
      const right: Expression = { kind: 'literal', value: value.text }
      return anyField(node.field, schema, span, (left) => ({ kind: 'compare', operator, left, right, span }))
    }
    case 'is': {
      const { value } = node
      if (isExistence(value)) {
        if (node.field === null || isExistence(node.field)) return { kind: 'literal', value: true, span }
        return anyField(node.field, schema, span, (field) => exists(field, span))
      }
      return anyField(node.field, schema, span, (field) => matches(field, value, span))
    }
  }
}

/** A lone `*`: any value. */
const isExistence = ({ pattern }: KueryText) => pattern?.every((part) => part === '') === true

const exists = (field: Field, span: Span): Expression => ({
  kind: 'not',
  operand: { kind: 'missing', value: field, span },
  span,
})

/** The test for the fields that a name stands for; no name is any field. */
function anyField(
  name: KueryText | null,
  schema: FieldSchema | undefined,
  span: Span,
  test: (field: Field) => Expression,
): Expression {
  const fields = fieldsNamed(name, schema)
  const tests = fields.map((field): Expression => ({ kind: 'definite', operand: test(field), span }))
  if (tests.length === 1) return tests[0]!
  return tests.length === 0 ? { kind: 'literal', value: false, span } : { kind: 'or', operands: tests, span }
}

function fieldsNamed(name: KueryText | null, schema: FieldSchema | undefined): Field[] {
  if (name !== null && name.pattern === null) return [fieldNamed(name.text, schema, name)]
  const pattern = name === null ? '*' : name.text
  if (schema === undefined) return [{ kind: 'field', name: pattern, path: pattern, type: 'unknown' }]
  const isWanted = wildcard(pattern)
  return [...schema]
    .filter(([candidate, { type }]) => type !== 'object' && isWanted(candidate))
    .map(([candidate]) => fieldNamed(candidate, schema))
}

function fieldNamed(name: string, schema: FieldSchema | undefined, span?: Span): Field {
  const info = schema?.get(name)
  return {
    kind: 'field',
    name,
    path: info?.path ?? name,
    type: info?.type ?? ecsType(name),
    ...(span === undefined ? {} : { span: { start: span.start, end: span.end } }),
  }
}

function matches(field: Field, value: KueryText, span: Span): Expression {
  if (value.pattern !== null) return { kind: 'like', value: field, patterns: [value.text], form: 'wildcard', span }
  const literal: Expression = { kind: 'literal', value: value.text }
  if (field.type === 'text' || field.type === 'match_only_text') {
    return { kind: 'call', name: value.quoted ? 'hasPhrase' : 'hasAnyWord', arguments: [field, literal], span }
  }
  if (field.type === 'ip' && value.text.includes('/') && network(value.text) !== null) {
    return { kind: 'call', name: 'cidrMatch', arguments: [field, literal], span }
  }
  // Without a mapping a value that the document writes as a number or a boolean is asked for by its text.
  const operand: Expression =
    field.type === 'unknown' || isText(field.type) ? { kind: 'call', name: 'string', arguments: [field] } : field
  return { kind: 'compare', operator: '==', left: operand, right: literal, span }
}
