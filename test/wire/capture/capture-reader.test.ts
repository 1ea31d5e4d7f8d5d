import assert from 'node:assert/strict'
import { CaptureReader } from '../../../src/wire/capture/capture-reader.ts'
import type { Packet } from '../../../src/wire/capture/packet.ts'
import { pcap } from '../packet-maker.ts'
import { described, enhanced, section, simple, u32 } from './blocks.ts'

/** What is read of a packet, and its bytes as text. */
type Read = Pick<Packet, 'frame' | 'timeMs' | 'length' | 'linkType'> & { text: string }

function read(...chunks: Buffer[]): { packets: Read[]; problems: string[] } {
  const packets: Read[] = []
  const problems: string[] = []
  const reader = new CaptureReader({
    onPacket: ({ bytes, start, end, frame, timeMs, length, linkType }) =>
      packets.push({ frame, timeMs, length, linkType, text: bytes.toString('latin1', start, end) }),
    onProblem: ({ message, record, offset }) => problems.push(`${record} ${offset} ${message}`),
  })
  for (const chunk of chunks) reader.push(chunk)
  reader.end()
  return { packets, problems }
}

const ETHERNET = 1
const RAW = 101
const text = (value: string) => Buffer.from(value, 'latin1')

describe('packets of a pcap', () => {
  it('have their length on the wire, also where less was captured', () => {
    const { packets } = read(pcap([text('whole'), text('ab')], { snapLength: 3 }))
    assert.deepEqual(
      packets.map(({ frame, length, text }) => [frame, length, text]),
      [
        [1, 5, 'who'],
        [2, 2, 'ab'],
      ],
    )
  })

  it('have the link type of the file, whose upper bits tell of a frame check sequence', () => {
    assert.equal(read(pcap([text('a')], { linkType: 0x14000000 + RAW })).packets[0]!.linkType, RAW)
  })
})

describe('packets of a pcapng', () => {
  it('are of the interfaces of their own section', () => {
    const { packets, problems } = read(
      Buffer.concat([section(), described(ETHERNET), described(RAW), enhanced(text('a'), { from: 1 })]),
      Buffer.concat([section(), described(RAW), enhanced(text('b')), enhanced(text('c'), { from: 1 })]),
    )
    assert.deepEqual(
      packets.map(({ text, linkType }) => [text, linkType]),
      [
        ['a', RAW],
        ['b', RAW],
      ],
    )
    assert.match(problems[0]!, /^2 \d+ a packet came from interface 1, which is not described$/)
  })

  const RESOLUTION = 9
  const OFFSET = 14
  const NAME = 2
  const offset = Buffer.alloc(8)
  offset.writeBigInt64LE(-3600n)
  const TIMES: [name: string, options: [number, Buffer][], timeMs: number][] = [
    ['microseconds where nothing is said', [], 5_000],
    ['nanoseconds', [[RESOLUTION, Buffer.of(9)]], 5],
    ['a power of two', [[RESOLUTION, Buffer.of(0x80 | 10)]], 4_882_812.5],
    ['an offset in seconds', [[OFFSET, offset]], 5_000 - 3_600_000],
    [
      'what comes behind a name that is padded',
      [
        [NAME, text('eth10')],
        [RESOLUTION, Buffer.of(3)],
      ],
      5_000_000,
    ],
    [
      'nothing behind the end of options',
      [
        [0, Buffer.alloc(0)],
        [RESOLUTION, Buffer.of(3)],
      ],
      5_000,
    ],
  ]
  for (const [name, options, timeMs] of TIMES) {
    it(`have their time: ${name}`, () => {
      const { packets } = read(
        Buffer.concat([section(), described(RAW, { options }), enhanced(text('a'), { units: 5_000_000n })]),
      )
      assert.equal(packets[0]!.timeMs, timeMs)
    })
  }

  it('times beyond 32 bits', () => {
    const { packets } = read(
      Buffer.concat([section(), described(RAW), enhanced(text('a'), { units: 1_600_000_000_123_000n })]),
    )
    assert.equal(packets[0]!.timeMs, 1_600_000_000_123)
  })

  it('of simple blocks end with what was captured, without the padding', () => {
    const { packets } = read(
      Buffer.concat([section(), described(RAW, { snapLength: 3 }), simple(5, text('who')), simple(2, text('ab'))]),
    )
    assert.deepEqual(
      packets.map(({ length, text }) => [length, text]),
      [
        [5, 'who'],
        [2, 'ab'],
      ],
    )
  })

  const begin = Buffer.concat([section(), described(RAW)])
  const place = begin.length
  const unequal = enhanced(text('abcd'))
  unequal.writeUInt32LE(40, unequal.length - 4)
  const DAMAGED: [name: string, block: Buffer, message: string][] = [
    [
      'a packet longer than its block',
      enhanced(text('abcd'), { captured: 9 }),
      'a packet claims 9 bytes, more than its block has',
    ],
    ['two lengths that differ', unequal, 'the two lengths of a block differ: the capture is damaged here'],
    [
      'a block without end',
      Buffer.concat([u32(6), u32(17 << 20), Buffer.alloc(100)]),
      `a block claims ${17 << 20} bytes: the capture is damaged here`,
    ],
    [
      'a block that is no multiple of 4',
      Buffer.concat([u32(6), u32(33), Buffer.alloc(40)]),
      'a block claims 33 bytes: the capture is damaged here',
    ],
  ]
  for (const [name, block, message] of DAMAGED) {
    it(`end where the capture is damaged: ${name}`, () => {
      const { packets, problems } = read(Buffer.concat([begin, block, enhanced(text('later'))]))
      assert.deepEqual([packets, problems], [[], [`0 ${place} ${message}`]])
    })
  }
})
