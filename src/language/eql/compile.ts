/** EQL text → plan. */
import type { Plan } from '../plan.ts'
import { type LowerOptions, lower } from './lower.ts'
import { parseEql } from './parser.ts'
import { type VerifyOptions, verify } from './verify.ts'

/** Throws `QueryError`: of parsing at the first problem, of verification with all. */
export function compileEql(query: string, options: LowerOptions & VerifyOptions = {}): Plan {
  const tree = parseEql(query)
  verify(tree, query, options)
  return lower(tree, options)
}
