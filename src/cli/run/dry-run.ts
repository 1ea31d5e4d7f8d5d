/** What a run would do, for people: each test with its hosts, its commands and what is expected of it. */
import type { Plan, PlannedTest } from '../../engine/plan/plan.ts'
import { fillerOf } from '../../engine/texts.ts'
import type { Step } from '../../model/scenario.ts'
import { counted } from '../counted.ts'
import { terminalText } from '../printable.ts'

/** Passwords stay the templates that they are in the scenario; times are those of `now` (milliseconds). */
export function renderDryRun(plan: Plan, now: number): string {
  const checks = plan.tests.reduce((sum, { checks }) => sum + checks.length, 0)
  const tests = plan.tests.map((test) => renderTest(test, now))
  return `${tests.join('\n')}\n${counted(plan.tests.length, 'test')}, ${counted(checks, 'check')}, ${counted(plan.analytics.length, 'analytic')}. Nothing was run.\n`
}

function renderTest(planned: PlannedTest, now: number): string {
  const { id, test, hosts, checks, sensors } = planned
  const fill = fillerOf(planned, () => now)
  const captures = sensors.map(({ name, sensor }) => `  ${'capture'.padEnd(8)}${name} on ${sensor.interface}`)
  const places = [...hosts].map(([role, { name }]) => `${role} ${name}`).join(', ')
  const steps = (phase: string, list: Step[]) =>
    list.map((step) =>
      'wait' in step
        ? `  ${phase.padEnd(8)}wait ${step.wait}`
        : `  ${phase.padEnd(8)}${hosts.get(step.host)?.name ?? step.host}> ${terminalText(fill(step.run))
            .trimEnd()
            .replaceAll('\n', `\n${' '.repeat(12)}`)}`,
    )
  const expectations = checks.map(
    ({ expected }) => `${expected.analytic} ${expected.is}${expected.knownGap ? ' (known gap)' : ''}`,
  )
  return [
    `${id}  (${places})`,
    ...captures,
    ...steps('set up', test.setup),
    ...steps('test', test.steps),
    ...steps('clean', test.cleanup),
    `  ${'expect'.padEnd(8)}${expectations.join(', ')}`,
    '',
  ].join('\n')
}
