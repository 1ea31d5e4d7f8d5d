/** KQL syntax tree → query DSL on one index, clause by clause as Elasticsearch rewrites it. */
import type { Field } from '../../mapping/mapping.ts'
import type { StoredIndex } from '../../store/stored-index.ts'
import { simplePattern } from '../values.ts'
import type { KqlNode, KqlValue, RangeOperator } from './parser.ts'

export interface KqlOptions {
  caseInsensitive: boolean
  timeZone: string | null
  defaultField: string | null
  /** Whether a range lies beyond all values of the index: Elasticsearch then reads nothing that is joined to it by `and`. */
  isBeyond(range: Record<string, unknown>): boolean
}

type Clause = Record<string, unknown>

const BOUNDS: Readonly<Record<RangeOperator, string>> = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' }
const NONE: Clause = { match_none: {} }

/** The query DSL of a query on an index. */
export function queryDslOf(node: KqlNode, index: StoredIndex, options: KqlOptions): Clause {
  const of = (inner: KqlNode) => queryDslOf(inner, index, options)
  const zone = options.timeZone === null ? {} : { time_zone: options.timeZone }
  switch (node.kind) {
    case 'all':
      return { match_all: {} }
    case 'and':
      return allOf(node.operands.map(of))
    case 'or':
      return anyOf(node.operands.map(of))
    case 'not': {
      const clause = of(node.operand)
      return 'match_all' in clause ? NONE : { bool: { must_not: [clause] } }
    }
    case 'exists':
      return anyOf(fieldsNamed(node.field, index).map(([field]) => ({ exists: { field } })))
    case 'range': {
      const bound = BOUNDS[node.operator]
      const ranges = fieldsNamed(node.field, index).map(([field, { typeName }]) =>
        rangeOf(field, typeName, { [bound]: node.value.text, ...zone }, options),
      )
      return anyOf(ranges)
    }
    case 'match': {
      const { field, value } = node
      if (field === null) return withoutField(value, options)
      return anyOf(fieldsNamed(field, index).map(([name, { typeName }]) => matchOf(name, typeName, value, options)))
    }
  }
}

/** Where one clause matches nothing the others are not even read: their mistakes are not told. */
function allOf(clauses: Clause[]): Clause {
  return clauses.some((clause) => 'match_none' in clause) ? NONE : { bool: { must: clauses } }
}

function anyOf(clauses: Clause[]): Clause {
  if (clauses.every((clause) => 'match_none' in clause)) return NONE
  return clauses.length === 1 ? clauses[0]! : { bool: { should: clauses, minimum_should_match: 1 } }
}

function matchOf(name: string, type: string, { text, quoted, wild }: KqlValue, options: KqlOptions): Clause {
  const isKeyword = type === 'keyword'
  const value = { value: text, case_insensitive: options.caseInsensitive }
  if (wild) {
    return isKeyword
      ? { wildcard: { [name]: value } }
      : { query_string: { query: escapedButWildcards(text), fields: [name] } }
  }
  if (type === 'date' || type === 'date_nanos') {
    const zone = options.timeZone === null ? {} : { time_zone: options.timeZone }
    return rangeOf(name, type, { gte: text, lte: text, ...zone }, options)
  }
  if (isKeyword) return { term: { [name]: value } }
  if (quoted) return { match_phrase: { [name]: text } }
  return { match: { [name]: { query: text, lenient: true } } }
}

function withoutField({ text, quoted, wild }: KqlValue, { defaultField }: KqlOptions): Clause {
  if (wild) {
    const field = defaultField === null ? {} : { default_field: defaultField }
    return { query_string: { query: escapedButWildcards(text), ...field } }
  }
  const fields = defaultField === null ? {} : { fields: [defaultField] }
  return { multi_match: { query: text, type: quoted ? 'phrase' : 'best_fields', lenient: true, ...fields } }
}

function rangeOf(name: string, type: string, bounds: Clause, { isBeyond }: KqlOptions): Clause {
  const clause = { range: { [name]: bounds } }
  return type.startsWith('date') && isBeyond(clause) ? NONE : clause
}

/** What the Lucene syntax gives a meaning, but for `*`. */
const escapedButWildcards = (text: string) => text.replace(/[\\+\-!():^[\]"{}~?|&/]/g, '\\$&')

/** The searchable fields that a name stands for. Wildcards in a quoted name stand for nothing. */
function fieldsNamed({ text, quoted }: KqlValue, { mapping }: StoredIndex): [string, Field][] {
  if (!text.includes('*')) {
    const field = mapping.field(text)
    return field?.type.searchable ? [[text, field]] : []
  }
  if (quoted) return []
  const wanted = simplePattern(text)
  return [...mapping.fields()].filter(([path, { type }]) => type.searchable && wanted.test(path))
}
