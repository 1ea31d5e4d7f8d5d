import assert from 'node:assert/strict'
import { type PaceFacts, pauseMs } from '../../../src/engine/judge/pace.ts'

const usual: PaceFacts = { intervals: [300_000], untilDeadline: 1e9, failures: 0, pollMs: 500 }

const TABLE: [what: string, facts: Partial<PaceFacts>, pause: number][] = [
  ['a part of the interval', {}, 30_000],
  ['of the shortest', { intervals: [300_000, 60_000] }, 6_000],
  ['no less than allowed', { intervals: [3_000] }, 500],
  ['no longer than half a minute', { intervals: [3_600_000] }, 30_000],
  ['also without rules', { intervals: [] }, 30_000],
  ['as much as a scaled clock asks for', { pollMs: 60_000 }, 60_000],
  ['up to the next deadline', { untilDeadline: 1_234 }, 1_234],
  ['never nothing', { untilDeadline: -5 }, 1],
  ['longer after failures', { intervals: [60_000], failures: 2 }, 24_000],
  ['but not for ever', { failures: 30 }, 60_000],
  ['whatever the deadline', { failures: 1, untilDeadline: 5 }, 60_000],
]

describe('pace', () => {
  for (const [what, facts, pause] of TABLE) {
    it(`${what}: ${pause} ms`, () => assert.equal(pauseMs({ ...usual, ...facts }), pause))
  }
})
