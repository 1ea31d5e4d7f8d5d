import assert from 'node:assert/strict'
import { fieldOf } from '../../../src/model/event.ts'
import { createCaptureDecoder } from '../../../src/wire/decode-capture.ts'
import type { TrackerLimits } from '../../../src/wire/tcp/tracker.ts'
import type { WirePdu } from '../../../src/wire/wire-types.ts'
import { framesOf, REMOTE_CREATION, type Said, segmentsOf } from '../conversation.ts'
import { pcap, type Segment } from '../packet-maker.ts'
import { bind, bindAck, request, response, TASK_SCHEDULER_UUID } from '../pdu-maker.ts'

const FIN = 1
const RST = 4
const ACK = 16

const client = (bytes: Buffer): Said => ({ by: 'client', bytes })
const server = (bytes: Buffer): Said => ({ by: 'server', bytes })
const BIND = bind([{ id: 0, uuid: TASK_SCHEDULER_UUID }])
const BOUND = [client(BIND), server(bindAck([0]))]

/** Segments through the decoder; `events` before the end of the capture is said. */
function track(segments: readonly Segment[], limits: Partial<TrackerLimits> = {}) {
  const pdus: WirePdu[] = []
  const events: string[] = []
  const problems: string[] = []
  let most = 0
  const decoder = createCaptureDecoder({
    limits,
    onPdu: (pdu) => pdus.push(pdu),
    onEvent: ({ document }) =>
      events.push(`${fieldOf(document, 'event.action')} ${fieldOf(document, 'event.outcome')}`),
    onProblem: ({ message }) => problems.push(message),
  })
  const bytes = pcap(framesOf(segments))
  for (let at = 0; at < bytes.length; at += 1460) {
    decoder.push(bytes.subarray(at, at + 1460))
    most = Math.max(most, decoder.held)
  }
  const early = [...events]
  decoder.end()
  assert.equal(decoder.held, 0)
  return { pdus, events, early, problems, most }
}

const named = ({ pdus }: { pdus: WirePdu[] }) => pdus.map(({ type, interface: name }) => `${type} ${name}`)

describe('connections', () => {
  it('on one address, as on loopback', () => {
    for (const [from, to] of [
      [50_000, 49_671],
      [40_000, 49_671],
    ] as const) {
      const tracked = track(segmentsOf(REMOTE_CREATION, { client: ['127.0.0.1', from], server: ['127.0.0.1', to] }))
      assert.equal(tracked.pdus.length, 9)
      const bound = tracked.pdus[0]!
      assert.deepEqual([bound.source.port, bound.destination.port], [from, to])
      assert.equal(tracked.pdus[1]!.source.port, to)
    }
  })

  it('whose opening is repeated keep what was bound', () => {
    const segments = segmentsOf([...BOUND, client(request(1, { callId: 2 }))])
    const [syn] = segments
    const { pdus } = track([...segments.slice(0, 5), syn!, ...segments.slice(5)])
    assert.equal(pdus.at(-1)!.interface, 'ITaskSchedulerService')
  })

  it('that begin anew on the ports of another protocol', () => {
    const web = segmentsOf([client(Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(80)))], { segment: 18 })
    const again = segmentsOf(BOUND, { first: [900_000, 70_000] })
    assert.deepEqual(named(track([...web, ...again])), ['bind ITaskSchedulerService', 'bind_ack ITaskSchedulerService'])
  })

  it('that end give out at once what waits for an answer: by a reset, or by both sides’ last bytes', () => {
    const segments = segmentsOf([...BOUND, client(request(1, { callId: 2 }))])
    const open = segments.slice(0, -3)
    const wanted = ['dce_rpc_bind success', 'SchRpcRegisterTask undefined']
    assert.deepEqual(track(open).early, ['dce_rpc_bind success'])
    assert.deepEqual(track([...open, { ...segments.at(-3)!, flags: RST | ACK }]).early, wanted)
    assert.deepEqual(track(segments).early, wanted)
    // With the last bytes in the segment that ends the side.
    const call = open.at(-1)!
    const ends = [{ ...call, flags: FIN | ACK }, segments.at(-2)!]
    assert.deepEqual(track([...open.slice(0, -1), ...ends]).early, wanted)
    // Not before the bytes have come that stand before the end.
    assert.deepEqual(track([...open.slice(0, -1), segments.at(-3)!, segments.at(-2)!]).early, ['dce_rpc_bind success'])
  })

  it('whose first segment brings data already', () => {
    const [syn, ...rest] = segmentsOf(BOUND)
    const data = rest.findIndex((segment) => segment.data !== undefined)
    const { pdus } = track([{ ...syn!, data: BIND }, ...rest.slice(0, data), ...rest.slice(data + 1)])
    assert.deepEqual(
      pdus.map(({ type, streamOffset }) => [type, streamOffset]),
      [
        ['bind', 0],
        ['bind_ack', 0],
      ],
    )
  })

  it('that are in the middle of a message when the capture begins', () => {
    const long = request(1, { callId: 3, stub: Buffer.alloc(30_000, 0x41) })
    const segments = segmentsOf([client(long), client(request(12, { callId: 4 })), server(response({ callId: 4 }))], {
      handshake: false,
    })
    const { pdus } = track(segments.slice(1))
    assert.deepEqual(
      pdus.map(({ type, opnum }) => [type, opnum]),
      [
        ['request', 12],
        ['response', 12],
      ],
    )
  })

  it('whose first segment comes after others are read in order', () => {
    const segments = segmentsOf(REMOTE_CREATION, { segment: 40 })
    const [first, second] = segments.slice(3, 5)
    const { pdus } = track([...segments.slice(0, 3), second!, first!, ...segments.slice(5)])
    assert.equal(pdus.length, 9)
  })

  const GREETINGS: [name: string, said: Said[]][] = [
    [
      'HTTP',
      [
        client(Buffer.from('CONNECT 10.0.0.6:49671 HTTP/1.1\r\nHost: 10.0.0.6:49671\r\n\r\n')),
        server(Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n')),
      ],
    ],
    [
      // It begins as RPC does.
      'SOCKS',
      [
        client(Buffer.from('050100', 'hex')),
        server(Buffer.from('0500', 'hex')),
        client(
          Buffer.concat([
            Buffer.from('0501000310', 'hex'),
            Buffer.from('srv1.example.com'),
            Buffer.from('c207', 'hex'),
          ]),
        ),
        server(Buffer.from('050000010a000007c208', 'hex')),
      ],
    ],
  ]
  for (const [name, greetings] of GREETINGS) {
    it(`behind the greetings of a proxy: ${name}`, () => {
      const call = [client(request(1, { callId: 2 })), server(response({ callId: 2 }))]
      const { pdus, events, problems } = track(segmentsOf([...greetings, ...BOUND, ...call]))
      assert.deepEqual(
        pdus.map(({ type, interface: each }) => [type, each]),
        ['bind', 'bind_ack', 'request', 'response'].map((type) => [type, 'ITaskSchedulerService']),
      )
      assert.deepEqual([events, problems], [['dce_rpc_bind success', 'SchRpcRegisterTask success'], []])
    })
  }

  it('that say many things besides are something else', () => {
    const said = Array.from({ length: 8 }, () => client(Buffer.from('something else, and more of it')))
    assert.deepEqual(track(segmentsOf([...said, ...BOUND])).pdus, [])
    assert.equal(track(segmentsOf([...said.slice(1), ...BOUND])).pdus.length, 2)
  })

  it('that begin like RPC and are something else take no room', () => {
    const likeAPdu = Buffer.from('05000b0310000000', 'hex')
    const others = Array.from({ length: 5 }, (_, number) =>
      segmentsOf([client(likeAPdu), client(Buffer.alloc(40, 0xff)), client(Buffer.alloc(40, 0xff))], {
        client: ['10.1.0.1', 50_000 + number],
      }).slice(0, -3),
    )
    const lateFirst = Array.from({ length: 5 }, (_, number) => {
      const [opening, data] = [0, 3].map((at) =>
        segmentsOf([client(Buffer.alloc(100, 0xff))], { client: ['10.1.0.2', 50_000 + number], segment: 50 }).slice(
          at,
          at === 0 ? 3 : 5,
        ),
      )
      return [...opening!, data![1]!, data![0]!]
    })
    assert.deepEqual(track([...others, ...lateFirst].flat(), { conversations: 2 }).problems, [])
  })

  it('that wait for too much are given up, those that were quiet for longest first, and it is said', () => {
    const half = request(1, { callId: 2, stub: Buffer.alloc(20_000, 0x41) }).subarray(0, 9_000)
    const waiting = Array.from({ length: 30 }, (_, number) =>
      segmentsOf([...BOUND, client(half)], { client: ['10.1.0.1', 50_000 + number] }).slice(0, -3),
    ).flat()
    const limit = 200_000
    const { problems, most, pdus } = track(waiting, { heldBytes: limit })
    assert.equal(pdus.length, 60)
    assert.ok(most <= limit, `${most} bytes`)
    const [, given] = /^(\d+) connections were given up unfinished: too many at once$/.exec(problems[0]!)!
    assert.ok(Number(given) >= 20 && Number(given) < 30, given)
    const rest = segmentsOf([...BOUND, client(half)], { client: ['10.1.0.1', 50_029] })
    const last = rest.at(-4)!
    const more = request(1, { callId: 2, stub: Buffer.alloc(20_000, 0x41) }).subarray(9_000)
    const finish = { ...last, sequence: last.sequence + last.data!.length, data: more }
    assert.equal(track([...waiting, finish], { heldBytes: limit }).pdus.at(-1)!.type, 'request')
  })

  it('beyond the flows that are known at once are given up', () => {
    const many = Array.from({ length: 8 }, (_, number) =>
      segmentsOf([...BOUND, client(request(1, { callId: 2 }))], { client: ['10.1.0.1', 50_000 + number] }).slice(0, -3),
    ).flat()
    const { events, problems } = track(many, { flows: 4 })
    assert.equal(events.length, 16)
    assert.deepEqual(problems, ['4 connections were given up unfinished: too many at once'])
  })
})
