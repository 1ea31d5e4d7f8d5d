/** A test names analytics that exist. */
import { mendUnknown } from '../suggest.ts'
import { type Check, entriesOf, problemAt, testsOf, textOf, wholeOf } from './context.ts'

export const unknownAnalytics: Check = (context) => {
  const known = context.analytics.flatMap((file) => textOf(wholeOf(file), 'id') ?? [])
  // A file with broken syntax may hold the very analytic: that file's own problem is enough then.
  if (context.analytics.some(({ value }) => value === undefined)) return []
  return testsOf(context)
    .flatMap((test) => entriesOf(test, 'expect'))
    .flatMap((expected) => {
      const id = textOf(expected, 'analytic')
      if (id === undefined || known.includes(id)) return []
      return [problemAt(expected, 'analytic', `there is no analytic '${id}'`, mendUnknown(id, known, 'analytics'))]
    })
}
