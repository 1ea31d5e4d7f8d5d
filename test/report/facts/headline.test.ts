import assert from 'node:assert/strict'
import { type CheckRecord, type RunRecord, summarise } from '../../../src/model/run-record.ts'
import type { Outcome } from '../../../src/model/words.ts'
import { headlineOf, labNotice } from '../../../src/report/facts/headline.ts'
import { sampleRecord } from '../sample-record.ts'

const [test] = sampleRecord.tests

/** A record with one check an outcome, each on an analytic of its own. */
function recordOf(...outcomes: Outcome[]): RunRecord {
  const checks: CheckRecord[] = outcomes.map((outcome, index) => ({
    ...test!.checks[0]!,
    analytic: `a${index}`,
    outcome,
  }))
  const tests = [{ ...test!, checks }]
  return { ...sampleRecord, analytics: [], tests, summary: summarise(tests) }
}

describe('head line', () => {
  const cases: [Outcome[], string][] = [
    [[], 'Nothing was checked'],
    [['expected'], 'The detection holds'],
    [['expected', 'expected'], 'All 2 detections hold'],
    [['expected', 'known-gap'], 'All 2 detections hold, known gaps apart'],
    [['expected', 'unexpected'], '1 of 2 detections holds, 1 does not'],
    [['unexpected', 'unexpected', 'expected', 'expected'], '2 of 4 detections hold, 2 do not'],
    [['expected', 'unexpected', 'inconclusive'], '1 of 3 detections holds, 1 does not, 1 could not be judged in full'],
    [['unexpected'], 'The detection does not hold'],
    [['inconclusive'], 'The detection could not be judged in full'],
    [['inconclusive', 'inconclusive'], '0 of 2 detections hold, 2 could not be judged in full'],
  ]
  for (const [outcomes, title] of cases) {
    it(`${outcomes.join(', ') || 'no check'}: ${title}`, () =>
      assert.equal(headlineOf(recordOf(...outcomes)).title, title))
  }

  it('says what was tested, where, and how much came out', () => {
    assert.equal(
      headlineOf(recordOf('expected', 'expected')).detail,
      '1 test of T1053.005 on 2 emulated hosts gave 2 checks. All came out as the tests state.',
    )
  })

  it('names the broken detections', () => {
    assert.deepEqual(headlineOf(recordOf('expected', 'unexpected')).broken, ['a1'])
  })

  it('warns of labs that are not real', () => {
    const wordFor = (kind: RunRecord['lab']['kind']) =>
      labNotice({ ...sampleRecord, lab: { ...sampleRecord.lab, kind } })?.word
    assert.deepEqual([wordFor('emulated'), wordFor('recorded'), wordFor('real')], ['EMULATED', 'RECORDED', undefined])
  })
})
