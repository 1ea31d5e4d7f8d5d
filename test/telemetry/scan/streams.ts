/** Streams of records, and what a splitter makes of them. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { InputProblem } from '../../../src/telemetry/readers/damage.ts'
import type { RecordSink } from '../../../src/telemetry/readers/record-sink.ts'
import type { Sifter, SiftingSplitter } from '../../../src/telemetry/scan/sifting-splitter.ts'
import type { PassedListener } from '../../../src/telemetry/scan/skimmer.ts'
import { choices, spelled, windowsRecord } from '../windows-records.ts'

export interface Split {
  values: [record: number, offset: number, value: unknown][]
  problems: [problem: InputProblem, lost: boolean][]
  passed: number
}

/** Counts what passes. */
export const passedBy = (found: Split): PassedListener => ({
  row() {},
  events: ({ rows }) => {
    found.passed += rows.length
  },
  event: () => {
    found.passed += 1
  },
})

/** Whether what was read and what is kept are all that there is, each with its number, and what was read in its place. */
export function assertAll(all: Split, read: Split, { held }: SiftingSplitter, { scanner }: Sifter): void {
  const kept = [...held.recordsFor(0, scanner, null)].map(({ record, value }) => [record, value] as const)
  const places = new Map(all.values.map(([record, offset]) => [record, offset]))
  for (const [record, offset] of read.values) assert.equal(offset, places.get(record))
  const found = [...read.values.map(([record, , value]) => [record, value] as const), ...kept]
  found.sort(([a], [b]) => a - b)
  assert.deepEqual(
    found,
    all.values.map(([record, , value]) => [record, value]),
  )
}

export const nothingSplit = (): Split => ({ values: [], problems: [], passed: 0 })

export const sinkOf = (found: Split): RecordSink => ({
  onRecord: (value, record, offset) => found.values.push([record, offset, value]),
  onProblem: (problem, lost) => found.problems.push([problem, lost]),
})

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
export const damaged = fc
  .tuple(stream, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 })), { maxLength: 4 }))
  .map(([bytes, hits]) =>
    hits.reduce((rest: Buffer, [place, byte, kind]) => {
      const at = place % (rest.length + 1)
      const after = rest.subarray(kind === 0 ? at : at + 1)
      return Buffer.concat([rest.subarray(0, at), kind === 2 ? Buffer.alloc(0) : Buffer.from([byte]), after])
    }, bytes),
  )
