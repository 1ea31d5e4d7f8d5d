import assert from 'node:assert/strict'
import { tallyAnalytics } from '../../../src/report/facts/analytics.ts'
import {
  closedGaps,
  documentDefects,
  inconclusiveByReason,
  knownGaps,
  leftOnHosts,
} from '../../../src/report/facts/checks.ts'
import { latencyOf, spreadOf } from '../../../src/report/facts/latency.ts'
import { proofOfTechniques } from '../../../src/report/facts/techniques.ts'
import { sampleRecord } from '../sample-record.ts'

describe('facts of a record', () => {
  it('tally an analytic by outcome, and by its two duties', () => {
    const { id, alerts, silences, outcomes } = tallyAnalytics(sampleRecord)[0]!
    assert.equal(id, 'CAR-2013-08-001')
    assert.deepEqual(outcomes, { expected: 2, unexpected: 2, 'known-gap': 1, inconclusive: 2 })
    assert.deepEqual(alerts, { wanted: 6, met: 2 })
    assert.deepEqual(silences, { wanted: 1, met: 0 })
  })

  it('group inconclusive checks by reason, most first', () => {
    const groups = inconclusiveByReason(sampleRecord).map(({ checks }) => checks.length)
    assert.deepEqual(groups, [2, 1, 1, 1, 1, 1])
  })

  it('find known gaps, closed gaps, defects and what is left on hosts', () => {
    assert.deepEqual(
      knownGaps(sampleRecord).map(({ reviewBy }) => reviewBy),
      ['2027-06-30'],
    )
    assert.deepEqual(
      closedGaps(sampleRecord).map(({ anchor }) => anchor),
      ['t2c2'],
    )
    assert.equal(documentDefects(sampleRecord).length, 2)
    assert.deepEqual(
      leftOnHosts(sampleRecord).map(({ id }) => id),
      ['local-tasks/renamed-binary', 'remote-tasks/stock-sensors'],
    )
  })

  it('give median and 95th percentile by nearest rank', () => {
    assert.equal(spreadOf([]), null)
    assert.deepEqual(spreadOf([5]), { count: 1, median: 5, p95: 5, max: 5 })
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    assert.deepEqual(spreadOf(hundred), { count: 100, median: 50, p95: 95, max: 100 })
  })

  it('measure an analytic alone', () => {
    assert.deepEqual(latencyOf(sampleRecord, 'total', 'remote-scheduled-task-creation'), {
      count: 1,
      median: 95_000,
      p95: 95_000,
      max: 95_000,
    })
    assert.equal(latencyOf(sampleRecord, 'total', 'CAR-2015-04-002'), null)
  })

  it('prove a technique by tests that alerted as expected, not by mappings', () => {
    const proofs = new Map(proofOfTechniques(sampleRecord).map((proof) => [proof.id, proof]))
    const task = proofs.get('T1053.005')!
    assert.deepEqual([task.tests, task.asking, task.alerted, task.withUnexpected, task.withGap], [10, 7, 3, 2, 1])
    assert.deepEqual(task.provenBy, ['CAR-2013-08-001', 'remote-scheduled-task-creation'])
    assert.deepEqual(task.tactics, ['TA0002', 'TA0003'])
    assert.equal(proofs.get('T1021')!.alerted, 0)
    assert.equal(proofs.get('T1543')!.tests, 0)
  })
})
