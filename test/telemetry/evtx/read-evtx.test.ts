import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { readEvtx } from '../../../src/telemetry/evtx/read-evtx.ts'
import type { XmlElement } from '../../../src/telemetry/evtx/xml.ts'
import type { InputProblem } from '../../../src/telemetry/readers/damage.ts'
import { CHUNK, event, eventData, evtx, FIRST_CHUNK, FIRST_RECORD, type Node, sealed } from './evtx-maker.ts'

interface Read {
  /** Number and offset of each record that was read. */
  records: [number, number][]
  events: XmlElement[]
  /** The text of each event's first data. */
  names: string[]
  problems: InputProblem[]
  lost: number
}

async function read(bytes: Buffer, size = 1 << 16): Promise<Read> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const found: Read = { records: [], events: [], names: [], problems: [], lost: 0 }
  await readEvtx(chunks(), {
    onEvent: (xml, record, offset) => {
      found.records.push([record, offset])
      found.events.push(xml)
      found.names.push(xml.children[1]?.children[0]?.text ?? '')
    },
    onProblem: (problem, lost) => {
      found.problems.push(problem)
      if (lost) found.lost += 1
    },
  })
  return found
}

const named = (name: string): Node[] => event({ eventId: 4698, channel: 'Security' }, eventData({ TaskName: name }))
const messages = ({ problems }: Read) => problems.map(({ message }) => message)

/** Offsets of the records in a log. */
function recordOffsets(log: Buffer): number[] {
  const offsets: number[] = []
  for (let at = log.indexOf('**\0\0'); at !== -1; at = log.indexOf('**\0\0', at + 1)) offsets.push(at)
  return offsets
}

describe('EVTX: whole logs', () => {
  it('gives every record with its number and place, whatever the chunks of the stream', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const log = evtx([names.slice(0, 3).map(named), names.slice(3).map(named)])
    const offsets = recordOffsets(log)
    assert.equal(offsets[0], FIRST_RECORD)
    for (const size of [1, 1000, CHUNK, 1 << 20]) {
      const found = await read(log, size)
      assert.deepEqual(found.names, names)
      assert.deepEqual(
        found.records,
        offsets.map((offset, index) => [index + 1, offset]),
      )
      assert.deepEqual(found.problems, [])
    }
  })

  it('takes reserved chunks behind the last, and old records behind the end of one, for what they are', async () => {
    const old = evtx([['x', 'y', 'z', 'w', 'v', 'u'].map(named)], { firstId: 900 })
    const log = evtx([[named('new')]])
    const end = FIRST_CHUNK + log.readUInt32LE(FIRST_CHUNK + 48)
    const later = recordOffsets(old).find((offset) => offset > end)!
    old.copy(log, end, later, FIRST_CHUNK + CHUNK)
    const found = await read(Buffer.concat([log, Buffer.alloc(2 * CHUNK), randomBytes(CHUNK)]))
    assert.deepEqual([found.names, messages(found)], [['new'], []])
  })

  it('reads what follows the header’s count in a log that was not closed, without complaint', async () => {
    const log = evtx([[named('a')], [named('b')]], { flags: 1, chunkCount: 1 })
    const found = await read(log)
    assert.deepEqual([found.names, messages(found)], [['a', 'b'], []])
  })

  it('reads an empty log', async () => {
    assert.deepEqual(await read(evtx([])), { records: [], events: [], names: [], problems: [], lost: 0 })
  })
})

/** What is done to a log of three chunks with four records each, which records it costs, and what is said. */
type Case = [name: string, harm: (log: Buffer) => Buffer, lost: string[], said: RegExp, problem: Partial<InputProblem>]

const NAMES = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'b4', 'c1', 'c2', 'c3', 'c4']
const threeChunks = () => evtx([0, 4, 8].map((at) => NAMES.slice(at, at + 4).map(named)))
const SECOND_CHUNK = FIRST_CHUNK + CHUNK

const changed = (change: (log: Buffer, offsets: number[]) => void) => (log: Buffer) => {
  change(log, recordOffsets(log))
  return log
}

/** Makes the checksums of all chunks true again. */
function seal(log: Buffer): void {
  for (let at = FIRST_CHUNK; at < log.length; at += CHUNK) sealed(log.subarray(at, at + CHUNK))
}

const CASES: Case[] = [
  [
    'a wrong checksum of the file header',
    changed((log) => log.writeUInt8(9, 24)),
    [],
    /file header's checksum/,
    { offset: 0 },
  ],
  ['a lost file header', (log) => log.subarray(FIRST_CHUNK), [], /file header is missing/, { offset: 0 }],
  ['a zeroed file header', changed((log) => log.fill(0, 0, 512)), [], /file header is damaged/, { offset: 0 }],
  [
    'a wrong checksum of a chunk header',
    changed((log) => log.writeUInt8(9, SECOND_CHUNK + 60)),
    [],
    /chunk 2: its header's checksum/,
    { offset: SECOND_CHUNK },
  ],
  [
    'a lost magic of a chunk',
    changed((log) => log.fill(0x41, SECOND_CHUNK, SECOND_CHUNK + 8)),
    [],
    /chunk 2: its header is damaged/,
    { offset: SECOND_CHUNK },
  ],
  [
    'a changed text',
    changed((log, offsets) => log.write('a', log.indexOf(Buffer.from('b3', 'utf16le'), offsets[5]! + 200), 'latin1')),
    ['b3'],
    /chunk 2: its records' checksum is wrong/,
    { offset: SECOND_CHUNK },
  ],
  [
    'a record without its beginning',
    changed((log, offsets) => {
      log.fill(0, offsets[5], offsets[5]! + 8)
      seal(log)
    }),
    ['b2'],
    /^\d+ bytes that hold no record$/,
    { record: 6 },
  ],
  [
    'a record with an impossible size',
    changed((log, offsets) => {
      log.writeUInt32LE(0x7fffffff, offsets[5]! + 4)
      seal(log)
    }),
    ['b2'],
    /^\d+ bytes that hold no record$/,
    { record: 6 },
  ],
  [
    'a record whose binary XML is damaged',
    changed((log, offsets) => {
      log.fill(0xee, offsets[5]! + 28, offsets[5]! + 40)
      seal(log)
    }),
    ['b2'],
    /event record 6 cannot be read: unexpected token 0xee/,
    { record: 6 },
  ],
  [
    'a record whose values go beyond it',
    changed((log, offsets) => {
      log.writeUInt32LE(0xffffff, offsets[5]! + 24 + 4 + 10)
      seal(log)
    }),
    ['b2'],
    /event record 6 cannot be read: its values go beyond its end/,
    { record: 6 },
  ],
  [
    'a chunk of zeros',
    changed((log) => log.fill(0, SECOND_CHUNK, SECOND_CHUNK + CHUNK)),
    NAMES.slice(4, 8),
    /nothing but zeros/,
    { offset: SECOND_CHUNK },
  ],
  [
    'a chunk of noise',
    changed((log) => void randomBytes(CHUNK).copy(log, SECOND_CHUNK)),
    NAMES.slice(4, 8),
    /chunk 2: its header is damaged/,
    { offset: SECOND_CHUNK },
  ],
  [
    'bytes between two chunks',
    (log) => Buffer.concat([log.subarray(0, SECOND_CHUNK), Buffer.from('in between'), log.subarray(SECOND_CHUNK)]),
    [],
    /10 bytes that belong to no chunk/,
    { offset: SECOND_CHUNK },
  ],
  [
    'a cut within a record',
    (log) => log.subarray(0, recordOffsets(log)[6]! + 30),
    NAMES.slice(6),
    /the record is cut/,
    { record: 7 },
  ],
  ['a cut between records', (log) => log.subarray(0, recordOffsets(log)[6]!), NAMES.slice(6), /cut within it/, {}],
  ['a cut between chunks', (log) => log.subarray(0, SECOND_CHUNK), NAMES.slice(4), /1 of 3 chunks/, {}],
  [
    'a count that is too low in a closed log',
    () =>
      evtx(
        [0, 4, 8].map((at) => NAMES.slice(at, at + 4).map(named)),
        { chunkCount: 2 },
      ),
    [],
    /1 chunk more than the file header states/,
    { offset: 0 },
  ],
  [
    'records beyond the end that the chunk states',
    changed((log) => {
      log.writeUInt32LE(recordOffsets(log)[6]! - SECOND_CHUNK, SECOND_CHUNK + 48)
      seal(log)
    }),
    [],
    /chunk 2: 2 records lie beyond the end/,
    { offset: SECOND_CHUNK },
  ],
]

describe('EVTX: damage costs itself only', () => {
  for (const [name, harm, lost, said, place] of CASES) {
    it(name, async () => {
      const found = await read(harm(threeChunks()))
      const wanted = NAMES.filter((one) => !lost.includes(one))
      // A text that was changed is read as it is now.
      assert.deepEqual(
        found.names.filter((one) => NAMES.includes(one)),
        name === 'a changed text' ? [...NAMES.slice(0, 6), 'a3', ...NAMES.slice(7)] : wanted,
      )
      const problem = found.problems.find(({ message }) => said.test(message))
      assert.ok(problem, messages(found).join('; '))
      assert.deepEqual({ ...problem, ...place }, problem)
    })
  }

  it('survives any change of any bytes, in bounded time', async () => {
    const log = threeChunks()
    const change = fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 8000 }),
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), fc.boolean(), async (changes, resealed) => {
        const bytes = Buffer.from(log)
        for (const [chunk, at, value] of changes) bytes.set(value, FIRST_CHUNK + chunk * CHUNK + at)
        if (resealed) seal(bytes)
        const found = await read(bytes)
        assert.ok(found.events.length <= 12 + changes.length)
        if (found.events.length < 12) assert.ok(found.problems.length > 0)
      }),
      { numRuns: 300 },
    )
  })

  it('survives a cut anywhere', async () => {
    const log = threeChunks()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: SECOND_CHUNK + 6000 }), async (length) => {
        const found = await read(log.subarray(0, length))
        assert.deepEqual(found.names, NAMES.slice(0, found.names.length))
        if (length > 0) assert.ok(found.problems.length > 0)
      }),
      { numRuns: 200 },
    )
  })
})

describe('EVTX: templates that never end', () => {
  it('refuses values that hold values that hold values', async () => {
    const doubled: Node[] = [{ element: 'D', children: Array.from({ length: 20 }, () => ({ hole: 0 })) }]
    let value: Node = { template: doubled, values: [{ type: 1, data: Buffer.from('x', 'utf16le') }] }
    for (let depth = 0; depth < 6; depth += 1) value = { template: doubled, values: [{ type: 0x21, data: [value] }] }
    const found = await read(evtx([[event({ eventId: 1, channel: 'x' }, value), named('next')]]))
    assert.match(messages(found)[0]!, /unfold without end/)
    assert.deepEqual(found.names, ['next'])
  })

  it('refuses a template within itself, and elements too deep', async () => {
    const self: Node[] = []
    const instance: Node = { template: self, values: [] }
    self.push({ element: 'S', children: [instance] })
    let deep: Node = 'x'
    for (let depth = 0; depth < 200; depth += 1) deep = { element: 'E', children: [deep] }
    const found = await read(
      evtx([[event({ eventId: 1, channel: 'x' }, instance), event({ eventId: 1, channel: 'x' }, deep)]]),
    )
    assert.match(messages(found)[0]!, /template holds itself/)
    assert.match(messages(found)[1]!, /more than 100 deep/)
    assert.deepEqual([found.events.length, found.lost], [0, 2])
  })
})
