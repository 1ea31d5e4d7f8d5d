/** `filter_path`: an answer cut to the named parts; `*` one name, `**` any depth, `-` leaves out. */

type Pattern = string[]

export function filterPath(body: unknown, parameter: string): unknown {
  const all = parameter.split(',').filter((part) => part !== '')
  const includes = all.filter((part) => !part.startsWith('-')).map((part) => part.split('.'))
  const excludes = all.filter((part) => part.startsWith('-')).map((part) => part.slice(1).split('.'))
  let kept = body
  if (includes.length > 0) kept = include(kept, includes) ?? {}
  if (excludes.length > 0) kept = exclude(kept, excludes) ?? {}
  return kept
}

const fits = (pattern: string, name: string) =>
  pattern === '*' ||
  pattern === name ||
  (pattern.includes('*') &&
    new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replace(/\*+/g, '.*')}$`).test(name))

/** What is left of the patterns one name further down. */
const step = (patterns: Pattern[], name: string): Pattern[] =>
  patterns.flatMap((pattern) => {
    const [head, ...rest] = pattern as [string, ...string[]]
    if (head === '**') return [pattern, rest, ...(rest.length > 0 && fits(rest[0]!, name) ? [rest.slice(1)] : [])]
    return fits(head, name) ? [rest] : []
  })

function include(value: unknown, patterns: Pattern[]): unknown {
  if (patterns.some((pattern) => pattern.length === 0)) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => include(item, patterns)).filter((item) => item !== undefined)
    return items.length === 0 ? undefined : items
  }
  if (value === null || typeof value !== 'object') return undefined
  const kept: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    const below = step(patterns, name).filter((pattern, _, all) => pattern.length > 0 || all.length > 0)
    if (below.length === 0) continue
    const found = include(inner, below)
    if (found !== undefined) kept[name] = found
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}

function exclude(value: unknown, patterns: Pattern[]): unknown {
  if (patterns.some((pattern) => pattern.length === 0)) return undefined
  if (Array.isArray(value)) return value.map((item) => exclude(item, patterns)).filter((item) => item !== undefined)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([name, inner]) => [name, exclude(inner, step(patterns, name))] as const)
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined))
}
