/** Fills in the texts of a test. Passwords come last, when a command leaves: whatever is kept holds their templates only. */
import { fillTemplate, type TemplateExpression } from '../model/template.ts'
import { hostMinute, hostSecond } from './host-time.ts'
import type { PlannedTest } from './plan/planned.ts'
import type { NamedHost } from './ports.ts'

type HostExpression = Extract<TemplateExpression, { kind: 'host' }>

/** Fills in a text, all but its passwords. */
export type Filler = (text: string) => string

/** The name a host goes by on its network and in its telemetry. */
export const nameOf = (host: NamedHost): string => host.hostname ?? host.name

/** The address other hosts of the lab know it by. */
export const addressOf = (host: NamedHost): string | undefined => host.emulated?.ip ?? host.ip ?? host.address

/**
 * The filler of one test. Its variables take their values now, so that a time in a variable is the same in every step;
 * a time written into a step itself counts from `now()` when that step is filled in.
 */
export function fillerOf(
  { test, hosts, marker }: Pick<PlannedTest, 'test' | 'hosts' | 'marker'>,
  now: () => number,
): Filler {
  const values = new Map<string, string>()
  const variables = test.variables ?? {}
  const valueFor = (expression: TemplateExpression): string | null => {
    if (expression.kind === 'marker') return marker
    if (expression.kind === 'variable') return variableOf(expression.name)
    const host = hosts.get(expression.role)
    return host === undefined ? null : fieldOfHost(host, expression, now())
  }
  const variableOf = (name: string): string | null => {
    if (!Object.hasOwn(variables, name)) return null
    const known = values.get(name)
    if (known !== undefined) return known
    const value = fillTemplate(variables[name]!, valueFor)
    values.set(name, value)
    return value
  }
  for (const name of Object.keys(variables)) variableOf(name)
  return (text) => fillTemplate(text, valueFor)
}

/** Null for what the host does not have, and for its password, which stays a template. */
function fieldOfHost(host: NamedHost, { field, offsetMs }: HostExpression, now: number): string | null {
  switch (field) {
    case 'name':
      return nameOf(host)
    case 'address':
      return addressOf(host) ?? null
    case 'user':
      return host.user ?? null
    case 'domain':
      return host.domain ?? null
    case 'password':
      return null
    case 'time':
      return hostMinute(host, now + offsetMs)
    case 'isoTime':
      return hostSecond(host, now + offsetMs)
  }
}

/** Puts passwords in place of their templates: the last thing before a text leaves for a host. */
export function withPasswords(text: string, hosts: ReadonlyMap<string, NamedHost>): string {
  return fillTemplate(text, (expression) =>
    expression.kind === 'host' && expression.field === 'password'
      ? (hosts.get(expression.role)?.password ?? null)
      : null,
  )
}
