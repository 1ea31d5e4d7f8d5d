/** What the views of analytics look for. */
import { parseView } from '../../language/wire-view/parse.ts'
import type { Analytic } from '../../model/analytic.ts'
import type { Watched } from '../../wire/wire-types.ts'

/** Of all implementations that are views, without repeats. Throws `QueryError`. */
export function watchedOf(analytics: readonly Analytic[]): Watched[] {
  const watched = analytics
    .flatMap(({ implementations }) => implementations)
    .flatMap(({ language, query }): Watched[] => {
      if (language !== 'decoded' && language !== 'raw' && language !== 'printable') return []
      return [{ view: language, pattern: parseView(language, query).pattern }]
    })
  return [...new Map(watched.map((one) => [`${one.view} ${one.pattern}`, one])).values()]
}
