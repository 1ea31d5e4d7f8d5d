import assert from 'node:assert/strict'
import { schedule } from '../../../src/engine/execute/schedule.ts'
import type { PlannedTest } from '../../../src/engine/plan/plan.ts'
import { analytic, host, planOf, scenario } from '../world.ts'

const MINUTE = 60_000
const expect = [{ analytic: 'a', is: 'alert' }]

/** Tests on the roles named, in order; a hyphen at the end makes a test share its hosts. */
function planned(...roles: string[]): PlannedTest[] {
  const tests = roles.map((role, index) => ({
    id: `t${index}`,
    isolation: role.endsWith('-') ? 'marker' : 'host',
    steps: [{ host: role.replace('-', ''), run: '{{marker}}' }],
    expect,
  }))
  const sequence = analytic('a', 'network.action=bind then registry.value=Actions')
  return planOf({ scenarios: [scenario(tests)], analytics: [sequence], hosts: [host('x', 'x'), host('y', 'y')] }).tests
}

/** Starts tests and ends them by hand. */
function started(tests: PlannedTest[], { concurrency = 10, signal = new AbortController().signal } = {}) {
  const running = new Map<string, { end: () => void; quietUntil: number }>()
  const world = { now: 0 }
  const done = schedule({
    tests,
    concurrency,
    signal,
    now: () => world.now,
    start: ({ id }, quietUntil) =>
      new Promise((resolve) => {
        running.set(id.slice('suite/'.length), { end: resolve, quietUntil })
      }),
  })
  const end = async (id: string) => {
    running.get(id)!.end()
    running.delete(id)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { running, world, done, end, ids: () => [...running.keys()] }
}

describe('schedule', () => {
  it('gives a test its hosts alone', async () => {
    const { ids, end } = started(planned('x', 'x', 'x-', 'y'))
    assert.deepEqual(ids(), ['t0', 't3'])
    await end('t0')
    assert.deepEqual(ids(), ['t3', 't1'])
    await end('t1')
    assert.deepEqual(ids(), ['t3', 't2'])
  })

  it('lets tests that carry their markers share hosts, but not pass one that waits', async () => {
    const { ids, end } = started(planned('x-', 'x-', 'x', 'x-'))
    assert.deepEqual(ids(), ['t0', 't1'])
    await end('t0')
    assert.deepEqual(ids(), ['t1'])
    await end('t1')
    assert.deepEqual(ids(), ['t2'])
    await end('t2')
    assert.deepEqual(ids(), ['t3'])
  })

  it('keeps to the concurrency', async () => {
    const { ids, end, done } = started(planned('x-', 'x-', 'y-', 'y-'), { concurrency: 2 })
    assert.deepEqual(ids(), ['t0', 't1'])
    await end('t1')
    assert.deepEqual(ids(), ['t0', 't2'])
    for (const id of ['t0', 't2', 't3']) await end(id)
    await done
  })

  it('asks for quiet of the longest maxspan after the test before, and for none after nothing', async () => {
    const { running, world, end } = started(planned('x', 'x'))
    assert.equal(running.get('t0')!.quietUntil, 0)
    world.now = 5 * MINUTE
    await end('t0')
    assert.equal(running.get('t1')!.quietUntil, 6 * MINUTE)
  })

  it('starts nothing after an abort, and ends when the running tests have', async () => {
    const abort = new AbortController()
    const { ids, end, done } = started(planned('x', 'x'), { signal: abort.signal })
    abort.abort()
    await end('t0')
    assert.deepEqual(ids(), [])
    await done
  })

  it('ends at once when there is nothing to do', () => started([]).done)
})
