/** The mistakes of one test that only the whole lab and all analytics show. */
import { isIP } from 'node:net'
import { closest } from '../../model/closest.ts'
import { type HOST_FIELDS, templateProblems, templatesOf, variableCycle } from '../../model/template.ts'
import type { NamedHost } from '../ports.ts'
import { addressOf } from '../texts.ts'
import type { PlanProblem } from './planned.ts'
import type { SelectedTest } from './selection.ts'
import { rolesIn, textsOf } from './texts.ts'

/** Every mistake of one test, each once. */
export function problemsOf(
  { id, test, expect }: SelectedTest,
  lab: { roles: string[]; analytics: string[]; hosts: ReadonlyMap<string, NamedHost> },
): PlanProblem[] {
  const problems = new Map<string, PlanProblem>()
  const add = (message: string, mend: string | null) => problems.set(message, { test: id, message, mend })

  for (const { analytic } of expect) {
    if (lab.analytics.includes(analytic)) continue
    add(`there is no analytic "${analytic}"`, meant(analytic, lab.analytics))
  }
  for (const role of rolesIn(test)) {
    if (!lab.roles.includes(role)) add(`no host of the lab has the role "${role}"`, meant(role, lab.roles))
  }
  const names = { roles: [...lab.roles, ...rolesIn(test)], variables: Object.keys(test.variables ?? {}) }
  for (const text of textsOf(test)) {
    for (const { message, mend } of templateProblems(text, names)) add(message, mend ?? null)
    for (const message of missingFields(text, lab.hosts)) add(message, 'add it to the host in the lab file')
  }
  const cycle = variableCycle(test.variables ?? {})
  if (cycle !== null) add(`variables refer to each other in a circle: ${cycle.join(' → ')}`, 'break the circle')
  return [...problems.values()]
}

/** Hosts of a test whose traffic a sensor could not tell from any other. */
export function addressProblems(
  test: string,
  sensors: readonly NamedHost[],
  hosts: ReadonlyMap<string, NamedHost>,
): PlanProblem[] {
  if (sensors.length === 0) return []
  return [...new Set(hosts.values())].flatMap((host) => {
    const address = addressOf(host)
    if (address !== undefined && isIP(address) !== 0) return []
    const what = address === undefined ? 'has no address' : `has the address ${address}, which is a name`
    return [
      {
        test,
        message: `host ${host.name} ${what}, and ${sensors[0]!.name} has to capture its traffic`,
        mend: 'give the host an ip in the lab file',
      },
    ]
  })
}

/** Fields that a text asks of a host which has none. */
function missingFields(text: string, hosts: ReadonlyMap<string, NamedHost>): string[] {
  return templatesOf(text).flatMap(({ expression }) => {
    if (expression?.kind !== 'host') return []
    const host = hosts.get(expression.role)
    if (host === undefined || hasField(host, expression.field)) return []
    return [`host ${host.name} (role "${expression.role}") has no ${expression.field}`]
  })
}

function hasField(host: NamedHost, field: (typeof HOST_FIELDS)[number]): boolean {
  if (field === 'address') return addressOf(host) !== undefined
  if (field === 'user' || field === 'password' || field === 'domain') return host[field] !== undefined
  return true
}

function meant(name: string, names: string[]): string {
  const near = closest(name, names)
  return near === null ? `one of ${names.join(', ')}` : `did you mean "${near}"?`
}
