/** Makes the record of one check out of all that is known. Pure, but for what the judge explains. */
import type { Implementation } from '../../model/analytic.ts'
import type { EventDocument } from '../../model/event.ts'
import type { CheckRecord, Explanation, StepRecord } from '../../model/run-record.ts'
import type { ExecutionStatus } from '../../model/words.ts'
import type { PlannedCheck } from '../plan/planned.ts'
import type { Judge, RuleState } from '../ports.ts'
import type { TestAlert } from './alerts.ts'
import { causeOf } from './cause.ts'
import { bestConfidence, type TestEvent } from './correlate.ts'
import { exchangeOf } from './exchange.ts'
import { explainBest } from './explain.ts'
import { primaryOf } from './indices.ts'
import { eventsRead, missingKinds, ofKinds } from './kinds.ts'
import { latencyOf } from './latency.ts'
import { judgeOutcome } from './outcome.ts'
import { findingOf } from './rule.ts'
import { verdictOf } from './verdict.ts'
import { withinMs } from './within.ts'

/** Most events that one check's evidence lists. */
const MOST_EVIDENCE = 20

/** Whether an implementation matches the test's events. */
export interface Matching {
  implementation: Implementation
  /** Null: it could not be evaluated. */
  matched: boolean | null
  /** The events of each match. */
  matches: TestEvent[][]
  /** Why it could not be evaluated. */
  trouble: string | null
}

export interface CheckFacts {
  check: PlannedCheck
  execution: { status: ExecutionStatus; expected: ExecutionStatus; reason: string | null; certain: boolean }
  steps: readonly StepRecord[]
  /** Lab time at which the test's own steps ended. */
  endedAt: number
  /** The events of the test's own steps, oldest first. */
  events: readonly TestEvent[]
  alerts: readonly TestAlert[]
  matchings: readonly Matching[]
  rule: RuleState | undefined
  /** Why the SIEM could not say, or null when it answered in full. */
  trouble: string | null
  /** Why a network sensor that the check needs did not see all of the traffic; null when it did, or is not needed. */
  blind: string | null
  /** Whether an event of a sensor is not in the SIEM, so that no rule can see it. */
  isLocal(event: EventDocument): boolean
}

export function decide(facts: CheckFacts, judge: Judge): CheckRecord {
  const { check, execution, alerts } = facts
  const { expected, analytic } = check
  const primary = primaryOf(analytic)
  const matching = facts.matchings.find(({ implementation }) => implementation === primary)
  const read = eventsRead(check, primary, facts.events)
  const missing = missingKinds(judge, primary, read)
  const first = alerts.reduce<TestAlert | null>((a, b) => (a !== null && a.alert.at <= b.alert.at ? a : b), null)
  const trouble = facts.trouble ?? facts.blind ?? matching?.trouble ?? null
  const verdict = verdictOf({
    alerted: first !== null,
    missingKinds: missing.map(({ name }) => name),
    matched: matching?.matched ?? null,
    complete: facts.trouble === null,
    sensed: facts.blind === null,
    certain: execution.certain,
  })
  const lastEventAt = lastEventOf(facts)
  const late = expected.is === 'alert' && first !== null && first.alert.at > lastEventAt + withinMs(check)
  const finding = findingOf(primary, facts.rule, lastEventAt, unseenBySiem(facts, matching))
  const judgement = judgeOutcome({
    expect: expected.is,
    verdict,
    late,
    executed: execution.status === execution.expected,
    ruleRan: finding.ran,
    knownGap: expected.knownGap ?? null,
  })
  const met = judgement.outcome === 'expected'
  const explain = !met && verdict === 'logged' && judge.refusal(primary) === null
  const explanation = explain ? explainBest(judge, primary, read) : null
  const evidence = evidenceOf(facts, judge, primary, read, matching, explanation)
  return {
    analytic: analytic.id,
    expect: expected.is,
    reason: expected.reason ?? null,
    verdict,
    ...judgement,
    late,
    cause: met
      ? null
      : causeOf({
          check,
          execution,
          verdict,
          late,
          lateByMs: first === null ? 0 : first.alert.at - lastEventAt,
          brokenStage: judgement.brokenStage,
          missing,
          others: facts.events.length,
          finding,
          explanation,
          matches: matching?.matches ?? [],
          trouble,
        }),
    confidence: verdict === 'unseen' || verdict === 'unknown' ? null : confidenceOf(first, evidence),
    latencyMs: latencyOf(facts.steps, verdict === 'unseen' ? [] : evidence, first?.alert.at ?? null),
    implementations: facts.matchings.map(({ implementation, matched }) => ({
      language: implementation.language,
      matched,
    })),
    explanation,
    exchange: exchangeOf(read, matching?.matches ?? []),
    evidence: {
      events: evidence.slice(0, MOST_EVIDENCE).map(({ document }) => ({ index: document.index, id: document.id })),
      alerts: alerts.map(({ alert }) => ({ index: alert.index, id: alert.id, ruleId: alert.ruleId })),
    },
  }
}

/** Whether the logic matches only with events that no rule can see. */
const unseenBySiem = ({ isLocal }: CheckFacts, matching: Matching | undefined): boolean => {
  const matches = matching?.matches ?? []
  return matches.length > 0 && matches.every((match) => match.some(({ document }) => isLocal(document)))
}

const confidenceOf = (first: TestAlert | null, evidence: readonly TestEvent[]) =>
  first?.confidence ?? bestConfidence(evidence.map(({ confidence }) => confidence))

/** Lab time of the test's last event: of those tied to it if there are any, else of all in its window. */
function lastEventOf({ events, endedAt }: CheckFacts): number {
  const tied = events.filter(({ confidence }) => confidence !== 'window')
  const last = (tied.length > 0 ? tied : events).at(-1)
  return last?.at ?? endedAt
}

/** What shows the verdict: the alert's events, else the match's, else those that came nearest or are of a kind that is read. */
function evidenceOf(
  { alerts }: CheckFacts,
  judge: Judge,
  primary: Implementation,
  read: readonly TestEvent[],
  matching: Matching | undefined,
  explanation: Explanation | null,
): TestEvent[] {
  const alerted = unique(alerts.flatMap(({ events }) => events))
  if (alerted.length > 0) return alerted
  const matched = unique((matching?.matches ?? []).flat())
  if (matched.length > 0) return matched
  const near = new Set((explanation?.nearest ?? []).map(({ event }) => event?.id))
  const nearest = read.filter(({ document }) => near.has(document.id))
  if (nearest.length > 0) return nearest
  const ofKind = ofKinds(judge, primary, read)
  const best = bestConfidence(ofKind.map(({ confidence }) => confidence))
  return ofKind.filter(({ confidence }) => confidence === best)
}

const unique = (events: readonly TestEvent[]): TestEvent[] => [...new Set(events)].sort((a, b) => a.at - b.at)
