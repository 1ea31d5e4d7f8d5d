/** How the words of a record are drawn and explained, the same in every format. */
import type { CheckRecord } from '../model/run-record.ts'
import type { Confidence, Expectation, Outcome, Stage, Verdict } from '../model/words.ts'

/** Worst first: the order in which people need them. */
export const OUTCOMES: readonly Outcome[] = ['unexpected', 'inconclusive', 'known-gap', 'expected']

export const OUTCOME: Record<Outcome, { symbol: string; label: string; meaning: string }> = {
  expected: { symbol: '✓', label: 'as expected', meaning: 'the analytic did what the test states' },
  unexpected: { symbol: '✗', label: 'unexpected', meaning: 'the analytic did not do what the test states' },
  'known-gap': {
    symbol: '◐',
    label: 'known gap',
    meaning: 'it did not, and the reason is known and has a review date',
  },
  inconclusive: { symbol: '?', label: 'inconclusive', meaning: 'the test or the SIEM gave nothing to judge by' },
}

/** The label for so many. */
export const labelOf = (outcome: Outcome, number: number): string =>
  outcome === 'known-gap' && number !== 1 ? 'known gaps' : OUTCOME[outcome].label

/** Stands where a test says nothing of an analytic. */
export const NOT_CHECKED = '·'

export const VERDICT: Record<Verdict, string> = {
  alerted: 'the rule raised an alert',
  matched: 'the logic matches, but there is no alert',
  logged: 'the telemetry is there, but the logic does not match it',
  unseen: 'no telemetry of the kind the logic reads',
  unknown: 'nobody could say',
}

export const EXPECTATION: Record<Expectation, string> = {
  alert: 'an alert',
  match: 'a match at least',
  log: 'telemetry at least',
  silent: 'silence',
}

const STAGE: Record<Stage, string> = {
  execution: 'the command did not run as stated',
  telemetry: 'the telemetry did not arrive',
  logic: 'the logic does not match',
  rule: 'the rule is missing, disabled or failing',
  alert: 'the rule ran and raised no alert',
}

export const CONFIDENCE: Record<Confidence, string> = {
  marker: "by the test's own token",
  entity: 'by an entity of a marked event',
  window: 'by host and time only',
}

/** What broke, in a few words; null when nothing did. */
export function breakage(check: CheckRecord): string | null {
  if (isFalsePositive(check)) return 'a false positive'
  if (check.late) return 'the alert came late'
  return check.brokenStage && STAGE[check.brokenStage]
}

/** It matched or alerted where it should be silent. */
export const isFalsePositive = ({ expect, verdict }: CheckRecord): boolean =>
  expect === 'silent' && (verdict === 'matched' || verdict === 'alerted')

/** What to do about a check that is not as expected. */
export function nextStep(check: CheckRecord): string {
  if (isFalsePositive(check)) {
    return 'Narrow the query so that it leaves this procedure out, or, if the goal of the analytic includes it, expect an alert.'
  }
  if (check.late)
    return 'Shorten the interval of the rule, or allow the test more time if so late an alert still helps.'
  return check.brokenStage === null ? NEXT_STEP.none : NEXT_STEP[check.brokenStage]
}

const NEXT_STEP: Record<Stage | 'none', string> = {
  execution: 'Read exit code and output of the test, mend the lab or the test, and run it again.',
  telemetry:
    'Check that the sensor of the host records this kind of event, and that it reaches the index the rule reads.',
  logic: 'Compare the clause with the event that came nearest, then mend the query or the expectation.',
  rule: 'Install, enable or repair the rule in the SIEM: its logic already matches.',
  alert: 'Read the last runs of the rule: look-back against ingest delay, exceptions, suppression.',
  none: 'Compare the expectation of the test with the goal of the analytic.',
}
