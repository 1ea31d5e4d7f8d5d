/** From verdict to outcome: whether what happened is what the test states, and where the trace broke. */
import type { KnownGap } from '../../model/scenario.ts'
import type { Expectation, Outcome, Stage, Verdict } from '../../model/words.ts'

type Known = Exclude<Verdict, 'unknown'>

/** The verdicts that meet an expectation; `match` and `log` are minimums. */
const MEETS: Record<Expectation, readonly Known[]> = {
  alert: ['alerted'],
  match: ['alerted', 'matched'],
  log: ['alerted', 'matched', 'logged'],
  silent: ['unseen', 'logged'],
}

/** The stage at which a trace broke that ended with this verdict and should have gone on. */
const BROKE_AT: Record<Known, Stage> = { unseen: 'telemetry', logged: 'logic', matched: 'rule', alerted: 'alert' }

export interface OutcomeFacts {
  expect: Expectation
  verdict: Verdict
  /** The first alert came after the time that the test allows. */
  late: boolean
  /** The test executed as it states. */
  executed: boolean
  /** The rule was there, enabled and ran without an error after the test. */
  ruleRan: boolean
  knownGap: KnownGap | null
}

export interface Judgement {
  outcome: Outcome
  brokenStage: Stage | null
  knownGap: (KnownGap & { closed: boolean }) | null
}

export function judgeOutcome(facts: OutcomeFacts): Judgement {
  const { expect, verdict, late, executed, knownGap } = facts
  const gap = (closed: boolean) => (knownGap === null ? null : { ...knownGap, closed })
  if (!executed) return { outcome: 'inconclusive', brokenStage: 'execution', knownGap: gap(false) }
  if (verdict === 'unknown') return { outcome: 'inconclusive', brokenStage: null, knownGap: gap(false) }
  const inTime = !(expect === 'alert' && late)
  if (MEETS[expect].includes(verdict) && inTime) {
    return { outcome: 'expected', brokenStage: null, knownGap: gap(true) }
  }
  return {
    outcome: knownGap === null ? 'unexpected' : 'known-gap',
    brokenStage: stageOf(facts, verdict),
    knownGap: gap(false),
  }
}

function stageOf({ expect, ruleRan }: OutcomeFacts, verdict: Known): Stage {
  // What fires where it should be silent is mended in its logic.
  if (expect === 'silent') return 'logic'
  const stage = BROKE_AT[verdict]
  return stage === 'rule' && ruleRan ? 'alert' : stage
}
