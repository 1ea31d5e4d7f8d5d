/** Which tests and checks a run takes. */
import type { Analytic } from '../../model/analytic.ts'
import { closest } from '../../model/closest.ts'
import type { ExpectedCheck, Scenario, Test } from '../../model/scenario.ts'
import type { PlanProblem, Selection } from './planned.ts'

export interface SelectedTest {
  /** `scenario/test`. */
  id: string
  scenario: Scenario
  test: Test
  expect: ExpectedCheck[]
}

export function select(
  scenarios: Scenario[],
  analytics: Analytic[],
  selection: Selection,
): { tests: SelectedTest[]; problems: PlanProblem[] } {
  const all = scenarios.flatMap((scenario) =>
    scenario.tests.map((test) => ({ id: `${scenario.id}/${test.id}`, scenario, test, expect: test.expect })),
  )
  const problems = [
    ...unknown('scenario or test', selection.ids, [...scenarios.map(({ id }) => id), ...all.map(({ id }) => id)]),
    ...unknown('tag', selection.tags, new Set(all.flatMap(tagsOf))),
    ...unknown(
      'analytic',
      selection.analytics,
      analytics.map(({ id }) => id),
    ),
  ]
  const tests = all
    .filter(({ id, scenario }) => holds(selection.ids, [id, scenario.id]))
    .filter((test) => holds(selection.tags, tagsOf(test)))
    .map((test) => ({ ...test, expect: test.expect.filter(({ analytic }) => holds(selection.analytics, [analytic])) }))
    .filter(({ expect }) => expect.length > 0)
  if (tests.length === 0 && problems.length === 0) {
    problems.push({ test: null, message: 'no test is selected', mend: '`tocsin list` shows what there is' })
  }
  return { tests, problems }
}

const tagsOf = ({ scenario, test }: SelectedTest): string[] => [...(scenario.tags ?? []), ...(test.tags ?? [])]

/** An empty selection takes all. */
const holds = (selected: string[], names: string[]): boolean =>
  selected.length === 0 || selected.some((name) => names.includes(name))

function unknown(what: string, asked: string[], known: Iterable<string>): PlanProblem[] {
  const names = [...known]
  return asked
    .filter((name) => !names.includes(name))
    .map((name) => {
      const near = closest(name, names)
      return {
        test: null,
        message: `there is no ${what} "${name}"`,
        mend: near === null ? '`tocsin list` shows what there is' : `did you mean "${near}"?`,
      }
    })
}
