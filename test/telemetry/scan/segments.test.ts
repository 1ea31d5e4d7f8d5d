import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { IMPOSSIBLE, type Needs, NOTHING } from '../../../src/model/needs.ts'
import { JsonSplitter } from '../../../src/telemetry/readers/json-splitter.ts'
import { SegmentThreads } from '../../../src/telemetry/scan/segment-threads.ts'
import { beginOf, type Cutting, cutSegment } from '../../../src/telemetry/scan/segments.ts'
import type { CanWait } from '../../../src/telemetry/scan/sieve.ts'
import { type SegmentOptions, siftFile } from '../../../src/telemetry/scan/sift-file.ts'
import { createSifterMemory } from '../../../src/telemetry/scan/sifter-memory.ts'
import { createSifter, type Sifter, SiftingSplitter } from '../../../src/telemetry/scan/sifting-splitter.ts'
import { assertAll, damaged, nothingSplit, passedBy, type Split, sinkOf } from './streams.ts'

describe('segments of a file', () => {
  const cutting: Cutting = { segment: 20, reach: 9 }

  it('begin with the first record that begins a line, within reach of their place', () => {
    const cases: [text: string, begin: number][] = [
      ['{"a":1}\n{"b":2}\n', 8],
      ['"a":1}\r\n{"b":2}\n', 8],
      ['\n{"b":2}\n', 1],
      ['{"b":2}{"c":3}\n{', 0],
      ['{"a":12}\n{"b":2}\n', 0],
      ['\n \n {"b":2}\n', 0],
    ]
    for (const [text, begin] of cases) assert.equal(beginOf(Buffer.from(text), 0, cutting), begin, text)
  })

  it('end where the next one begins, the last with the file', () => {
    const text = Buffer.from('"x"}\n{"a":1}\n{"b":2}\n{"c":3}\n')
    assert.deepEqual(cutSegment(text.subarray(0, 28), cutting), { begin: 5, end: 21 })
    assert.deepEqual(cutSegment(text.subarray(0, 20), cutting), { begin: 5, end: 20 })
  })
})

describe('threads that go through segments', function () {
  this.timeout(120_000)
  let folder: string
  let threads: SegmentThreads
  let everything: Reading
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-segments-'))
    everything = readingFor(NOTHING)
    threads = everything.threads
  })
  after(async () => {
    await threads.end()
    await rm(folder, { recursive: true, force: true })
  })

  interface Reading {
    threads: SegmentThreads
    sifter: Sifter
    read(path: string, options: Omit<SegmentOptions, 'threads'>, threads?: SegmentOptions['threads']): Promise<Read>
  }

  /** What was found, and how many segments other threads had gone through. */
  type Read = Split & { ahead: number; heard: number; splitter: SiftingSplitter }

  function readingFor(needs: Needs | Needs[], canWait: CanWait = () => false): Reading {
    const own = new SegmentThreads(createSifterMemory(), 2)
    const sifter = createSifter(() => [needs].flat(), { threads: own, canWait })
    return {
      threads: own,
      sifter,
      async read(path, options, helping = own) {
        const found = { ...nothingSplit(), ahead: 0, heard: 0 }
        const splitter = new SiftingSplitter(sinkOf(found), sifter, passedBy(found))
        const take = splitter.takeGoneThrough.bind(splitter)
        splitter.takeGoneThrough = (room) => {
          found.ahead += 1
          take(room)
        }
        const heard = (bytes: number) => {
          found.heard += bytes
        }
        await siftFile({ absolute: path, heard }, splitter, { ...options, threads: helping })
        return { ...found, splitter }
      },
    }
  }

  function plainly(bytes: Buffer): Split {
    const found = nothingSplit()
    const splitter = new JsonSplitter(sinkOf(found))
    splitter.push(bytes)
    splitter.end()
    return found
  }

  const file = async (bytes: Buffer) => {
    const path = join(folder, 'recording.json')
    await writeFile(path, bytes)
    return path
  }
  const cuttings = fc.record({ segment: fc.integer({ min: 300, max: 4000 }), reach: fc.integer({ min: 1, max: 300 }) })
  /** Long enough for other threads to come to it. */
  const recordings = fc.array(damaged, { minLength: 1, maxLength: 3 }).map((parts) => {
    const all = Buffer.concat(parts)
    return Buffer.concat(Array.from({ length: Math.ceil(60_000 / (all.length + 1)) }, () => all))
  })

  it('find what is found without them, whatever the file holds and wherever it is cut', async () => {
    const nothing = readingFor(IMPOSSIBLE)
    let ahead = 0
    try {
      await fc.assert(
        fc.asyncProperty(recordings, cuttings, async (bytes, cutting) => {
          const path = await file(bytes)
          const { values, problems } = plainly(bytes)
          const all = await everything.read(path, { ...cutting, worthBytes: 0 })
          assert.deepEqual([all.values, all.problems, all.heard], [values, problems, bytes.length])
          const few = await nothing.read(path, { ...cutting, worthBytes: 0 })
          assert.deepEqual([few.problems, few.values.length + few.passed], [problems, values.length])
          const places = new Map(values.map(([record, offset, value]) => [record, [offset, value]]))
          for (const [record, offset, value] of few.values) assert.deepEqual([offset, value], places.get(record))
          ahead += all.ahead + few.ahead
        }),
        { numRuns: 60 },
      )
    } finally {
      await nothing.threads.end()
    }
    assert.ok(ahead > 500, `${ahead} segments ahead of the reader say little`)
  })

  it('keep what waits for others, with its number', async () => {
    const waiting = readingFor(NOTHING, () => true)
    let ahead = 0
    try {
      await fc.assert(
        fc.asyncProperty(recordings, cuttings, async (bytes, cutting) => {
          const found = await waiting.read(await file(bytes), { ...cutting, worthBytes: 0 })
          assertAll(plainly(bytes), found, found.splitter, waiting.sifter)
          ahead += found.ahead
        }),
        { numRuns: 30 },
      )
    } finally {
      await waiting.threads.end()
    }
    assert.ok(ahead > 200, `${ahead} segments ahead of the reader say little`)
  })

  it('keep what waits also between records that are read at once', async () => {
    const urgent: Needs = { kind: 'literal', fields: ['Message'], text: 'now' }
    const waiting = readingFor([NOTHING, urgent], (who) => who === 0)
    const record = { EventID: 1, Channel: 'Security', TimeCreated: '2031-03-04T05:06:07.000Z' }
    const messages = Array.from({ length: 20_000 }, (_, at) => (at % 7 === 0 ? 'now' : `${at}`))
    const bytes = Buffer.from(messages.map((Message) => `${JSON.stringify({ ...record, Message })}\n`).join(''))
    try {
      const found = await waiting.read(await file(bytes), { segment: 4000, reach: 200, worthBytes: 0 })
      assertAll(plainly(bytes), found, found.splitter, waiting.sifter)
      assert.ok(found.ahead > 100, `${found.ahead} segments ahead of the reader say little`)
    } finally {
      await waiting.threads.end()
    }
  })

  const lines = (count: number) => Buffer.from('{"EventID":1,"Channel":"Security"}\n'.repeat(count))
  const cutting = { segment: 1000, reach: 100, worthBytes: 0 }

  /** The same threads, which begin with a file in another way. */
  const beginningWith = (own: SegmentThreads, begin: SegmentThreads['begin']): SegmentOptions['threads'] => ({
    begin,
    room: own.room.bind(own),
    hasEnded: own.hasEnded.bind(own),
    leaveRooms: own.leaveRooms.bind(own),
  })

  it('leave to the reader what they took and never gave back', async () => {
    const bytes = lines(3000)
    const gone = readingFor(NOTHING)
    await gone.threads.end()
    const helping = beginningWith(gone.threads, (...args) => {
      const board = gone.threads.begin(...args)
      assert.equal(board.takeAhead(7, 1), 8)
      return board
    })
    const { values, ahead } = await gone.read(await file(bytes), cutting, helping)
    assert.deepEqual([values, ahead], [plainly(bytes).values, 0])
  })

  it('leave to the reader what they cannot read', async () => {
    const bytes = lines(30_000)
    const helping = beginningWith(threads, (_, ...args) => threads.begin(2 ** 31 - 1, ...args))
    const { values, ahead } = await everything.read(await file(bytes), cutting, helping)
    assert.deepEqual([values.length, ahead], [30_000, 0])
  })

  it('are not asked about what is small', async () => {
    const bytes = lines(300)
    const { values, ahead } = await everything.read(await file(bytes), { ...cutting, worthBytes: bytes.length + 1 })
    assert.deepEqual([values.length, ahead], [300, 0])
  })
})
