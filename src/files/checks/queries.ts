/** A query is one that its language can read; what the language says is shown inside the file. */
import { Implementation } from '../../model/analytic.ts'
import type { Problem } from '../problem.ts'
import { type Check, entriesOf, type Part, problemAt, wholeOf } from './context.ts'

export const queries: Check = ({ analytics, checkQuery }) =>
  analytics.flatMap((file) => {
    const implementations = entriesOf(wholeOf(file), 'implementations')
    const deployed = implementations.filter(({ value }) => value.rule !== undefined)
    const surplus = deployed
      .slice(1)
      .map((part) => problemAt(part, 'rule', 'a second implementation with a rule', 'one implementation is deployed'))
    return [...surplus, ...(checkQuery ? implementations.flatMap((part) => problemsOf(part, checkQuery)) : [])]
  })

function problemsOf(part: Part, checkQuery: NonNullable<Parameters<Check>[0]['checkQuery']>): Problem[] {
  const parsed = Implementation.safeParse(part.value)
  if (!parsed.success) return []
  return checkQuery(parsed.data).map(({ line, column, message, mend }) => ({
    path: part.file.path,
    ...part.file.insideText([...part.path, 'query'], line, column),
    message,
    ...(mend === undefined ? {} : { mend }),
  }))
}
