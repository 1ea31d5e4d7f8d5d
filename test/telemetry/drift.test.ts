import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DriftMeter } from '../../src/telemetry/drift.ts'

function measure(events: readonly (readonly [event: number, record: number])[]) {
  const meter = new DriftMeter()
  const kind = meter.kind('p', '1')
  for (const [event, record] of events) meter.add(kind, event, record)
  return meter.result()
}

/** Length of the longest subsequence that never falls, the slow and plain way. */
function longest(values: readonly number[]): number {
  const lengths: number[] = []
  for (const [at, value] of values.entries()) {
    const before = values.slice(0, at).map((other, index) => (other <= value ? lengths[index]! : 0))
    lengths.push(1 + Math.max(0, ...before))
  }
  return Math.max(0, ...lengths)
}

describe('drift', () => {
  it('is the middle and the worst of what lies between the clocks', () => {
    const drift = measure([
      [0, 5],
      [10, 15],
      [20, 2020],
    ])
    assert.deepEqual(drift && [drift.events, drift.medianMs, drift.worstMs], [3, -5, -2000])
    assert.equal(drift?.reordered, 0)
  })

  it('has each kind of event for itself, the furthest apart first', () => {
    const meter = new DriftMeter()
    meter.add(meter.kind('p', '1'), 10, 11)
    meter.add(meter.kind('p', '3'), 10, 2000)
    meter.add(meter.kind('q', null), Number.NaN, 5)
    assert.deepEqual(
      meter.result()?.kinds.map(({ code, medianMs }) => [code, medianMs]),
      [
        ['3', -1990],
        ['1', -1],
      ],
    )
  })

  it('orders only what has a time of its record', () => {
    assert.equal(
      measure([
        [10, 30],
        [20, Number.NaN],
        [25, 31],
      ])?.reordered,
      0,
    )
  })

  it('is none where no event has both times', () => {
    assert.equal(measure([[Number.NaN, 5]]), null)
  })

  it('counts the fewest events that would have to move', () => {
    const time = fc.integer({ min: 0, max: 20 })
    fc.assert(
      fc.property(fc.array(fc.tuple(time, time), { minLength: 1, maxLength: 25 }), (events) => {
        const byEvent = events.toSorted(([a, b], [c, d]) => a - c || b - d).map(([, record]) => record)
        assert.equal(measure(events)?.reordered ?? 0, events.length - longest(byEvent))
      }),
    )
  })
})
