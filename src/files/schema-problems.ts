/** What a schema says against a file's value, in words, each at its place. */
import type { z } from 'zod'
import type { Problem } from './problem.ts'
import { knownKeys, schemasAt } from './schema-walk.ts'
import { mendUnknown } from './suggest.ts'
import type { Path, YamlFile } from './yaml-file.ts'

type Issue = z.core.$ZodIssue

/** A file's value in a schema's shape, defaults filled in; null, with problems, when it does not fit. */
export function readAs<T>(file: YamlFile, schema: z.ZodType<T>): { value: T | null; problems: Problem[] } {
  const result = schema.safeParse(file.value)
  if (result.success) return { value: result.data, problems: [] }
  return { value: null, problems: result.error.issues.flatMap((issue) => problemsOf(issue, [], file, schema)) }
}

function problemsOf(issue: Issue, base: Path, file: YamlFile, schema: z.ZodType): Problem[] {
  const path = [...base, ...issue.path]
  const problem = (at: 'key' | 'value', where: Path, message: string, mend?: string): Problem => ({
    path: file.path,
    ...(at === 'key' ? file.keyAt(where) : file.valueAt(where)),
    message,
    ...(mend === undefined ? {} : { mend }),
  })
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schemasAt(schema, path))
      return issue.keys.map((key) =>
        problem('key', [...path, key], `'${key}' is not a key here`, mendUnknown(key, known, 'keys here')),
      )
    }
    case 'invalid_union': {
      const branch = likeliestBranch(issue.errors)
      if (branch !== undefined) return branch.flatMap((inner) => problemsOf(inner, path, file, schema))
      return [problem('value', path, `${nameOf(path)} has none of the forms it may have`)]
    }
    case 'invalid_key':
      return [problem('key', path, `${nameOf(path)} cannot be a key: ${issue.issues[0]?.message ?? issue.message}`)]
    case 'invalid_type': {
      const given = valueAt(file.value, path)
      if (given === undefined && path.length > 0) {
        const about = schemasAt(schema, path).find(({ description }) => description)?.description
        return [problem('value', path.slice(0, -1), `${nameOf(path)} is missing`, about && `it holds: ${about}`)]
      }
      return [
        problem(
          'value',
          path,
          `${nameOf(path)} must be ${kind(issue.expected)}, not ${kindOf(given)}`,
          quoted(issue.expected, given),
        ),
      ]
    }
    case 'invalid_value': {
      const given = valueAt(file.value, path)
      const values = issue.values.map(String)
      if (given === undefined && path.length > 0)
        return [problem('value', path.slice(0, -1), `${nameOf(path)} is missing`, `one of: ${values.join(', ')}`)]
      const mend = typeof given === 'string' ? mendUnknown(given, values, 'one of') : `one of: ${values.join(', ')}`
      return [problem('value', path, `${nameOf(path)} cannot be '${String(given)}'`, mend)]
    }
    default:
      return [problem('value', path, `${nameOf(path)}: ${lowerFirst(issue.message)}`)]
  }
}

/** The form that was meant: the one with the fewest things to mend. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const cost = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
  return [...branches].sort((a, b) => cost(a) - cost(b))[0]
}

/** How a place is named in a sentence: its key, or the list it is an entry of. */
function nameOf(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'the file'
  if (typeof last !== 'number') return `'${String(last)}'`
  const list = path.slice(0, -1).findLast((segment) => typeof segment !== 'number')
  return list === undefined ? `entry ${last + 1}` : `entry ${last + 1} of '${String(list)}'`
}

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
}
const kind = (expected: string) => KINDS[expected] ?? expected

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return KINDS[typeof value] ?? typeof value
}

/** A number or truth value where a text belongs only needs quotes. */
const quoted = (expected: string, given: unknown) =>
  expected === 'string' && (typeof given === 'number' || typeof given === 'boolean')
    ? `put it in quotes: '${given}'`
    : undefined

const lowerFirst = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1)

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const segment of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[segment]
  return at
}
