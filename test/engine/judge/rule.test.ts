import assert from 'node:assert/strict'
import { detectionWindowMs, findingOf } from '../../../src/engine/judge/rule.ts'
import type { RuleState } from '../../../src/engine/ports.ts'
import { analytic } from '../world.ts'

const MINUTE = 60_000
const implementation = analytic('a', 'process.name=task').implementations[0]!
const since = Date.UTC(2026, 0, 1)
const ran = (status: NonNullable<RuleState['lastExecution']>['status'], at = since + MINUTE) => ({
  at,
  status,
  message: 'a message',
})
const state: RuleState = {
  ruleId: 'rule-a',
  missing: false,
  enabled: true,
  intervalMs: MINUTE,
  lookBackMs: 3 * MINUTE,
  query: 'process.name=task',
  lastExecution: ran('succeeded'),
}

const TABLE: [what: string, state: Partial<RuleState> | undefined, ran: boolean, fact: RegExp][] = [
  ['succeeded', {}, true, /rule rule-a ran at 2026-01-01T00:01:00.000Z and gave no alert$/],
  ['running', { lastExecution: ran('running') }, true, /gave no alert/],
  ['another query', { query: 'process.name=other' }, true, /the query it runs is not the one in the analytic's file/],
  ['the same query, other white space', { query: ' process.name=task\n' }, true, /gave no alert$/],
  ['missing', { missing: true }, false, /the SIEM has no rule rule-a/],
  ['disabled', { enabled: false }, false, /rule rule-a is disabled/],
  ['never ran', { lastExecution: null }, false, /has never run/],
  ['failed', { lastExecution: ran('failed') }, false, /ended as failed: a message/],
  ['partial failure', { lastExecution: ran('partial failure') }, false, /ended as partial failure: a message/],
  ['not since', { lastExecution: ran('succeeded', since - 1) }, false, /has not run since/],
  ['unknown', undefined, false, /nothing is known of rule rule-a/],
]

describe('rule', () => {
  for (const [what, changed, expected, fact] of TABLE) {
    it(what, () => {
      const finding = findingOf(implementation, changed === undefined ? undefined : { ...state, ...changed }, since)
      assert.equal(finding.ran, expected)
      assert.match(finding.fact, fact)
    })
  }

  it('is missing in an analytic that has none', () => {
    const none = analytic('b', 'process.name=task', null).implementations[0]!
    assert.deepEqual(findingOf(none, undefined, since), {
      ran: false,
      fact: 'the analytic has no implementation that is a rule',
    })
    assert.equal(detectionWindowMs(undefined, none), 0)
  })

  it('has a window of one interval and its look-back: as deployed, else as in the file', () => {
    assert.equal(detectionWindowMs(state, implementation), 4 * MINUTE)
    assert.equal(detectionWindowMs(undefined, implementation), 14 * MINUTE)
    assert.equal(detectionWindowMs({ ...state, missing: true }, implementation), 14 * MINUTE)
  })
})
