import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import fc from 'fast-check'
import { Room } from '../../../src/cli/replay/candidates.ts'
import type { Implementation } from '../../../src/model/analytic.ts'
import { contenderOf } from './contender-of.ts'

const QUERIES = [
  'any where true',
  'any where event.code == "1" | head 3',
  'any where true | tail 2',
  'sequence by host.id with maxspan=10s [any where event.code == "1"] [any where event.code == "2"]',
  'sequence [any where event.code == "1"] [any where event.code == "2"] until [any where event.code == "3"]',
  'sequence by host.id with maxspan=5s [any where event.code == "1"] ![any where event.code == "3"] [any where event.code == "2"]',
  'sample by host.id [any where event.code == "1"] [any where event.code == "2"]',
].map((query): Implementation => ({ language: 'eql', query }))

const second = fc.integer({ min: 0, max: 30 })
const event = fc.record({
  code: fc.constantFrom('1', '2', '3'),
  host: fc.constantFrom('a', 'b'),
  happened: second,
  written: second,
})
const iso = (at: number) => new Date(Date.UTC(2031, 2, 4, 5, 6, at)).toISOString()

/** What a query finds, and what by the other clock, with room for so many candidates in memory. */
function found(
  implementation: Implementation,
  events: readonly { code: string; host: string; happened: number; written: number }[],
  room: number,
) {
  const contender = contenderOf('a', implementation, { room: new Room(room) })
  for (const [index, { code, host, happened, written }] of events.entries()) {
    const document = { '@timestamp': iso(happened), event: { code, category: ['process'] }, host: { id: host } }
    const recorded = iso(written)
    contender.take({ index: 'i', document, record: index + 1, recorded, otherTime: recorded }, ['process'])
  }
  const { byOtherClock } = contender.endInput()
  contender.add(contender.drain())
  return [contender.result(Number.POSITIVE_INFINITY), byOtherClock]
}

describe('the candidates of a query', () => {
  it('give the same hits from disk as from memory, by both clocks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...QUERIES),
        fc.array(event, { maxLength: 40 }),
        fc.integer({ min: 0, max: 9 }),
        (query, events, room) => {
          assert.deepEqual(found(query, events, room), found(query, events, 1000))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('leave nothing on disk, and few files open', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('tocsin-replay-')).length
    const many = Array.from({ length: 300 }, (_, at) => ({ code: '1', host: 'a', happened: at, written: at }))
    assert.deepEqual(found(QUERIES[2]!, many, 1), found(QUERIES[2]!, many, 1000))
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('tocsin-replay-')).length
    assert.ok(after <= before)
  })
})
