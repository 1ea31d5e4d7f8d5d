import assert from 'node:assert/strict'
import fc from 'fast-check'
import { IMPOSSIBLE, type Needs, NOTHING } from '../../../src/model/needs.ts'
import { JsonSplitter } from '../../../src/telemetry/readers/json-splitter.ts'
import type { RecordSink } from '../../../src/telemetry/readers/record-sink.ts'
import { createSifter, SiftingSplitter } from '../../../src/telemetry/scan/sifting-splitter.ts'
import type { PassedListener } from '../../../src/telemetry/scan/skimmer.ts'
import { assertAll, damaged, nothingSplit, passedBy, type Split, sinkOf } from './streams.ts'

type MakeSplitter = (sink: RecordSink, passed: PassedListener) => { push(chunk: Buffer): void; end(): void }

/** Splits bytes that arrive in chunks of the given sizes, over and over. */
function split(bytes: Buffer, sizes: readonly number[], make: MakeSplitter): Split {
  const found = nothingSplit()
  const splitter = make(sinkOf(found), passedBy(found))
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!
    splitter.push(bytes.subarray(at, at + size))
    at += size
  }
  splitter.end()
  return found
}

const plainly: MakeSplitter = (sink) => new JsonSplitter(sink)
const sifters = new Map<Needs, ReturnType<typeof createSifter>>()
const sifting =
  (needs: Needs): MakeSplitter =>
  (sink, passed) => {
    const sifter = sifters.get(needs) ?? createSifter(() => [needs])
    sifters.set(needs, sifter)
    return new SiftingSplitter(sink, sifter, passed)
  }

const sizes = fc.oneof(
  fc.constant([1 << 20]),
  fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
)

describe('the sifting splitter', () => {
  it('gives the same as the plain one when everything may be wanted', () => {
    fc.assert(
      fc.property(damaged, sizes, (bytes, chunks) => {
        assert.deepEqual(split(bytes, chunks, sifting(NOTHING)), split(bytes, chunks, plainly))
      }),
      { numRuns: 300 },
    )
  })

  it('loses no record, no place and no problem when nothing is wanted', () => {
    fc.assert(
      fc.property(damaged, sizes, (bytes, chunks) => {
        const all = split(bytes, chunks, plainly)
        const few = split(bytes, chunks, sifting(IMPOSSIBLE))
        assert.deepEqual(few.problems, all.problems)
        assert.equal(few.values.length + few.passed, all.values.length)
        const places = new Map(all.values.map(([record, offset, value]) => [record, [offset, value]]))
        for (const [record, offset, value] of few.values) assert.deepEqual([offset, value], places.get(record))
      }),
      { numRuns: 300 },
    )
  })

  it('passes over most of an ordinary recording', () => {
    const record = {
      EventID: 1,
      Channel: 'Security',
      Hostname: 'a',
      TimeCreated: '2031-03-04T05:06:07.000Z',
      tags: ['a'],
    }
    const bytes = Buffer.from(`${JSON.stringify(record)}\r\n`.repeat(100))
    assert.equal(split(bytes, [333], sifting(IMPOSSIBLE)).passed, 99)
  })

  it('reads in its place what it cannot keep', () => {
    const record = {
      EventID: 1,
      Channel: 'Security',
      TimeCreated: '2031-03-04T05:06:07.000Z',
      Message: 'x'.repeat(9000),
    }
    const bytes = Buffer.from(`${JSON.stringify(record)}\n`.repeat(2000))
    const found = nothingSplit()
    const sifter = createSifter(() => [NOTHING], { canWait: () => true })
    const splitter = new SiftingSplitter(sinkOf(found), sifter, passedBy(found))
    splitter.push(bytes)
    splitter.end()
    assertAll(split(bytes, [1 << 20], plainly), found, splitter, sifter)
    assert.ok(found.passed > 1500 && found.values.length > 100, `${found.passed} kept, ${found.values.length} read`)
  })

  it('waits for a record that is longer than its memory', () => {
    const long = JSON.stringify({ EventID: 1, Channel: 'Security', Message: 'x'.repeat(6 << 20) })
    const bytes = Buffer.from(`{"a":1}\n${long}\n{"b":2}\n`)
    assert.deepEqual(split(bytes, [1 << 16], sifting(NOTHING)), split(bytes, [1 << 16], plainly))
  })
})
