import assert from 'node:assert/strict'
import { createCaptureDecoder } from '../../src/wire/decode-capture.ts'
import { framesOf, REMOTE_CREATION, segmentsOf } from './conversation.ts'
import { ipv4, ipv6, LINKS, pcap, pcapng, tcp } from './packet-maker.ts'
import { bind, bindAck, eptMapStub, MAPPER_UUID, request, response, TASK_SCHEDULER_UUID } from './pdu-maker.ts'
import { throughPipe } from './smb-maker.ts'

const CAPTURES = 10_000
/** Another seed fuzzes other captures: TOCSIN_FUZZ_SEED=7 npm test -- --grep mutated */
const SEED = Number(process.env.TOCSIN_FUZZ_SEED ?? 20_150_402)
const HELD_AT_MOST = 1 << 20

/** Small captures with something of everything. */
function samples(): Buffer[] {
  const creation = segmentsOf(REMOTE_CREATION, { segment: 600 })
  const frames = framesOf(creation)
  const uuid = TASK_SCHEDULER_UUID
  const calls: [Buffer, Buffer, Buffer, Buffer] = [bind([{ id: 0, uuid }]), bindAck([0]), request(0), response()]
  const pipe = framesOf(segmentsOf(throughPipe('atsvc', calls), { server: ['10.0.0.6', 445] }))
  const mapper = framesOf(
    segmentsOf([
      { by: 'client', bytes: bind([{ id: 0, uuid: MAPPER_UUID }]) },
      { by: 'client', bytes: request(3, { callId: 2 }) },
      { by: 'server', bytes: response({ callId: 2, stub: eptMapStub(uuid, '10.0.0.6', 49671) }) },
    ]),
  )
  const fragments = creation.flatMap((segment, identification) => {
    const payload = tcp(segment)
    const ends = { source: segment.source[0], destination: segment.destination[0], identification }
    if (payload.length < 64) return [ipv4(payload, ends)]
    return [
      ipv4(payload.subarray(0, 40), { ...ends, more: true }),
      ipv4(payload.subarray(40), { ...ends, fragmentOffset: 40 }),
    ]
  })
  const six = creation.map((segment) =>
    ipv6(tcp(segment), { source: 5, destination: 6, extensions: [[60, Buffer.alloc(8)]] }),
  )
  return [
    pcap(frames),
    pcap(frames, { little: false, snapLength: 200 }),
    pcapng(frames),
    pcapng(mapper, { little: false, kind: 'old' }),
    pcap(pipe),
    pcapng(pipe, { kind: 'simple' }),
    pcap(fragments, { linkType: 101 }),
    pcap(six.map((packet) => LINKS['vlan in vlan']!.wrap(packet, 0x86dd))),
  ]
}

/** Numbers from 0 to 1, the same for the same seed: Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const EXTREMES = [0, 1, 4, 5, 0x7f, 0x80, 0xff]

function mutated(sample: Buffer, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit)
  let bytes = Buffer.from(sample)
  for (let changes = 1 + below(12); changes > 0; changes -= 1) {
    const at = below(bytes.length)
    const length = 1 + below(64)
    switch (below(7)) {
      case 0:
        bytes[at] = below(256)
        break
      case 1:
        bytes[at]! ^= 1 << below(8)
        break
      case 2:
        bytes.fill(EXTREMES[below(EXTREMES.length)]!, at, Math.min(bytes.length, at + 1 + below(4)))
        break
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
        break
      case 4: {
        const from = below(bytes.length)
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length * 8), bytes.subarray(at)])
        break
      }
      case 5:
        if (random() < 0.2) bytes = bytes.subarray(0, at + 1)
        break
      case 6:
        bytes.copyWithin(at, below(bytes.length), below(bytes.length))
    }
  }
  return bytes
}

describe(`mutated captures, seed ${SEED}`, () => {
  it(`${CAPTURES.toLocaleString('en')} of them: no exception, nothing without end, no more memory than is allowed`, () => {
    const originals = samples()
    let damaged = 0
    let pdus = 0
    for (let number = 0; number < CAPTURES; number += 1) {
      const random = randomFrom(SEED + number)
      const bytes = mutated(originals[number % originals.length]!, random)
      const context = `capture ${number} of seed ${SEED}`
      const decoder = createCaptureDecoder({
        watched: [{ view: 'printable', pattern: 'IYD@$621' }],
        limits: { flows: 64, heldBytes: HELD_AT_MOST },
        onPdu: () => {
          pdus += 1
        },
        onProblem: ({ message, offset }) => {
          damaged += 1
          assert.ok(message.length > 0 && (offset === null || (offset >= 0 && offset <= bytes.length)), context)
        },
      })
      const step = 1 + Math.floor(random() * bytes.length)
      try {
        for (let at = 0; at < bytes.length; at += step) {
          decoder.push(bytes.subarray(at, at + step))
          assert.ok(decoder.held <= HELD_AT_MOST, `${context} holds ${decoder.held} bytes`)
        }
        decoder.end()
      } catch (error) {
        throw new Error(`${context}: ${(error as Error).stack}`)
      }
      assert.equal(decoder.held, 0, context)
    }
    // Mutations that break every capture, or none, would test nothing.
    assert.ok(damaged > CAPTURES / 20 && pdus > CAPTURES, `${damaged} problems, ${pdus} PDUs`)
  })
})
