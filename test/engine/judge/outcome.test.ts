import assert from 'node:assert/strict'
import { judgeOutcome, type OutcomeFacts } from '../../../src/engine/judge/outcome.ts'
import type { Expectation, Outcome, Stage, Verdict } from '../../../src/model/words.ts'

const gap = { reason: 'a blind spot', reviewBy: '2027-06-30' }

/** Rows of the design's "From verdict to outcome", for tests that executed as stated and rules that ran. */
const TABLE: [expect: Expectation, verdict: Verdict, outcome: Outcome, stage: Stage | null][] = [
  ['alert', 'alerted', 'expected', null],
  ['alert', 'matched', 'unexpected', 'alert'],
  ['alert', 'logged', 'unexpected', 'logic'],
  ['alert', 'unseen', 'unexpected', 'telemetry'],
  ['alert', 'unknown', 'inconclusive', null],
  ['match', 'alerted', 'expected', null],
  ['match', 'matched', 'expected', null],
  ['match', 'logged', 'unexpected', 'logic'],
  ['match', 'unseen', 'unexpected', 'telemetry'],
  ['match', 'unknown', 'inconclusive', null],
  ['log', 'alerted', 'expected', null],
  ['log', 'matched', 'expected', null],
  ['log', 'logged', 'expected', null],
  ['log', 'unseen', 'unexpected', 'telemetry'],
  ['log', 'unknown', 'inconclusive', null],
  ['silent', 'alerted', 'unexpected', 'logic'],
  ['silent', 'matched', 'unexpected', 'logic'],
  ['silent', 'logged', 'expected', null],
  ['silent', 'unseen', 'expected', null],
  ['silent', 'unknown', 'inconclusive', null],
]

const facts = (expect: Expectation, verdict: Verdict, more: Partial<OutcomeFacts> = {}): OutcomeFacts => ({
  expect,
  verdict,
  late: false,
  executed: true,
  ruleRan: true,
  knownGap: null,
  ...more,
})

describe('outcome', () => {
  for (const [expect, verdict, outcome, stage] of TABLE) {
    it(`${expect} and ${verdict}: ${outcome}, broken at ${stage}`, () => {
      assert.deepEqual(judgeOutcome(facts(expect, verdict)), { outcome, brokenStage: stage, knownGap: null })
    })

    it(`${expect} and ${verdict}, with a known gap`, () => {
      const judged = judgeOutcome(facts(expect, verdict, { knownGap: gap }))
      assert.equal(judged.outcome, outcome === 'unexpected' ? 'known-gap' : outcome)
      assert.equal(judged.brokenStage, stage)
      assert.deepEqual(judged.knownGap, { ...gap, closed: outcome === 'expected' })
    })

    it(`${expect} and ${verdict}, but executed otherwise: inconclusive`, () => {
      const judged = judgeOutcome(facts(expect, verdict, { executed: false, knownGap: gap }))
      assert.deepEqual(judged, {
        outcome: 'inconclusive',
        brokenStage: 'execution',
        knownGap: { ...gap, closed: false },
      })
    })
  }

  it('a late alert breaks at the alert', () => {
    assert.deepEqual(judgeOutcome(facts('alert', 'alerted', { late: true })), {
      outcome: 'unexpected',
      brokenStage: 'alert',
      knownGap: null,
    })
  })

  it('a rule that did not run is to blame for a match without an alert, and for nothing else', () => {
    assert.equal(judgeOutcome(facts('alert', 'matched', { ruleRan: false })).brokenStage, 'rule')
    assert.equal(judgeOutcome(facts('alert', 'logged', { ruleRan: false })).brokenStage, 'logic')
    assert.equal(judgeOutcome(facts('alert', 'unseen', { ruleRan: false })).brokenStage, 'telemetry')
    assert.equal(judgeOutcome(facts('alert', 'alerted', { ruleRan: false })).brokenStage, null)
  })
})
