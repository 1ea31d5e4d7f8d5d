import assert from 'node:assert/strict'
import { type TraceFacts, verdictOf } from '../../../src/engine/judge/verdict.ts'
import type { Verdict } from '../../../src/model/words.ts'

const nothing: TraceFacts = {
  alerted: false,
  missingKinds: [],
  matched: false,
  complete: true,
  sensed: true,
  certain: true,
}

const TABLE: [facts: Partial<TraceFacts>, verdict: Verdict][] = [
  [{ alerted: true, matched: true }, 'alerted'],
  [{ alerted: true, matched: false }, 'alerted'],
  [{ alerted: true, complete: false }, 'alerted'],
  [{ alerted: true, certain: false, missingKinds: ['network events'] }, 'alerted'],
  [{ matched: true }, 'matched'],
  [{ matched: true, certain: false }, 'matched'],
  [{ matched: true, complete: false }, 'unknown'],
  [{ matched: false }, 'logged'],
  [{ matched: false, certain: false }, 'logged'],
  [{ matched: null }, 'unknown'],
  [{ missingKinds: ['network events'] }, 'unseen'],
  [{ missingKinds: ['network events'], matched: null }, 'unseen'],
  [{ missingKinds: ['network events'], complete: false }, 'unknown'],
  [{ missingKinds: ['network events'], certain: false }, 'unknown'],
  [{ missingKinds: ['network events'], sensed: false }, 'unknown'],
  [{ matched: false, sensed: false }, 'unknown'],
  [{ matched: true, sensed: false }, 'matched'],
  [{ alerted: true, sensed: false }, 'alerted'],
]

describe('verdict', () => {
  for (const [facts, verdict] of TABLE) {
    it(`${JSON.stringify(facts)} → ${verdict}`, () => {
      assert.equal(verdictOf({ ...nothing, ...facts }), verdict)
    })
  }
})
