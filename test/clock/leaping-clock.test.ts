import assert from 'node:assert/strict'
import { LeapingClock } from '../../src/clock/leaping-clock.ts'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

describe('leaping clock', () => {
  it('leaps over a long sleep while nobody is busy', async () => {
    const clock = new LeapingClock({ start: START })
    const from = performance.now()
    await clock.busy(() => clock.sleep(HOUR))
    assert.ok(clock.now() >= START + HOUR)
    assert.ok(performance.now() - from < HOUR)
  })

  it('meets every due time in order and waits for each task', async () => {
    const clock = new LeapingClock({ start: START })
    const seen: string[] = []
    clock.at(START + 2 * HOUR, () => seen.push('second'))
    clock.at(START + HOUR, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      seen.push('first')
    })
    await clock.busy(() => clock.sleep(3 * HOUR))
    assert.deepEqual(seen, ['first', 'second'])
  })

  it('does not leap while somebody is busy', async () => {
    const clock = new LeapingClock({ start: START })
    let fired = false
    clock.at(START + HOUR, () => {
      fired = true
    })
    await clock.busy(() => new Promise((resolve) => setTimeout(resolve, 50)))
    assert.equal(fired, false)
    assert.ok(clock.now() < START + HOUR)
    await clock.busy(() => clock.sleep(HOUR))
    assert.equal(fired, true)
  })

  it('does not leap for periodic tasks alone', async () => {
    const clock = new LeapingClock({ start: START })
    let runs = 0
    const again = () => {
      runs += 1
      clock.at(clock.now() + HOUR, again)
    }
    clock.at(START + HOUR, again)
    await new Promise((resolve) => setTimeout(resolve, 30))
    assert.equal(runs, 0)
    clock.stop()
  })

  it('does not leap past a woken sleeper', async () => {
    const clock = new LeapingClock({ start: START })
    await Promise.all([
      clock.busy(async () => {
        await clock.sleep(HOUR)
        const woken = clock.now()
        await new Promise((resolve) => setTimeout(resolve, 30))
        assert.ok(clock.now() - woken < HOUR)
      }),
      clock.busy(() => clock.sleep(5 * HOUR)),
    ])
  })

  it('ends a sleep early on abort, and stays usable', async () => {
    const clock = new LeapingClock({ start: START })
    const abort = new AbortController()
    await clock.busy(async () => {
      const blocked = clock.busy(() => new Promise((resolve) => setTimeout(resolve, 30)))
      setTimeout(() => abort.abort(), 5)
      await clock.sleep(HOUR, abort.signal)
      assert.ok(clock.now() < START + HOUR)
      await blocked
    })
    await clock.busy(() => clock.sleep(HOUR))
    assert.ok(clock.now() >= START + HOUR)
  })
})
