/** A test runs on roles that hosts of the lab have. */
import { mendUnknown } from '../suggest.ts'
import { type Check, entriesOf, problemAt, stepsOf, testsOf, textOf } from './context.ts'

export const unknownRoles: Check = (context) => {
  const { roles } = context
  if (roles === undefined) return []
  return testsOf(context)
    .flatMap((test) => [...stepsOf(test), ...entriesOf(test, 'changes')])
    .flatMap((part) => {
      const role = textOf(part, 'host')
      if (role === undefined || roles.has(role)) return []
      return [problemAt(part, 'host', `no host of the lab has the role '${role}'`, mendUnknown(role, roles, 'roles'))]
    })
}
