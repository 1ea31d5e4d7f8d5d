import assert from 'node:assert/strict'
import { emptyPacket } from '../../../src/wire/capture/packet.ts'
import { Datagram } from '../../../src/wire/packet/datagram.ts'
import { ipv4, ipv6, LINKS } from '../packet-maker.ts'

const ENDS = { source: '10.0.0.5', destination: '10.0.0.6' }
const SIX = { source: 5, destination: 6 }
const PAYLOAD = Buffer.from('a payload of more than sixteen bytes')

interface Seen {
  payload: string
  protocol: number
  /** Bytes that were not captured. */
  missing: number
}

/** What of the frames carries a whole datagram, by its payload. `kept`: so many bytes of each were captured. */
function read(frames: Buffer[], { kept = Number.POSITIVE_INFINITY } = {}): Seen[] {
  const datagram = new Datagram(({ message }) => assert.fail(message))
  return frames.flatMap((frame, index) => {
    const packet = {
      ...emptyPacket(),
      ...{ bytes: frame, end: Math.min(frame.length, kept), length: frame.length, linkType: 1, frame: index + 1 },
    }
    if (!datagram.read(packet)) return []
    const { bytes, start, end, wireEnd, protocol } = datagram
    return [{ payload: bytes.toString('latin1', start, end), protocol, missing: wireEnd - end }]
  })
}

const four = (packet: Buffer, padding = 0) =>
  Buffer.concat([LINKS.ethernet!.wrap(packet, 0x0800), Buffer.alloc(padding, 0xee)])
const six = (packet: Buffer, padding = 0) =>
  Buffer.concat([LINKS.ethernet!.wrap(packet, 0x86dd), Buffer.alloc(padding, 0xee)])

const WHOLE: Seen[] = [{ payload: PAYLOAD.toString(), protocol: 6, missing: 0 }]

/** Offset and length of an IPv6 fragment, and whether another follows. */
function fragmentHeader(offset: number, more: boolean, identification = 7): [number, Buffer] {
  const header = Buffer.alloc(8)
  header.writeUInt16BE(offset | (more ? 1 : 0), 2)
  header.writeUInt32BE(identification, 4)
  return [44, header]
}

describe('datagrams', () => {
  it('without what pads the frame', () => {
    assert.deepEqual(read([four(ipv4(PAYLOAD, ENDS), 9)]), WHOLE)
    assert.deepEqual(read([six(ipv6(PAYLOAD, SIX), 9)]), WHOLE)
  })

  it('of IPv4 with options', () => {
    assert.deepEqual(read([four(ipv4(PAYLOAD, { ...ENDS, options: Buffer.from([0x94, 4, 0, 0, 1, 1, 1, 1]) }))]), WHOLE)
  })

  it('whose length is 0, where the network card cuts segments: as long as the frame', () => {
    assert.deepEqual(read([four(ipv4(PAYLOAD, { ...ENDS, totalLength: 0 }))]), WHOLE)
    assert.deepEqual(read([six(ipv6(PAYLOAD, { ...SIX, length: 0 }))]), WHOLE)
  })

  it('that were cut when captured say how much is missing', () => {
    const payload = PAYLOAD.toString().slice(0, -4)
    const cut = [{ payload, protocol: 6, missing: 4 }]
    const [frame, sixth] = [four(ipv4(PAYLOAD, ENDS)), six(ipv6(PAYLOAD, { ...SIX, length: 0 }))]
    assert.deepEqual(read([frame], { kept: frame.length - 4 }), cut)
    assert.deepEqual(read([sixth], { kept: sixth.length - 4 }), cut)
  })

  it('of IPv6 behind every header that may stand before', () => {
    const options = (kind: number): [number, Buffer] => [kind, Buffer.from([0, 0, 1, 4, 0, 0, 0, 0])]
    // Its length counts words of four bytes, less two.
    const authentication: [number, Buffer] = [51, Buffer.from([0, 4, ...Buffer.alloc(22)])]
    const extensions = [options(0), options(43), fragmentHeader(0, false), authentication, options(60)]
    assert.deepEqual(read([six(ipv6(PAYLOAD, { ...SIX, extensions }))]), WHOLE)
  })

  it('that say less than their header has are none', () => {
    assert.deepEqual(read([four(ipv4(PAYLOAD, { ...ENDS, totalLength: 12 }))]), [])
    assert.deepEqual(read([four(ipv4(PAYLOAD, ENDS))], { kept: 14 + 19 }), [])
    assert.deepEqual(read([six(ipv6(PAYLOAD, SIX))], { kept: 14 + 39 }), [])
  })
})

describe('fragments', () => {
  const ends = { ...ENDS, identification: 7 }

  it('each padded to the least that a frame has', () => {
    const first = ipv4(PAYLOAD.subarray(0, 16), { ...ends, more: true })
    const last = ipv4(PAYLOAD.subarray(16), { ...ends, fragmentOffset: 16 })
    assert.deepEqual(read([four(first, 10), four(last, 10)]), WHOLE)
    const sixths = [
      ipv6(PAYLOAD.subarray(0, 16), { ...SIX, extensions: [fragmentHeader(0, true)] }),
      ipv6(PAYLOAD.subarray(16), { ...SIX, extensions: [fragmentHeader(16, false)] }),
    ]
    assert.deepEqual(read(sixths.map((packet) => six(packet, 10))), WHOLE)
  })

  it('of one number, between other hosts, and of another number', () => {
    const halves = (options: object, payload: Buffer) => [
      four(ipv4(payload.subarray(0, 16), { ...ends, ...options, more: true })),
      four(ipv4(payload.subarray(16), { ...ends, ...options, fragmentOffset: 16 })),
    ]
    const other = Buffer.from(PAYLOAD.toString().toUpperCase())
    for (const options of [{ identification: 8 }, { source: '10.0.0.7' }, { destination: '10.0.0.7' }]) {
      const [ours, theirs] = [halves({}, PAYLOAD), halves(options, other)]
      assert.deepEqual(
        read([ours[0]!, theirs[0]!, theirs[1]!, ours[1]!]).map(({ payload }) => payload),
        [other.toString(), PAYLOAD.toString()],
        JSON.stringify(options),
      )
    }
  })

  it('that were cut when captured complete nothing', () => {
    const first = four(ipv4(PAYLOAD.subarray(0, 16), { ...ends, more: true }))
    const last = four(ipv4(PAYLOAD.subarray(16), { ...ends, fragmentOffset: 16 }))
    assert.deepEqual(read([first, last], { kept: last.length - 4 }), [])
  })
})
