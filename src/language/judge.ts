/** Evaluates and explains the implementations of analytics over events: the engine's port `Judge`. */
import type { Implementation } from '../model/analytic.ts'
import type { EventDocument } from '../model/event.ts'
import type { Explanation } from '../model/run-record.ts'
import { type CompiledQuery, compile, type EventKind } from './compile.ts'
import { isOfKind } from './event-kind.ts'
import { QueryError } from './query-error.ts'

export interface LanguageJudge {
  refusal(implementation: Implementation): string | null
  reads(implementation: Implementation): EventKind[]
  isOfKind(event: EventDocument, kind: EventKind): boolean
  maxspanMs(implementation: Implementation): number
  evaluate(implementation: Implementation, events: readonly EventDocument[]): EventDocument[][]
  explain(implementation: Implementation, events: readonly EventDocument[]): Explanation
}

/** A judge that compiles each query once. All methods but `refusal` and `isOfKind` throw `QueryError` for what is refused. */
export function createJudge(): LanguageJudge {
  const known = new Map<string, CompiledQuery | QueryError>()

  const lookUp = ({ language, query }: Implementation): CompiledQuery | QueryError => {
    const key = `${language}\n${query}`
    let found = known.get(key)
    if (found === undefined) {
      found = compiledOrError(language, query)
      known.set(key, found)
    }
    return found
  }

  const compiled = (implementation: Implementation): CompiledQuery => {
    const found = lookUp(implementation)
    if (found instanceof QueryError) throw found
    return found
  }

  return {
    refusal: (implementation) => {
      const found = lookUp(implementation)
      return found instanceof QueryError ? found.message : null
    },
    reads: (implementation) => compiled(implementation).kinds,
    isOfKind: (event, kind) => isOfKind(event.source, kind),
    maxspanMs: (implementation) => compiled(implementation).maxspanMs,
    evaluate: (implementation, events) => compiled(implementation).evaluate(events),
    explain: (implementation, events) => compiled(implementation).explain(events),
  }
}

function compiledOrError(language: Implementation['language'], query: string): CompiledQuery | QueryError {
  try {
    return compile(language, query)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}
