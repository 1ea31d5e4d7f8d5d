/** What judging a recorded run again changed. */
import type { CheckRecord, RunRecord } from '../../../model/run-record.ts'
import { counted } from '../../counted.ts'
import { printable } from '../../printable.ts'

const CAUSE_WIDTH = 160

/** For people: each check whose verdict or outcome is not the recorded one. Ends with a line break. */
export function comparisonWith(recorded: RunRecord, judged: RunRecord): string {
  const before = new Map(
    recorded.tests.flatMap(({ id, checks }) => checks.map((check) => [`${id} × ${check.analytic}`, check])),
  )
  const checks = judged.tests.flatMap((test) =>
    test.checks.map((check) => ({ name: `${test.id} × ${check.analytic}`, check })),
  )
  const changed = checks
    .map(({ name, check }) => changeOf(name, before.get(name), check))
    .filter((lines) => lines.length > 0)
  if (changed.length === 0) return `As recorded: ${counted(checks.length, 'check')} judged as in run ${recorded.id}.\n`
  const title = `Otherwise than recorded in run ${recorded.id}: ${changed.length} of ${counted(checks.length, 'check')}`
  return `${[title, ...changed.flat()].join('\n')}\n`
}

function changeOf(name: string, before: CheckRecord | undefined, now: CheckRecord): string[] {
  if (before?.verdict === now.verdict && before.outcome === now.outcome) return []
  const then = before === undefined ? 'not checked' : wordsOf(before)
  const cause = now.cause === null ? [] : [`    ${printable(now.cause, CAUSE_WIDTH)}`]
  return [`  ${printable(name)}: ${then} → ${wordsOf(now)}`, ...cause]
}

const wordsOf = ({ verdict, outcome }: CheckRecord): string => `${verdict} (${outcome})`
