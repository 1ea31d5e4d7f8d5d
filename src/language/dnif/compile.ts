/** DNIF queries → plan. */
import type { CompileOptions } from '../compile-options.ts'
import { lowerDialect } from '../dialect/lower.ts'
import type { Plan } from '../plan.ts'
import { DNIF } from './fields.ts'
import { parseDnif } from './parser.ts'

/** Regular expressions match the whole value, as those of Lucene do. Throws `QueryError`. */
export function compileDnif(query: string, options: CompileOptions = {}): Plan {
  return lowerDialect(DNIF, query, { ...parseDnif(query), span: { start: 0, end: query.length } }, options)
}
