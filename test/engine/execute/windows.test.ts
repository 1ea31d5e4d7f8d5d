import assert from 'node:assert/strict'
import { gapFor, phaseAt, windowsOf } from '../../../src/engine/execute/windows.ts'
import { host } from '../world.ts'

describe('windows of phases', () => {
  const times = {
    setup: { from: 100_000, to: 101_000 },
    test: { from: 161_001, to: 162_000 },
    cleanup: { from: 164_001, to: 165_000 },
  }

  it('share out the pauses between phases without a gap or an overlap', () => {
    const windows = windowsOf(times, { quietBeforeMs: 1e9, gapAfterMs: 60_000 })
    assert.deepEqual(windows, {
      setup: { from: 70_000, to: 131_001 },
      test: { from: 131_001, to: 163_001 },
      cleanup: { from: 163_001, to: 195_000 },
    })
    assert.equal(phaseAt(windows, 131_000), 'setup')
    assert.equal(phaseAt(windows, 131_001), 'test')
    assert.equal(phaseAt(windows, 163_001), 'cleanup')
    assert.equal(phaseAt(windows, 195_000), null)
  })

  it('lie apart by the longest maxspan, and by what clocks of hosts may be off', () => {
    const own = new Map([['target', host('srv1', 'target')]])
    const ours = new Map([['target', host('here', 'target', { transport: 'local-shell' })]])
    assert.equal(gapFor({ maxspanMs: 60_000, hosts: ours }), 60_000)
    assert.equal(gapFor({ maxspanMs: 0, hosts: ours }), 2_000)
    assert.equal(gapFor({ maxspanMs: 0, hosts: own }), 15_000)
  })

  it('take half of what lies between tests, and no more than the slack', () => {
    const alone = { setup: null, test: { from: 10_000, to: 11_000 }, cleanup: null }
    assert.deepEqual(windowsOf(alone, { quietBeforeMs: 3_001, gapAfterMs: 2_000 }).test, { from: 8_500, to: 12_000 })
    assert.deepEqual(windowsOf(alone, { quietBeforeMs: Number.POSITIVE_INFINITY, gapAfterMs: 1e9 }).test, {
      from: -20_000,
      to: 41_000,
    })
  })
})
