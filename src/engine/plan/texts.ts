/** Every text of a test that may hold templates, and the roles it names. */
import type { Step, Test } from '../../model/scenario.ts'
import { templatesOf } from '../../model/template.ts'

function stepTexts(step: Step): string[] {
  if (!('run' in step)) return []
  return [step.run, ...(step.stdin === undefined ? [] : [step.stdin]), ...Object.values(step.parameters ?? {})]
}

const allSteps = (test: Test): Step[] => [...test.setup, ...test.steps, ...test.cleanup]

/** All texts of a test, its variables included. */
export function textsOf(test: Test): string[] {
  return [
    ...allSteps(test).flatMap(stepTexts),
    ...test.changes.map(({ name }) => name),
    ...Object.values(test.variables ?? {}),
  ]
}

/** The roles of a test, in the order of first use. */
export function rolesIn(test: Test): string[] {
  const roles = new Set<string>()
  for (const step of allSteps(test)) if ('run' in step) roles.add(step.host)
  for (const { host } of test.changes) roles.add(host)
  for (const text of textsOf(test)) {
    for (const { expression } of templatesOf(text)) if (expression?.kind === 'host') roles.add(expression.role)
  }
  return [...roles]
}

/** Whether a test's commands carry its marker, by themselves or through a variable. */
export function carriesMarker(test: Test): boolean {
  const variables = test.variables ?? {}
  const seen = new Set<string>()
  const carries = (text: string): boolean =>
    templatesOf(text).some(({ expression }) => {
      if (expression?.kind === 'marker') return true
      if (expression?.kind !== 'variable' || seen.has(expression.name)) return false
      seen.add(expression.name)
      return carries(variables[expression.name] ?? '')
    })
  return [...test.setup, ...test.steps].flatMap(stepTexts).some(carries)
}
