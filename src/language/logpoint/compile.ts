/** LogPoint searches → plan. */
import type { CompileOptions } from '../compile-options.ts'
import { lowerDialect } from '../dialect/lower.ts'
import type { Plan } from '../plan.ts'
import { LOGPOINT } from './fields.ts'
import { parseLogPoint } from './parser.ts'

/** Throws `QueryError`. */
export function compileLogPoint(query: string, options: CompileOptions = {}): Plan {
  const condition = parseLogPoint(query)
  return lowerDialect(LOGPOINT, query, { condition, limits: [], span: { start: 0, end: query.length } }, options)
}
