/** Which indices an expression of a request means. */
import { indexNotFound } from '../errors.ts'
import { type IndexOptions, matchesPattern } from './names.ts'
import type { StoredIndex } from './stored-index.ts'

interface Held {
  indices: ReadonlyMap<string, StoredIndex>
  /** Backing indices by data stream, oldest first. */
  dataStreams: ReadonlyMap<string, string[]>
}

/** The indices that an expression such as `logs-*,-logs-old,winlogbeat` means, in the order of their names. */
export function resolveIndices(
  { indices, dataStreams }: Held,
  expression: string,
  options: IndexOptions,
): StoredIndex[] {
  const parts = expression === '' || expression === '_all' ? ['*'] : expression.split(',')
  const found = new Set<StoredIndex>()
  let wildcardSeen = false
  for (const part of parts) {
    const negative = part.startsWith('-') && wildcardSeen
    const pattern = negative ? part.slice(1) : part
    const named = matching({ indices, dataStreams }, pattern, options)
    if (pattern.includes('*')) wildcardSeen = true
    else if (named.length === 0 && !options.ignoreUnavailable && !negative) throw indexNotFound(pattern)
    if (named.length === 0 && pattern.includes('*') && !options.allowNoIndices && !negative) {
      throw indexNotFound(pattern)
    }
    for (const index of named) {
      if (negative) found.delete(index)
      else found.add(index)
    }
  }
  if (found.size === 0 && !options.allowNoIndices) throw indexNotFound(expression)
  return [...found].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function matching({ indices, dataStreams }: Held, pattern: string, { hidden, wildcards }: IndexOptions): StoredIndex[] {
  if (!pattern.includes('*')) {
    const index = indices.get(pattern)
    if (index !== undefined) return [index]
    const backing = dataStreams.get(pattern)
    if (backing !== undefined) return backing.map((name) => indices.get(name)!)
    return [...indices.values()].filter(({ aliases }) => aliases.has(pattern))
  }
  if (!wildcards) return []
  // Hidden indices show to patterns that begin with a dot, as the names of most of them do.
  const sees = (index: StoredIndex, name: string) =>
    hidden ||
    index.settings.hidden === undefined ||
    String(index.settings.hidden) !== 'true' ||
    (pattern.startsWith('.') && name.startsWith('.'))
  return [...indices.values()].filter((index) => {
    if (matchesPattern(pattern, index.name) && sees(index, index.name)) return true
    if (index.dataStream !== null && matchesPattern(pattern, index.dataStream)) return true
    return [...index.aliases.keys()].some((alias) => matchesPattern(pattern, alias))
  })
}
