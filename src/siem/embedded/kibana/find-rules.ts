/** `_find`: rules by page, in an order, by a filter on their attributes. */
import type { DetectionRule } from '../detection/rule.ts'
import type { Answer } from '../http/request.ts'
import { KibanaError } from './error.ts'

const SORTS = [
  'created_at',
  'createdAt',
  'updated_at',
  'updatedAt',
  'name',
  'enabled',
  'severity',
  'risk_score',
  'riskScore',
]
const LARGEST_PAGE = 10_000

export function findRules(
  rules: readonly DetectionRule[],
  parameters: URLSearchParams,
  show: (rule: DetectionRule) => unknown,
): Answer {
  const page = whole(parameters, 'page', 1)
  const perPage = whole(parameters, 'per_page', 20)
  const field = parameters.get('sort_field') ?? 'updated_at'
  if (!SORTS.includes(field))
    throw new KibanaError(400, `[request query]: sort_field: Invalid enum value, received '${field}'`)
  const descending = (parameters.get('sort_order') ?? 'desc') === 'desc'
  const filter = filterOf(parameters.get('filter') ?? '')
  const key = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as keyof DetectionRule
  const found = rules.filter(filter).sort((a, b) => order(a[key], b[key]) * (descending ? -1 : 1))
  const data = found.slice((page - 1) * perPage, page * perPage).map(show)
  return { body: { page, perPage, total: found.length, data } }
}

function whole(parameters: URLSearchParams, name: string, fallback: number): number {
  const value = parameters.get(name)
  if (value === null) return fallback
  const number = Number(value)
  if (Number.isInteger(number) && number >= (name === 'page' ? 1 : 0) && number <= LARGEST_PAGE) return number
  throw new KibanaError(400, `[request query]: ${name}: Invalid number, received '${value}'`)
}

const order = (a: unknown, b: unknown) => (a === b ? 0 : (a as string) < (b as string) ? -1 : 1)

/** Filters as the detections page writes them: `alert.attributes.<path>: value`, joined by AND and OR without brackets. */
function filterOf(text: string): (rule: DetectionRule) => boolean {
  if (text.trim() === '') return () => true
  const alternatives = text.split(/\s+or\s+/i).map((part) => part.split(/\s+and\s+/i).map(clauseOf))
  return (rule) => alternatives.some((clauses) => clauses.every((clause) => clause(rule)))
}

const ATTRIBUTES: Record<string, (rule: DetectionRule) => unknown> = {
  name: ({ name }) => name,
  enabled: ({ enabled }) => enabled,
  tags: ({ tags }) => tags,
  'params.ruleId': ({ rule_id: ruleId }) => ruleId,
  'params.severity': ({ severity }) => severity,
  'params.riskScore': ({ risk_score: risk }) => risk,
  'params.type': ({ type }) => type,
  'params.immutable': () => false,
}

function clauseOf(text: string): (rule: DetectionRule) => boolean {
  const found = /^\(?\s*(?:alert\.attributes\.)?([\w.]+)\s*:\s*(.+?)\s*\)?$/.exec(text.trim())
  const read = found === null ? undefined : ATTRIBUTES[found[1]!.replace(/\.keyword$/, '')]
  if (found === null || read === undefined)
    throw new KibanaError(400, `[request query]: filter: cannot read "${text.trim()}"`)
  const wanted = found[2]!
    .replace(/^\(|\)$/g, '')
    .replace(/^"(.*)"$/s, '$1')
    .toLowerCase()
  return (rule) =>
    [read(rule)].flat().some((value) => {
      const given = String(value).toLowerCase()
      return wanted.endsWith('*') ? given.startsWith(wanted.slice(0, -1)) : given === wanted
    })
}
