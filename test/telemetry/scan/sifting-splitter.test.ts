import assert from 'node:assert/strict'
import fc from 'fast-check'
import { IMPOSSIBLE, type Needs, NOTHING } from '../../../src/model/needs.ts'
import type { InputProblem } from '../../../src/telemetry/readers/damage.ts'
import { JsonSplitter } from '../../../src/telemetry/readers/json-splitter.ts'
import type { RecordSink } from '../../../src/telemetry/readers/record-sink.ts'
import { createSifter, SiftingSplitter } from '../../../src/telemetry/scan/sifting-splitter.ts'
import { choices, spelled, windowsRecord } from '../windows-records.ts'

interface Split {
  values: [record: number, offset: number, value: unknown][]
  problems: [problem: InputProblem, lost: boolean][]
  passed: number
}

type MakeSplitter = (sink: RecordSink, onPassed: () => void) => { push(chunk: Buffer): void; end(): void }

/** Splits bytes that arrive in chunks of the given sizes, over and over. */
function split(bytes: Buffer, sizes: readonly number[], make: MakeSplitter): Split {
  const found: Split = { values: [], problems: [], passed: 0 }
  const splitter = make(
    {
      onRecord: (value, record, offset) => found.values.push([record, offset, value]),
      onProblem: (problem, lost) => found.problems.push([problem, lost]),
    },
    () => {
      found.passed += 1
    },
  )
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
  (sink, onPassed) => {
    const sifter = sifters.get(needs) ?? createSifter(() => [needs])
    sifters.set(needs, sifter)
    return new SiftingSplitter(sink, sifter, onPassed)
  }

/** Puts each chunk into its room before the one before it is taken, as who reads a file does. */
const siftingBehind =
  (needs: Needs): MakeSplitter =>
  (sink, onPassed) => {
    const splitter = sifting(needs)(sink, onPassed) as SiftingSplitter
    let waiting: number | null = null
    const takeWaiting = () => {
      if (waiting !== null) splitter.take(waiting)
    }
    return {
      push(chunk) {
        const count = chunk.copy(splitter.room())
        assert.equal(count, chunk.length)
        takeWaiting()
        waiting = count
      },
      end() {
        takeWaiting()
        splitter.end()
      },
    }
  }

/** What may stand between and within records, and what may not. */
const strange = fc.constantFrom(
  ...['[1,2]\n', '["a"]', '["]",[3]]\n', '[1,\n'],
  ...['\n', '\r\n', '', ' , ', ',\n', '[', ']', '\n[\n', 'nonsense', '\u0000', '{"a":1}', '{}', '{"a":[{"b":"}"}]}'],
  ...[
    '{"a":tru}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":-}',
    '{"a" 1}',
    '{"a":1,}',
    '{"a":"\\x"}',
    '{"a":"\\u00g0"}',
    '{"cut":"',
  ],
  ...[
    '{"a":"\n"}',
    '{"a":1e5,"b":-0.5E-2,"c":null,"d":false}',
    `{"deep":${'['.repeat(70)}${']'.repeat(70)}}`,
    '{"a":"é"}',
  ],
)
const stream = fc
  .array(fc.tuple(windowsRecord, choices, fc.oneof({ weight: 4, arbitrary: fc.constant('\n') }, strange)), {
    maxLength: 12,
  })
  .map((parts) => Buffer.from(parts.map(([record, chosen, after]) => `${spelled(record, chosen)}${after}`).join('')))

/** Bytes that were hit: changed, cut out or put in. */
const damaged = fc
  .tuple(stream, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 })), { maxLength: 4 }))
  .map(([bytes, hits]) =>
    hits.reduce((rest: Buffer, [place, byte, kind]) => {
      const at = place % (rest.length + 1)
      const after = rest.subarray(kind === 0 ? at : at + 1)
      return Buffer.concat([rest.subarray(0, at), kind === 2 ? Buffer.alloc(0) : Buffer.from([byte]), after])
    }, bytes),
  )
const sizes = fc.oneof(
  fc.constant([1 << 20]),
  fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
)

describe('the sifting splitter', () => {
  it('gives the same as the plain one when everything may be wanted', () => {
    fc.assert(
      fc.property(damaged, sizes, (bytes, chunks) => {
        const all = split(bytes, chunks, plainly)
        assert.deepEqual(split(bytes, chunks, sifting(NOTHING)), all)
        assert.deepEqual(split(bytes, chunks, siftingBehind(NOTHING)), all)
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

  it('waits for a record that is longer than its memory', () => {
    const long = JSON.stringify({ EventID: 1, Channel: 'Security', Message: 'x'.repeat(6 << 20) })
    const bytes = Buffer.from(`{"a":1}\n${long}\n{"b":2}\n`)
    assert.deepEqual(split(bytes, [1 << 16], sifting(NOTHING)), split(bytes, [1 << 16], plainly))
  })
})
