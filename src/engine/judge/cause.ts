/** The cause of a check that is not as expected: one sentence with the fact that shows it. */
import { formatDuration } from '../../model/duration.ts'
import { valuesOf } from '../../model/event.ts'
import type { Explanation } from '../../model/run-record.ts'
import { TELLING_FIELDS } from '../../model/telling-fields.ts'
import type { ExecutionStatus, Stage, Verdict } from '../../model/words.ts'
import type { PlannedCheck } from '../plan/planned.ts'
import type { EventKind } from '../ports.ts'
import type { TestEvent } from './correlate.ts'
import { primaryOf } from './indices.ts'
import type { RuleFinding } from './rule.ts'
import { withinMs } from './within.ts'

export interface CauseFacts {
  check: PlannedCheck
  execution: { status: ExecutionStatus; expected: ExecutionStatus; reason: string | null }
  verdict: Verdict
  late: boolean
  /** From the test's last event to the alert. */
  lateByMs: number
  brokenStage: Stage | null
  missing: readonly EventKind[]
  /** Events that the test left at all. */
  others: number
  finding: RuleFinding
  explanation: Explanation | null
  matches: readonly TestEvent[][]
  trouble: string | null
}

export function causeOf(facts: CauseFacts): string {
  if (facts.brokenStage === null) return `nobody could say: ${facts.trouble ?? facts.execution.reason ?? 'no answer'}`
  return SENTENCES[facts.brokenStage](facts)
}

const SENTENCES: Record<Stage, (facts: CauseFacts) => string> = {
  execution: ({ execution: { status, expected, reason } }) =>
    `the execution is ${status}, the test expects ${expected}${reason === null ? '' : `: ${reason}`}`,
  telemetry: ({ missing, others }) =>
    `no ${missing.map(({ name }) => name).join(' and no ')} of this test reached the SIEM, ${others === 0 ? 'nor did any other' : `though ${plural(others, 'other event')} did`}`,
  logic: (facts) =>
    facts.verdict === 'logged' ? (facts.explanation?.summary ?? 'the logic does not match') : falsePositive(facts),
  rule: ({ matches, finding }) => `${matched(matches)}, but ${finding.fact}`,
  alert: ({ check, late, lateByMs, matches, finding }) =>
    late
      ? `the alert came ${inSeconds(lateByMs)} after the test's last event, ${formatDuration(withinMs(check))} are allowed`
      : `${matched(matches)}, but ${finding.fact}`,
}

function falsePositive({ check, verdict, matches }: CauseFacts): string {
  const event = matches[0]?.at(-1)
  const what = verdict === 'alerted' ? 'alerted' : 'matched'
  const rule = primaryOf(check.analytic).rule?.rule_id
  const subject = verdict === 'alerted' && rule !== undefined ? `rule ${rule}` : 'the logic'
  return `${subject} ${what} where it should be silent${event === undefined ? '' : `, on ${describe(event)}`}`
}

const matched = (matches: readonly TestEvent[][]): string =>
  matches.length === 0 ? 'the logic matches' : `the logic matches ${describe(matches[0]!.at(-1)!)}`

function describe({ document, at }: TestEvent): string {
  const first = (path: string) => valuesOf(document.source, path)[0]
  const field = TELLING_FIELDS.find((path) => first(path) !== undefined)
  const host = first('host.name')
  const action = first('event.action')
  return [
    field === undefined ? `${action ?? 'an event'}` : `${field} "${String(first(field)).slice(0, 200)}"`,
    ...(host === undefined ? [] : [`on ${host}`]),
    `at ${new Date(at).toISOString()}`,
  ].join(' ')
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

const inSeconds = (ms: number) => formatDuration(Math.round(ms / 1_000) * 1_000)
