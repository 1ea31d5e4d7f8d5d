/** Templates in the texts of a test name what exists; its variables do not go round in a circle. */
import { templateProblems, templatesOf, variableCycle } from '../../model/template.ts'
import type { Problem } from '../problem.ts'
import type { Path } from '../yaml-file.ts'
import { type Check, entriesOf, type Part, problemAt, stepsOf, testsOf, textOf } from './context.ts'

export const templates: Check = (context) =>
  testsOf(context).flatMap((test) => [...mistakes(test, context.roles), ...circle(test)])

function mistakes(test: Part, labRoles: ReadonlySet<string> | undefined): Problem[] {
  const variables = Object.keys(variablesOf(test))
  return textsOf(test).flatMap(({ path, text }) =>
    templateProblems(text, { roles: labRoles ?? rolesIn(text), variables }).map(({ offset, length, message, mend }) => {
      const before = text.slice(0, offset).split('\n')
      const place = test.file.insideText(path, before.length, before.at(-1)!.length + 1)
      return {
        path: test.file.path,
        ...place,
        length: place.length === 1 ? length : place.length,
        message,
        ...(mend === undefined ? {} : { mend }),
      }
    }),
  )
}

/** The roles that a text names: without a lab any may be meant. */
const rolesIn = (text: string) =>
  templatesOf(text).flatMap(({ expression }) => (expression?.kind === 'host' ? [expression.role] : []))

function circle(test: Part): Problem[] {
  const cycle = variableCycle(variablesOf(test))
  return cycle === null ? [] : [problemAt(test, 'variables', `variables that need each other: ${cycle.join(' → ')}`)]
}

/** Every text of a test that may hold templates. */
function textsOf(test: Part): { path: Path; text: string }[] {
  const own = [
    ...stepsOf(test).flatMap((step) => [
      ...['run', 'stdin'].map((key) => [step, key] as const),
      ...inMap(step, 'parameters'),
    ]),
    ...entriesOf(test, 'changes').map((change) => [change, 'name'] as const),
    ...inMap(test, 'variables'),
  ]
  return own.flatMap(([part, key]) => {
    const text = textOf(part, key)
    return text === undefined ? [] : [{ path: [...part.path, key], text }]
  })
}

/** Each key of a map inside a part, with the map as its part. */
function inMap(part: Part, key: string): (readonly [Part, string])[] {
  const map = part.value[key]
  if (map === null || typeof map !== 'object') return []
  const inner: Part = { file: part.file, path: [...part.path, key], value: map as Part['value'] }
  return Object.keys(map).map((name) => [inner, name] as const)
}

function variablesOf(test: Part): Record<string, string> {
  const entries = Object.entries((test.value.variables as object | undefined) ?? {})
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
