import assert from 'node:assert/strict'
import type { Test } from '../../src/model/scenario.ts'
import { MATRIX } from './matrix.ts'
import { type Shipped, shipped } from './shipped.ts'

const SEEDS = {
  process: 'CAR-2013-08-001',
  network: 'CAR-2015-04-002',
  sequence: 'remote-scheduled-task-creation',
} as const

/** What a test says of an analytic, in the words of the matrix. */
function cellOf(test: Test, analytic: string): string {
  const found = test.expect.find((expected) => expected.analytic === analytic)
  if (found === undefined) return 'not named'
  if (found.knownGap === undefined) return found.is === 'alert' ? 'fires' : found.is
  return found.is === 'alert' ? 'gap' : found.is === 'silent' ? 'false alarm' : `gap of ${found.is}`
}

const REGISTRATION = 'remote-task-registration-on-the-wire'

describe('the shipped suite and the matrix of procedures', () => {
  let suite: Shipped
  before(async () => {
    suite = await shipped()
  })

  for (const { procedure, tests, fails, needsTask, registration, ...cells } of MATRIX) {
    it(procedure, () => {
      for (const id of tests) {
        const test = suite.tests.get(id)
        assert.ok(test, `${id} is not in the suite`)
        const said = Object.fromEntries(
          Object.entries(SEEDS).map(([column, analytic]) => [column, cellOf(test, analytic)]),
        )
        assert.deepEqual(said, cells, id)
        const named = cellOf(test, REGISTRATION)
        if (registration !== undefined) assert.equal(named, registration, id)
        else assert.ok(['silent', 'not named'].includes(named), `${id}: ${named}`)
        assert.equal(test.execution, fails ? 'failed' : 'completed', id)
        if (needsTask) assert.ok(test.setup.length > 0, `${id} must make its task as set-up`)
      }
    })
  }

  it('has known gaps of the three analytics only where the matrix has them', () => {
    const inMatrix = new Set(MATRIX.flatMap(({ tests }) => tests))
    for (const [id, test] of suite.tests) {
      if (inMatrix.has(id)) continue
      for (const analytic of Object.values(SEEDS)) assert.doesNotMatch(cellOf(test, analytic), /gap|false/, id)
    }
  })

  it('names the three analytics in every test, with a reason and ten minutes for each expectation', () => {
    for (const [id, test] of suite.tests) {
      for (const analytic of Object.values(SEEDS)) assert.notEqual(cellOf(test, analytic), 'not named', id)
      for (const { analytic, reason, within } of test.expect) {
        assert.ok(reason, `${id}: ${analytic} has no reason`)
        assert.equal(within, '10m', `${id}: ${analytic}`)
      }
    }
  })

  it('undoes what it changes', () => {
    for (const [id, test] of suite.tests) {
      const writes = test.steps.some((step) => 'run' in step && /create|Register|copy |\/change/i.test(step.run))
      if (writes && id !== 'controls/mention-of-schtasks') assert.ok(test.changes.length > 0, `${id} lists no changes`)
      if (test.changes.length > 0) assert.ok(test.cleanup.length > 0, `${id} has no clean-up`)
    }
  })

  it('has for every analytic at least one alert and one silence', () => {
    const all = [...suite.tests.values()].flatMap((test) => test.expect)
    for (const id of suite.analytics.keys()) {
      const said = new Set(all.filter(({ analytic, knownGap }) => analytic === id && !knownGap).map(({ is }) => is))
      assert.deepEqual([...said].sort(), ['alert', 'silent'], id)
    }
  })

  it('has at least 25 tests and 100 checks', () => {
    const checks = [...suite.tests.values()].reduce((sum, test) => sum + test.expect.length, 0)
    assert.ok(suite.tests.size >= 25 && checks >= 100, `${suite.tests.size} tests, ${checks} checks`)
  })
})
