/** What a query's own language says against it, for the linter. Languages that cannot be evaluated are not checked. */
import type { CheckQuery } from '../files/checks/checks.ts'
import { compile } from '../language/compile.ts'
import { frontEnds } from '../language/front-ends.ts'
import { QueryError } from '../language/query-error.ts'

export const checkQuery: CheckQuery = ({ language, query }) => {
  if (frontEnds[language] === undefined) return []
  try {
    compile(language, query)
    return []
  } catch (error) {
    if (error instanceof QueryError) return error.problems
    throw error
  }
}
