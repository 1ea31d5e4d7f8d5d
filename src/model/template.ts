/**
 * Templates in the texts of a test: `{{marker}}`, `{{target.name}}`, `{{target.time+3m}}`, and the test's own variables.
 *
 *     expression = "marker" | variable | role "." field
 *     field      = "name" | "address" | "user" | "password" | "domain" | ("time" | "isoTime") [ "+" duration ]
 */
import { closest } from './closest.ts'
import { parseDuration } from './duration.ts'

export const HOST_FIELDS = ['name', 'address', 'user', 'password', 'domain', 'time', 'isoTime'] as const
export type HostField = (typeof HOST_FIELDS)[number]

export type TemplateExpression =
  | { kind: 'marker' }
  | { kind: 'variable'; name: string }
  /** `offsetMs` is 0 but for times. */
  | { kind: 'host'; role: string; field: HostField; offsetMs: number }

/** A mistake in a text; `offset` and `length` are UTF-16 code units of the text. */
export interface TemplateProblem {
  offset: number
  length: number
  message: string
  mend?: string
}

/** The names that a text may use. */
export interface TemplateNames {
  roles: Iterable<string>
  variables: Iterable<string>
}

const TEMPLATE = /\{\{(.*?)\}\}/gs
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const HOST_TIME = /^(.+)\.(time|isoTime)\+(\d+(?:\.\d+)?(?:ms|s|m|h|d))$/

/** The expression between two pairs of braces, or null when it is none. Names are not looked up. */
function parseExpression(text: string): TemplateExpression | null {
  const trimmed = text.trim()
  if (trimmed === 'marker') return { kind: 'marker' }
  const time = HOST_TIME.exec(trimmed)
  if (time !== null && NAME.test(time[1]!)) {
    return { kind: 'host', role: time[1]!, field: time[2] as HostField, offsetMs: parseDuration(time[3]!)! }
  }
  if (!NAME.test(trimmed)) return null
  const dot = trimmed.lastIndexOf('.')
  const field = HOST_FIELDS.find((name) => name === trimmed.slice(dot + 1))
  if (dot > 0 && field !== undefined) return { kind: 'host', role: trimmed.slice(0, dot), field, offsetMs: 0 }
  return { kind: 'variable', name: trimmed }
}

/** Each template of a text in order; `expression` is null where it cannot be read. */
export function templatesOf(text: string): { offset: number; source: string; expression: TemplateExpression | null }[] {
  return [...text.matchAll(TEMPLATE)].map((found) => ({
    offset: found.index,
    source: found[0],
    expression: parseExpression(found[1]!),
  }))
}

/** Replaces each template by what `value` gives for it; those for which it gives null stay as they are. */
export function fillTemplate(text: string, value: (expression: TemplateExpression) => string | null): string {
  return text.replace(TEMPLATE, (source, inner: string) => {
    const expression = parseExpression(inner)
    return (expression === null ? null : value(expression)) ?? source
  })
}

/** Every mistake in a text's templates, in order of place. */
export function templateProblems(text: string, known: TemplateNames): TemplateProblem[] {
  const roles = [...known.roles]
  const variables = [...known.variables]
  const problems: TemplateProblem[] = []
  for (const { offset, source, expression } of templatesOf(text)) {
    const found = problemOf(source, expression, roles, variables)
    if (found !== null) problems.push({ offset, length: source.length, ...found })
  }
  const rest = text.replace(TEMPLATE, (source) => ' '.repeat(source.length))
  const open = rest.indexOf('{{')
  if (open !== -1) {
    problems.push({ offset: open, length: 2, message: 'a template that is not closed', mend: 'end it with }}' })
  }
  return problems.sort((a, b) => a.offset - b.offset)
}

function problemOf(
  source: string,
  expression: TemplateExpression | null,
  roles: string[],
  variables: string[],
): { message: string; mend?: string } | null {
  if (expression === null) {
    return {
      message: `${source} is not a template`,
      mend: 'write {{marker}}, {{variable}}, {{role.name}} or {{role.time+3m}}',
    }
  }
  if (expression.kind === 'marker') return null
  if (expression.kind === 'host') {
    if (roles.includes(expression.role)) return null
    return {
      message: `no role is called "${expression.role}"`,
      ...suggestion(expression.role, roles),
    }
  }
  if (variables.includes(expression.name)) return null
  const dot = expression.name.lastIndexOf('.')
  const role = expression.name.slice(0, dot)
  if (dot > 0 && roles.includes(role)) {
    const field = expression.name.slice(dot + 1)
    return { message: `a host has no "${field}"`, ...suggestion(field, [...HOST_FIELDS]) }
  }
  const names = ['marker', ...variables, ...roles.map((name) => `${name}.name`)]
  return { message: `no such template variable: "${expression.name}"`, ...suggestion(expression.name, names) }
}

function suggestion(name: string, names: string[]): { mend: string } {
  const near = closest(name, names)
  return { mend: near === null ? `one of ${names.join(', ')}` : `did you mean "${near}"?` }
}

/** The names of the variables that form a cycle, in order, the first repeated at the end; null when there is none. */
export function variableCycle(variables: Readonly<Record<string, string>>): string[] | null {
  const done = new Set<string>()
  const visit = (name: string, path: string[]): string[] | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    const text = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (text === undefined || done.has(name)) return null
    for (const { expression } of templatesOf(text)) {
      if (expression?.kind !== 'variable') continue
      const cycle = visit(expression.name, [...path, name])
      if (cycle !== null) return cycle
    }
    done.add(name)
    return null
  }
  for (const name of Object.keys(variables)) {
    const cycle = visit(name, [])
    if (cycle !== null) return cycle
  }
  return null
}
