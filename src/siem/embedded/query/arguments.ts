/** Reading of query clauses: `{field: {…parameters}}` and its short form `{field: value}`. */
import { illegalArgument, parsingError } from '../errors.ts'

export type Arguments = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** The body of a query as an object. */
export function objectOf(query: string, body: unknown): Record<string, unknown> {
  if (isObject(body)) return body
  throw parsingError(`[${query}] query malformed, no start_object after query name`, { line: undefined })
}

/** The one field of a clause with its parameters; a bare value stands for the parameter `short`. */
export function fieldClause(
  query: string,
  body: unknown,
  { short, allowed }: { short: string | null; allowed: readonly string[] },
): { field: string; given: Arguments } {
  const fields = Object.entries(objectOf(query, body)).filter(([name]) => name !== 'boost' && name !== '_name')
  const [first, second] = fields
  if (first === undefined) throw illegalArgument('field name is null or empty')
  if (second !== undefined) {
    throw parsingError(`[${query}] query doesn't support multiple fields, found [${first[0]}] and [${second[0]}]`)
  }
  const [field, value] = first
  if (Array.isArray(value)) throw parsingError(`[${query}] query does not support array of values`)
  if (!isObject(value)) {
    if (short === null) throw parsingError(`[${query}] query does not support [${field}]`)
    return { field, given: { [short]: value } }
  }
  checkNames(query, value, allowed)
  return { field, given: value }
}

/** Throws for a parameter that the query does not have. */
export function checkNames(query: string, given: Arguments, allowed: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (name === 'boost' || name === '_name' || allowed.includes(name)) continue
    throw parsingError(`[${query}] query does not support [${name}]`)
  }
}

/** A flag, also as text. */
export function flag(given: Arguments, name: string, fallback = false): boolean {
  const value = given[name]
  if (value === undefined) return fallback
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw illegalArgument(`Failed to parse value [${value}] as only [true] or [false] are allowed.`)
}

export function boostOf(given: Arguments): number {
  const boost = Number(given.boost ?? 1)
  if (!Number.isFinite(boost) || boost < 0)
    throw illegalArgument(`negative [boost] are not allowed in [${boost}], use a value between 0 and 1 to deboost`)
  return boost
}

/** The documents' count that `minimum_should_match` asks for, of `clauses` optional ones: `2`, `-1`, `75%`, `3<90%`. */
export function minimumOf(value: unknown, clauses: number): number {
  const text = String(value).trim()
  const conditional = text.split(/\s+/).filter((part) => part.includes('<'))
  if (conditional.length > 0) {
    let needed = clauses
    for (const part of conditional) {
      const [most, then] = part.split('<') as [string, string]
      if (clauses <= Number(most)) return needed
      needed = minimumOf(then, clauses)
    }
    return needed
  }
  if (!/^-?\d+%?$/.test(text)) throw parsingError(`For input string: "${text}"`)
  const count = text.endsWith('%') ? Math.trunc((clauses * Number(text.slice(0, -1))) / 100) : Number(text)
  return Math.max(0, count < 0 ? clauses + count : count)
}
