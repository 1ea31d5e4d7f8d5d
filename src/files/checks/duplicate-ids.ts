/** An id names one thing. Each place that repeats one is a problem, and says where the others are. */
import type { Problem } from '../problem.ts'
import { type Check, entriesOf, type Part, problemAt, testsOf, textOf, wholeOf } from './context.ts'

export const duplicateIds: Check = (context) => {
  const { scenarios, analytics } = context
  const rules = analytics
    .flatMap((file) => entriesOf(wholeOf(file), 'implementations'))
    .map(({ file, path, value }) => ({ file, path: [...path, 'rule'], value: (value.rule ?? {}) as Part['value'] }))
  return [
    ...repeated(scenarios.map(wholeOf), 'id', 'scenario'),
    ...repeated(analytics.map(wholeOf), 'id', 'analytic'),
    ...repeated(rules, 'rule_id', 'rule'),
    ...scenarios.flatMap((file) => repeated(entriesOf(wholeOf(file), 'tests'), 'id', 'test')),
    ...testsOf(context).flatMap((test) => repeated(entriesOf(test, 'expect'), 'analytic', 'expectation of analytic')),
  ]
}

function repeated(parts: Part[], key: string, what: string): Problem[] {
  const byId = new Map<string, Part[]>()
  for (const part of parts) {
    const id = textOf(part, key)
    if (id !== undefined) byId.set(id, [...(byId.get(id) ?? []), part])
  }
  return [...byId].flatMap(([id, same]) =>
    same.length < 2 ? [] : same.map((part) => clash(part, key, id, what, same)),
  )
}

function clash(part: Part, key: string, id: string, what: string, same: Part[]): Problem {
  const others = same.filter((other) => other !== part).map((other) => placeOf(other, key, part))
  return problemAt(part, key, `${what} '${id}' is also at ${others.join(', ')}`, 'an id may stand once: rename one')
}

function placeOf({ file, path }: Part, key: string, from: Part): string {
  const { line, column } = file.valueAt([...path, key])
  return file === from.file ? `line ${line}` : `${file.path}:${line}:${column}`
}
