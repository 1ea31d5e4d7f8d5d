import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Hit } from '../../../src/cli/replay/result.ts'
import { SingleHits } from '../../../src/cli/replay/single-hits.ts'

const hit = (record: number): Hit => ({
  events: [{ input: 0, record, '@timestamp': '', host: null, provider: null, code: null, tells: '' }],
})

const time = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 30 }) }, fc.constant(Number.POSITIVE_INFINITY))

describe('hits of one event', () => {
  it('are all counted, and the first in time are kept, in their order', () => {
    fc.assert(
      fc.property(fc.array(time, { maxLength: 60 }), fc.integer({ min: 0, max: 9 }), (times, most) => {
        const hits = new SingleHits(most)
        for (const round of [1, 2]) {
          for (const [record, at] of times.entries()) hits.add({ time: at, record }, () => hit(record))
          assert.equal(hits.count, times.length)
          const ordered = [...times.keys()].sort((a, b) => (times[a] === times[b] ? a - b : times[a]! - times[b]!))
          const records = hits.drain().map(({ events }) => events[0]!.record)
          assert.deepEqual(records, ordered.slice(0, most), `round ${round}`)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('are not made when they are not kept', () => {
    const hits = new SingleHits(2)
    let made = 0
    for (let at = 0; at < 1000; at += 1) {
      hits.add({ time: at, record: at }, () => {
        made += 1
        return hit(at)
      })
    }
    assert.ok(made <= 5, `${made}`)
  })
})
