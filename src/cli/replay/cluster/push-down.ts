/** What a cluster is asked for one implementation. */
import { compile } from '../../../language/compile.ts'
import type { EventKind } from '../../../language/event-kind.ts'
import type { Stage } from '../../../language/plan.ts'
import { type Clause, queryDslOf, type TypesOf, Untranslatable } from '../../../language/query-dsl.ts'
import type { Implementation } from '../../../model/analytic.ts'

/** One implementation, ready to be asked for. */
export interface Pushed {
  id: string
  language: Implementation['language']
  kinds: readonly EventKind[]
  /** Fields whose types decide whether the query DSL means the same. */
  fields: readonly string[]
  ask: Ask
}

export type Ask =
  | { by: 'eql'; query: string }
  | { by: 'search'; query: (typesOf: TypesOf) => Clause }
  /** It cannot be asked there. */
  | { by: 'nothing'; reason: string }

/** Throws `QueryError` for a query that cannot be compiled. */
export function pushedFor(id: string, { language, query: text }: Implementation): Pushed {
  const { kinds, fields, plan } = compile(language, text)
  const about = { id, language, kinds, fields: plan.shape === 'event' ? fields : [] }
  if (language === 'eql') return { ...about, ask: { by: 'eql', query: text } }
  if (language === 'kuery') return { ...about, ask: { by: 'search', query: () => ({ kql: { query: text } }) } }
  if (plan.shape !== 'event') {
    return {
      ...about,
      ask: { by: 'nothing', reason: `a ${plan.shape} in ${language} has no form that Elasticsearch runs` },
    }
  }
  if (plan.limits.length > 0)
    return { ...about, ask: { by: 'nothing', reason: 'it takes only the first or the last of its matches' } }
  return { ...about, ask: { by: 'search', query: (typesOf) => translated(plan.stage, typesOf) } }
}

function translated(stage: Stage, typesOf: TypesOf): Clause {
  try {
    return queryDslOf(stage, typesOf)
  } catch (error) {
    if (error instanceof Untranslatable) throw new Untranslatable(`the query DSL has no equal for ${error.message}`)
    throw error
  }
}

/** The events of a kind. */
export const kindQuery = ({ categories, field }: EventKind): Clause => ({
  bool: {
    filter: [
      ...(categories === null ? [] : [{ terms: { 'event.category': categories } }]),
      ...(field === undefined ? [] : [{ exists: { field } }]),
    ],
  },
})
