/** A query of any language, compiled once and run over many events. */
import type { Language } from '../model/analytic.ts'
import type { CompileOptions } from './compile-options.ts'
import { type CompiledQuery, compiledQuery } from './compiled-query.ts'
import { frontEnds } from './front-ends.ts'
import type { Plan } from './plan.ts'
import { problemAt, QueryError } from './query-error.ts'

export type { CompileOptions } from './compile-options.ts'
export type { CompiledQuery } from './compiled-query.ts'
export type { EventKind } from './event-kind.ts'

/** Compiles a query. Throws `QueryError` with every problem that was found. */
export function compile(language: Language, query: string, options: CompileOptions = {}): CompiledQuery {
  return compiledQuery({ language, query }, planOf(language, query, options), options)
}

/** What a query does, as data. Throws `QueryError` with every problem that was found. */
export function planOf(language: Language, query: string, options: CompileOptions = {}): Plan {
  const frontEnd = frontEnds[language]
  if (frontEnd === undefined) {
    throw new QueryError([problemAt(query, 0, `queries in ${language} cannot be evaluated here`)])
  }
  return frontEnd(query, options)
}
