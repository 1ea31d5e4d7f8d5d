import assert from 'node:assert/strict'
import { fieldOf } from '../../src/model/event.ts'
import { CLIENT, frameOf, framesOf, REMOTE_CREATION, segmentsOf } from './conversation.ts'
import { type Decoded, decode } from './decoding.ts'
import { ipv4, ipv6, LINKS, pcap, pcapng, tcp } from './packet-maker.ts'

const SEGMENTS = segmentsOf(REMOTE_CREATION)
const FRAMES = framesOf(SEGMENTS)

const PDUS = [
  'bind ITaskSchedulerService 0',
  'bind_ack ITaskSchedulerService ',
  'alter_context ITaskSchedulerService 1',
  'alter_context_resp ITaskSchedulerService ',
  'request ITaskSchedulerService 1 SchRpcHighestVersion',
  'response ITaskSchedulerService 1 SchRpcHighestVersion',
  'request ITaskSchedulerService 1 SchRpcRegisterTask',
  'request ITaskSchedulerService 1 SchRpcRegisterTask',
  'response ITaskSchedulerService 1 SchRpcRegisterTask',
]

const pdusOf = ({ pdus }: Decoded): string[] =>
  pdus.map((pdu) => [pdu.type, pdu.interface, pdu.contextId ?? '', pdu.operation ?? []].flat().join(' '))

function assertWhole(decoded: Decoded, name?: string): void {
  assert.deepEqual(decoded.problems, [], name)
  assert.deepEqual(pdusOf(decoded), PDUS, name)
}

describe('captures by their format', () => {
  for (const little of [true, false]) {
    for (const nanoseconds of [false, true]) {
      it(`pcap, ${little ? 'little' : 'big'} endian, ${nanoseconds ? 'nano' : 'micro'}seconds`, () => {
        const decoded = decode([pcap(FRAMES, { little, nanoseconds })])
        assertWhole(decoded)
        assert.equal(fieldOf(decoded.events[0]!.document, '@timestamp'), '2020-09-13T12:26:40.003Z')
      })
      for (const kind of ['enhanced', 'old'] as const) {
        it(`pcapng, ${little ? 'little' : 'big'} endian, ${nanoseconds ? 'nano' : 'micro'}seconds, ${kind} blocks`, () => {
          const decoded = decode([pcapng(FRAMES, { little, nanoseconds, kind })])
          assertWhole(decoded)
          assert.equal(fieldOf(decoded.events[0]!.document, '@timestamp'), '2020-09-13T12:26:40.003Z')
        })
      }
    }
  }

  it('pcap with longer records, and simple blocks, which have no time', () => {
    assertWhole(decode([pcap(FRAMES, { patched: true })]))
    assertWhole(decode([pcapng(FRAMES, { kind: 'simple' })]))
  })

  it('pcapng with a second section in the other byte order', () => {
    const half = FRAMES.length / 2
    assertWhole(decode([pcapng(FRAMES.slice(0, half)), pcapng(FRAMES.slice(half), { little: false })]))
  })
})

describe('packets by their layers', () => {
  for (const [name, { linkType, wrap }] of Object.entries(LINKS)) {
    it(`${name}, IPv4 and IPv6`, () => {
      const four = SEGMENTS.map((segment) =>
        wrap(ipv4(tcp(segment), { source: segment.source[0], destination: segment.destination[0] }), 0x0800),
      )
      assertWhole(decode([pcap(four, { linkType })]))
      const six = SEGMENTS.map((segment) => wrap(ipv6(tcp(segment), sides(segment.source)), 0x86dd))
      const decoded = decode([pcap(six, { linkType })])
      assertWhole(decoded)
      assert.deepEqual(decoded.pdus[0]!.source, { ip: 'fd00::5', port: CLIENT[1] })
      assert.equal(fieldOf(decoded.events[0]!.document, 'network.type'), 'ipv6')
    })
  }

  it('says once that it does not know a link type', () => {
    const { problems, pdus } = decode([pcap(FRAMES, { linkType: 147 })])
    assert.deepEqual(problems, [{ message: 'packets of link type 147 are not read', record: 1, offset: null }])
    assert.deepEqual(pdus, [])
  })

  it('IPv6 with extension headers', () => {
    const hopByHop: [number, Buffer] = [0, Buffer.from([0, 0, 1, 4, 0, 0, 0, 0])]
    const destination: [number, Buffer] = [60, Buffer.from([0, 1, 1, 12, ...Buffer.alloc(12)])]
    const frames = SEGMENTS.map((segment) =>
      LINKS.ethernet!.wrap(
        ipv6(tcp(segment), { ...sides(segment.source), extensions: [hopByHop, destination] }),
        0x86dd,
      ),
    )
    assertWhole(decode([pcap(frames)]))
  })

  it('IPv4 fragments, the last first, and what overlaps', () => {
    const frames = SEGMENTS.flatMap((segment, identification) => {
      const payload = tcp(segment)
      const ends = { source: segment.source[0], destination: segment.destination[0], identification }
      if (payload.length < 64) return [ipv4(payload, ends)]
      // The first to come counts where two cover the same bytes: the bytes of the second are wrong there.
      const late = Buffer.concat([payload.subarray(0, 24), Buffer.alloc(16, 0xee)])
      return [ipv4(payload.subarray(24), { ...ends, fragmentOffset: 24 }), ipv4(late, { ...ends, more: true })]
    }).map((packet) => LINKS.ethernet!.wrap(packet, 0x0800))
    assertWhole(decode([pcap(frames)]))
  })

  it('IPv6 fragments', () => {
    const frames = SEGMENTS.flatMap((segment, number) => {
      const payload = tcp(segment)
      const fragment = (offset: number, end: number, more: boolean) => {
        const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, number])
        header.writeUInt16BE(offset | (more ? 1 : 0), 2)
        return ipv6(payload.subarray(offset, end), { ...sides(segment.source), extensions: [[44, header]] })
      }
      if (payload.length < 64) return [fragment(0, payload.length, false)]
      return [fragment(0, 40, true), fragment(40, payload.length, false)]
    }).map((packet) => LINKS.ethernet!.wrap(packet, 0x86dd))
    assertWhole(decode([pcap(frames)]))
  })

  it('an IP length of 0, where the network card cuts segments', () => {
    const frames = segmentsOf(REMOTE_CREATION, { segment: 60_000 }).map((segment) => {
      const ends = { source: segment.source[0], destination: segment.destination[0], totalLength: 0 }
      return LINKS.ethernet!.wrap(ipv4(tcp(segment), ends), 0x0800)
    })
    assertWhole(decode([pcap(frames)]))
  })

  it('padding of short frames is no data', () => {
    const frames = SEGMENTS.map((segment) => Buffer.concat([frameOf(segment), Buffer.alloc(18, 5)]))
    assertWhole(decode([pcap(frames)]))
  })

  it('packets that were cut when captured: the calls whose bytes are all there', () => {
    const { pdus } = decode([pcap(FRAMES, { snapLength: 220 })])
    assert.ok(pdus.length >= 6, `${pdus.length} PDUs`)
    assert.equal(pdus[0]!.type, 'bind')
  })
})

const sides = ([ip]: [string, number]) =>
  ip === CLIENT[0] ? { source: 5, destination: 6 } : { source: 6, destination: 5 }

describe('the end of a capture', () => {
  const bytes = pcap(FRAMES)

  it('cut anywhere: an error with the byte where the last part begins, and what was read before it', () => {
    for (const cut of [1, 3, 4, 20, 24, 30, 41, 200, bytes.length - 1]) {
      const { problems, summary } = decode([bytes.subarray(0, cut)])
      const isBetween = cut === 24
      assert.equal(problems.length, isBetween ? 0 : 1, `cut at ${cut}`)
      if (isBetween) continue
      const offset = problems[0]!.offset!
      assert.ok(offset <= cut && offset + 65_535 > cut)
      assert.match(problems[0]!.message, cut < 4 ? /too short/ : /the capture is cut/)
      assert.ok(summary.packets <= FRAMES.length)
    }
  })

  it('garbage: an error with its byte', () => {
    assert.deepEqual(decode([Buffer.from('{"a": 1}')]).problems, [
      { message: 'it is no capture: it begins with 7b226122', record: 0, offset: 0 },
    ])
    assert.deepEqual(decode([]).problems, [{ message: 'it is empty', record: 0, offset: 0 }])
    const damaged = Buffer.concat([bytes.subarray(0, 24 + 16 + 54), Buffer.alloc(64, 0xff)])
    assert.deepEqual(decode([damaged]).problems, [
      { message: 'packet 2 claims 4294967295 bytes: the capture is damaged here', record: 1, offset: 94 },
    ])
    const section = pcapng(FRAMES)
    section.writeUInt32LE(7, 32)
    assert.equal(decode([section]).problems[0]!.offset, 28)
  })
})
