import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fieldOf } from '../../src/model/event.ts'
import { CLIENT, framesOf, REMOTE_CREATION, type Said, segmentsOf } from './conversation.ts'
import { type Decoded, decode } from './decoding.ts'
import { pcap, type Segment } from './packet-maker.ts'
import { request, response } from './pdu-maker.ts'

const decodeSegments = (segments: Segment[]): Decoded => decode([pcap(framesOf(segments))])

/** What was said, whatever the packets that brought it. */
const saidBy = ({ pdus }: Decoded): string[] =>
  pdus.map(({ type, interface: name, opnum, callId, source }) => [type, name, opnum, callId, source.port].join(' '))

const WHOLE = saidBy(decodeSegments(segmentsOf(REMOTE_CREATION)))
/** Each side in its own order. What came before the message that it answers has no name to go by. */
const sides = ({ pdus }: Decoded) =>
  [true, false].map((isClient) =>
    pdus
      .filter(({ source }) => (source.port === CLIENT[1]) === isClient)
      .map(({ type, callId, flags, streamOffset, length }) => [type, callId, flags, streamOffset, length].join(' ')),
  )

const isData = ({ data }: Segment) => data !== undefined

describe('streams', () => {
  it('cut into segments of any length', () => {
    for (const segment of [1, 7, 16, 100, 1460]) {
      assert.deepEqual(saidBy(decodeSegments(segmentsOf(REMOTE_CREATION, { segment }))), WHOLE, `${segment} bytes`)
    }
  })

  it('whose numbers wrap around', () => {
    assert.deepEqual(saidBy(decodeSegments(segmentsOf(REMOTE_CREATION, { first: [0xffff_fff0, 0xffff_ff00] }))), WHOLE)
  })

  it('in any order within a side, repeated, and overlapping with other bytes', () => {
    const segments = segmentsOf(REMOTE_CREATION, { segment: 97 })
    const whole = sides(decodeSegments(segments))
    const [opening, data, closing] = [segments.slice(0, 3), segments.filter(isData), segments.slice(-3)]
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(data.length - 1), fc.integer({ min: 1, max: 6 }))),
        fc.array(fc.nat(data.length - 1)),
        (moves, repeats) => {
          const order = data.map((segment, index) => ({ segment, at: index }))
          for (const [index, by] of moves) order[index]!.at += by
          // What lies before a segment has come already: of a longer repeat, that part must not count.
          const longer = repeats.map((index) => {
            const segment = data[index]!
            const lead = Math.min(40, segment.sequence - (segment.source[1] === CLIENT[1] ? 1001 : 5001))
            const copy = { ...segment, sequence: segment.sequence - lead }
            return {
              segment: { ...copy, data: Buffer.concat([Buffer.alloc(lead, 0xee), segment.data!]) },
              at: index + 20,
            }
          })
          const mixed = [...order, ...longer].sort((one, other) => one.at - other.at).map(({ segment }) => segment)
          const decoded = decodeSegments([...opening, ...mixed.map((one) => ({ ...one, acknowledge: 0 })), ...closing])
          assert.deepEqual(sides(decoded), whole)
          assert.deepEqual(decoded.problems, [])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('with a segment lost: everything but the PDUs that it held', () => {
    const segments = segmentsOf(REMOTE_CREATION, { segment: 500 })
    for (const [index, lost] of segments.entries()) {
      if (!isData(lost)) continue
      const said = saidBy(decodeSegments(segments.filter((_, at) => at !== index)))
      assert.equal(said.length, WHOLE.length - 1, `without segment ${index}`)
    }
  })

  it('without their beginning: a client’s call is known by its answer alone', () => {
    const segments = segmentsOf(REMOTE_CREATION).filter(isData).slice(4)
    const decoded = decodeSegments(segments)
    assert.deepEqual(
      decoded.pdus.map(({ type, opnum, contextId }) => [type, opnum, contextId]),
      [
        ['request', 0, 1],
        ['response', 0, 1],
        ['request', 1, 1],
        ['request', 1, 1],
        ['response', 1, 1],
      ],
    )
    assert.deepEqual(
      decoded.events.map(({ document }) => fieldOf(document, 'event.action')),
      ['dce_rpc_request', 'dce_rpc_request'],
    )
  })

  it('of ports that are used again', () => {
    const again = segmentsOf(REMOTE_CREATION, { first: [900_000, 70_000] })
    const decoded = decodeSegments([...segmentsOf(REMOTE_CREATION).slice(0, -3), ...again])
    assert.deepEqual(saidBy(decoded), [...WHOLE, ...WHOLE])
  })

  it('of other protocols give no PDU', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 3000 }), { maxLength: 12 }), (parts) => {
        const said = parts.map(
          (bytes, index): Said => ({ by: index % 2 ? 'server' : 'client', bytes: Buffer.from(bytes) }),
        )
        return [true, false].every((handshake) => decodeSegments(segmentsOf(said, { handshake })).pdus.length === 0)
      }),
      { numRuns: 60 },
    )
    const bulk = Buffer.alloc(200_000, 5)
    assert.deepEqual(decodeSegments(segmentsOf([{ by: 'client', bytes: bulk }], { handshake: false })).pdus, [])
  })
})

describe('limits', () => {
  it('connections beyond them are given up, the oldest first, and it is said', () => {
    const call: Said[] = [
      { by: 'client', bytes: request(1) },
      { by: 'server', bytes: response() },
    ]
    const segments = Array.from({ length: 5000 }, (_, number) =>
      segmentsOf(call, { client: [`10.1.${number >> 8}.${number & 255}`, 50_000], handshake: false }),
    ).flat()
    const { pdus, events, problems } = decodeSegments(segments)
    assert.deepEqual([pdus.length, events.length], [10_000, 5000])
    assert.match(problems[0]!.message, /^904 connections were given up unfinished: too many at once$/)
  })
})
