import assert from 'node:assert/strict'
import fc from 'fast-check'
import { systemClock } from '../../../../src/clock/system-clock.ts'
import { Timeline } from '../../../../src/emulator/machine/timeline.ts'
import type { Frame } from '../../../../src/emulator/network/packets/frame.ts'
import { type Side, TcpStream } from '../../../../src/emulator/network/packets/tcp-stream.ts'
import { WireClock } from '../../../../src/emulator/network/packets/wire-clock.ts'

const CLIENT = { ip: '10.1.2.3', port: 50_001 }
const SERVER = { ip: '10.1.2.4', port: 135 }

function streamOf(): { stream: TcpStream; frames: Frame[] } {
  const frames: Frame[] = []
  const clock = new WireClock(new Timeline(systemClock()))
  return {
    stream: new TcpStream({ client: CLIENT, server: SERVER, clock, see: (frame) => frames.push(frame) }),
    frames,
  }
}

/** What a receiver reads in a frame. */
function segmentOf({ bytes }: Frame) {
  const ip = bytes.subarray(14)
  const tcp = ip.subarray((ip[0]! & 0x0f) * 4, ip.readUInt16BE(2))
  const from: Side = tcp.readUInt16BE(0) === CLIENT.port ? 'client' : 'server'
  const [sequence, acknowledged] = [tcp.readUInt32BE(4), tcp.readUInt32BE(8)]
  return { from, sequence, acknowledged, flags: tcp[13]!, data: tcp.subarray((tcp[12]! >> 4) * 4), ip, tcp }
}

/** Zero over everything that a right checksum covers, RFC 1071. */
function folded(...parts: Uint8Array[]): number {
  const bytes = Buffer.concat(parts)
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)])
  let total = 0
  for (let at = 0; at < even.length; at += 2) {
    total += even.readUInt16BE(at)
    total = (total & 0xffff) + (total >> 16)
  }
  return total ^ 0xffff
}

const sends = fc.array(
  fc.record({
    from: fc.constantFrom<Side>('client', 'server'),
    data: fc.uint8Array({ minLength: 1, maxLength: 4_000 }),
  }),
  { maxLength: 6 },
)

describe('a TCP stream', () => {
  it('brings each side what the other sent, whole and in order, in segments that any receiver takes', () => {
    fc.assert(
      fc.property(sends, fc.constantFrom('finish' as const, 'reset' as const), (messages, how) => {
        const { stream, frames } = streamOf()
        stream.open(true)
        for (const { from, data } of messages) stream.send(from, Buffer.from(data))
        stream.close(how)
        const next: Partial<Record<Side, number>> = {}
        const received: Record<Side, Buffer[]> = { client: [], server: [] }
        for (const frame of frames) {
          const { from, sequence, acknowledged, flags, data, ip, tcp } = segmentOf(frame)
          assert.equal(sequence, next[from] ?? sequence)
          const other: Side = from === 'client' ? 'server' : 'client'
          if (flags & 0x10) assert.equal(acknowledged, next[other])
          next[from] = sequence + data.length + (flags & 0x03 ? 1 : 0)
          received[from].push(data)
          assert.ok(data.length <= 1460)
          assert.equal(folded(ip.subarray(0, 20)), 0)
          const pseudo = Buffer.concat([ip.subarray(12, 20), Buffer.of(0, 6, tcp.length >> 8, tcp.length & 0xff)])
          assert.equal(folded(pseudo, tcp), 0)
        }
        for (const side of ['client', 'server'] as const) {
          const sent = messages.filter(({ from }) => from === side).map(({ data }) => Buffer.from(data))
          assert.deepEqual(Buffer.concat(received[side]), Buffer.concat(sent))
        }
        const times = frames.map(({ at }) => at)
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('that nobody answers is one segment', () => {
    const { stream, frames } = streamOf()
    stream.open(false)
    assert.deepEqual(
      frames.map((frame) => segmentOf(frame).flags),
      [0x02],
    )
  })

  it('is closed once', () => {
    const { stream, frames } = streamOf()
    stream.open(true)
    stream.close('finish')
    const { length } = frames
    stream.close('reset')
    assert.equal(frames.length, length)
  })
})
