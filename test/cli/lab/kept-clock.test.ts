import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { continued, keptClock } from '../../../src/cli/lab/kept-clock.ts'
import type { Anchor } from '../../../src/clock/scaled-clock.ts'

const NOW = Date.UTC(2026, 0, 1)
const labTime = ({ scale, origin }: Anchor, now: number) => origin + (now - origin) * scale

describe('the clock of a lab that outlives its process', () => {
  for (const [before, after] of [
    [60, 60],
    [60, 1],
    [60, 20],
    [20, 600],
    [1, 60],
  ] as const) {
    it(`never goes back from scale ${before} to ${after}`, () => {
      const anchor = { scale: before, origin: NOW }
      const later = NOW + 90_000
      const next = continued(anchor, after, later)
      assert.ok(Math.abs(labTime(next, later) - labTime(anchor, later)) <= 1000 * after)
      assert.ok(labTime(next, later + 1000) >= labTime(anchor, later))
    })
  }

  it('is kept in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-test-'))
    const first = await keptClock(folder, 60, NOW)
    const second = await keptClock(folder, 60, NOW + 5000)
    assert.deepEqual(second, first)
  })
})
