/** Names of indices: what may be one, and which ones an expression means. */
import { ElasticsearchError, illegalArgument } from '../errors.ts'

/** Throws `invalid_index_name_exception` (400) for what no index may be called. */
export function checkIndexName(name: string): void {
  const reason = problemOf(name)
  if (reason === null) return
  throw new ElasticsearchError(400, 'invalid_index_name_exception', `Invalid index name [${name}], ${reason}`, {
    index_uuid: '_na_',
    index: name,
  })
}

function problemOf(name: string): string | null {
  if (name !== name.toLowerCase()) return 'must be lowercase'
  if (/[ "*\\<|,>/?]/.test(name)) {
    return `must not contain the following characters ['\\','/','*','?','"','<','>','|',' ',',']`
  }
  if (name.includes('#')) return "must not contain '#'"
  if (name.includes(':')) return "must not contain ':'"
  if (/^[_+-]/.test(name)) return "must not start with '_', '-', or '+'"
  if (name === '.' || name === '..') return "must not be '.' or '..'"
  return Buffer.byteLength(name) > 255 ? `index name is too long, (${Buffer.byteLength(name)} > 255)` : null
}

/** Whether a name matches a pattern with `*`. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [first, ...rest] = pattern.split('*') as [string, ...string[]]
  if (rest.length === 0) return first === name
  if (!name.startsWith(first)) return false
  let at = first.length
  const last = rest.pop()!
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}

/** How an expression is to be read; `expand_wildcards` and its companions of the request. */
export interface IndexOptions {
  ignoreUnavailable: boolean
  allowNoIndices: boolean
  hidden: boolean
  /** Wildcards match nothing. */
  wildcards: boolean
}

export const SEARCH_OPTIONS: IndexOptions = {
  ignoreUnavailable: false,
  allowNoIndices: true,
  hidden: false,
  wildcards: true,
}

/** The options that a request's parameters give, over the API's own. */
export function indexOptions(parameters: URLSearchParams, base: IndexOptions = SEARCH_OPTIONS): IndexOptions {
  const flag = (name: string, fallback: boolean) => {
    const value = parameters.get(name)
    if (value === null) return fallback
    if (value === '' || value === 'true') return true
    if (value === 'false') return false
    throw illegalArgument(`Failed to parse value [${value}] as only [true] or [false] are allowed.`)
  }
  const expand = parameters.get('expand_wildcards')?.split(',')
  return {
    ignoreUnavailable: flag('ignore_unavailable', base.ignoreUnavailable),
    allowNoIndices: flag('allow_no_indices', base.allowNoIndices),
    hidden: expand === undefined ? base.hidden : expand.includes('all') || expand.includes('hidden'),
    wildcards: expand === undefined ? base.wildcards : !expand.includes('none'),
  }
}
