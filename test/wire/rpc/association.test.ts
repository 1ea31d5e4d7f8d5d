import assert from 'node:assert/strict'
import { fieldOf } from '../../../src/model/event.ts'
import { framesOf, type Said, segmentsOf } from '../conversation.ts'
import { type Decoded, decode } from '../decoding.ts'
import { pcap } from '../packet-maker.ts'
import {
  auth3,
  bind,
  bindAck,
  eptMapAnswer,
  fault,
  ipFloor,
  MAPPER_UUID,
  request,
  response,
  TASK_SCHEDULER_UUID,
  tcpFloor,
  tower,
} from '../pdu-maker.ts'
import { throughPipe } from '../smb-maker.ts'

const uuid = TASK_SCHEDULER_UUID
const AT = '1ff70682-0a51-30e8-076d-740be8cee98b'
/** Both are called efsrpc. */
const EFS = ['c681d488-d850-11d0-8c52-00c04fd90f7e', 'df1941c5-fe89-4e79-bf10-463657acf44d'] as const

const client = (bytes: Buffer): Said => ({ by: 'client', bytes })
const server = (bytes: Buffer): Said => ({ by: 'server', bytes })
const BOUND = [client(bind([{ id: 0, uuid }])), server(bindAck([0]))]

const decodeSaid = (...said: Said[]): Decoded => decode([pcap(framesOf(segmentsOf(said)))])

const fields = ({ events }: Decoded, ...names: string[]) =>
  events.map(({ document }) => names.map((name) => fieldOf(document, name)))
const pdusOf = ({ pdus }: Decoded) => pdus.map(({ type, interface: name, opnum }) => [type, name, opnum].join(' '))

describe('the contexts of a connection', () => {
  it('are what they were bound to last', () => {
    const decoded = decodeSaid(
      client(
        bind([
          { id: 0, uuid, syntaxes: 3 },
          { id: 1, uuid: AT },
        ]),
      ),
      server(bindAck([0, 0], { address: '\\PIPE\\atsvc' })),
      client(request(1, { callId: 2, contextId: 1 })),
      client(bind([{ id: 1, uuid: MAPPER_UUID }], { type: 'alter_context', callId: 3 })),
      server(bindAck([0], { type: 'alter_context_resp', callId: 3, address: '' })),
      server(response({ callId: 2, contextId: 1 })),
      client(request(2, { callId: 4, contextId: 1 })),
      client(request(2, { callId: 5, contextId: 2 })),
      server(response({ callId: 99, contextId: 0 })),
    )
    assert.deepEqual(pdusOf(decoded).slice(2), [
      'request ATSvc 1',
      'alter_context epmapper ',
      'alter_context_resp epmapper ',
      // What a call was about when it was made, its answer is about.
      'response ATSvc 1',
      'request epmapper 2',
      'request  2',
      'response ITaskSchedulerService ',
    ])
    assert.deepEqual(
      decoded.pdus[1]!.results!.map(({ result }) => result),
      ['accepted', 'accepted'],
    )
  })

  it('in any number of transfer syntaxes, none of them Microsoft’s own', () => {
    const offered = bind([{ id: 0, uuid }])
    offered.write('0102030405060708090a0b0c0d0e0f10', 16 + 12 + 24, 'hex')
    const { pdus } = decodeSaid(client(offered), client(bind([{ id: 0, uuid, syntax: 'features' }], { callId: 2 })))
    assert.deepEqual(
      pdus.map(({ contexts }) => contexts![0]!.transferSyntax),
      ['04030201-0605-0807-090a-0b0c0d0e0f10', 'features'],
    )
  })

  it('as many as are there as a whole', () => {
    const two = bind([
      { id: 0, uuid },
      { id: 1, uuid: AT },
    ])
    const cut = two.subarray(0, two.length - 30)
    cut.writeUInt16LE(cut.length, 8)
    const { pdus } = decodeSaid(client(cut))
    assert.deepEqual(
      pdus[0]!.contexts!.map(({ id, uuid: each, transferSyntax }) => [id, each, transferSyntax]),
      [[0, uuid, 'NDR32']],
    )
  })

  it('are kept up to 512, and each of them may still change', () => {
    const many = (from: number) =>
      client(
        bind(
          Array.from({ length: 100 }, (_, number) => ({ id: from + number, uuid: AT })),
          { callId: from },
        ),
      )
    const asked = [0, 511, 512, 5].map((contextId, callId) => client(request(0, { contextId, callId: 900 + callId })))
    const decoded = decodeSaid(
      ...[0, 100, 200, 300, 400, 500].map(many),
      client(bind([{ id: 5, uuid }], { type: 'alter_context', callId: 700 })),
      ...asked,
    )
    assert.deepEqual(
      decoded.pdus.slice(-4).map(({ interface: name }) => name),
      ['ATSvc', 'ATSvc', null, 'ITaskSchedulerService'],
    )
  })

  it('two of one name are named once', () => {
    assert.deepEqual(
      fields(
        decodeSaid(
          client(
            bind([
              { id: 0, uuid: EFS[0] },
              { id: 1, uuid: EFS[1] },
              { id: 2, uuid: EFS[0] },
            ]),
          ),
        ),
        'rpc.interface',
        'rpc.interface_uuid',
      ),
      [['efsrpc', [...EFS]]],
    )
  })
})

describe('the calls of a connection', () => {
  it('in fragments of both sides are one message each, with all their bytes and packets', () => {
    const part = (flags: number, length: number) => request(1, { callId: 2, flags, stub: Buffer.alloc(length) })
    const answer = (flags: number) => response({ callId: 2, flags, stub: Buffer.alloc(40) })
    const decoded = decodeSaid(
      ...BOUND,
      ...[client(part(1, 100)), client(part(0, 200)), client(part(2, 50))],
      ...[server(answer(1)), server(answer(0)), server(answer(2))],
    )
    assert.deepEqual(
      fields(decoded, 'event.action', 'event.outcome', 'event.duration', 'wire.length', 'wire.frames')[1],
      ['SchRpcRegisterTask', 'success', 5_000_000, 350 + 3 * 24, [6, 7, 8, 9, 10, 11]],
    )
    assert.equal(decoded.events.length, 2)
  })

  it('under a call id that is used again are messages of their own', () => {
    const decoded = decodeSaid(
      ...BOUND,
      client(request(1, { callId: 2 })),
      client(request(12, { callId: 2 })),
      server(response({ callId: 2 })),
    )
    assert.deepEqual(fields(decoded, 'event.action', 'event.outcome').slice(1), [
      ['SchRpcRegisterTask', undefined],
      ['SchRpcRun', 'success'],
    ])
  })

  it('that nothing answers are given out in their order once 64 others wait', () => {
    const asked = Array.from({ length: 66 }, (_, number) => client(request(number % 20, { callId: 10 + number })))
    const decoded = decodeSaid(...BOUND, ...asked, server(response({ callId: 10 })), server(response({ callId: 12 })))
    const ids = fields(decoded, 'rpc.call_id', 'event.outcome')
    // The first two had to go; the answer to one of them is no message's any more.
    assert.deepEqual(ids.slice(0, 4), [
      [1, 'success'],
      [10, undefined],
      [11, undefined],
      [12, 'success'],
    ])
    assert.equal(ids.length, 67)
  })

  it('name 64 packets at most, each once', () => {
    const parts = Array.from({ length: 80 }, (_, number) => {
      const flags = number === 0 ? 1 : number === 79 ? 2 : 0
      return request(1, { callId: 2, flags, stub: Buffer.alloc(1_000) })
    })
    const [, long] = fields(decodeSaid(...BOUND, ...parts.map(client)), 'wire.frames')
    assert.deepEqual(long, [Array.from({ length: 64 }, (_, number) => 6 + number)])
    const both = Buffer.concat([request(1, { callId: 2, flags: 1 }), request(1, { callId: 2, flags: 2 })])
    const [, short] = fields(decodeSaid(...BOUND, client(both)), 'wire.frames')
    assert.deepEqual(short, [[6]])
  })

  it('have an object and an authentication where they say so', () => {
    const object = '00112233-4455-6677-8899-aabbccddeeff'
    const authentication: [number, number, Buffer] = [9, 6, Buffer.alloc(16, 7)]
    const { pdus } = decodeSaid(
      client(bind([{ id: 0, uuid }], { authentication: [10, 2, Buffer.from('NTLMSSP')] })),
      client(auth3({ authentication: [10, 2, Buffer.from('NTLMSSP again')] })),
      client(request(0, { object, flags: 0x83, authentication })),
      client(request(0, { stub: Buffer.alloc(32, 3), callId: 2 })),
    )
    assert.deepEqual(
      pdus.map(({ type, object: id, authentication: by }) => [type, id, by]),
      [
        ['bind', undefined, { type: 10, level: 2 }],
        ['auth3', undefined, { type: 10, level: 2 }],
        ['request', object, { type: 9, level: 6 }],
        ['request', undefined, undefined],
      ],
    )
  })

  it('tell their place where the views find something', () => {
    const wanted = Buffer.from('4959d386c9834440b424db363231fd0c', 'hex')
    const { occurrences } = decodeSaid(
      ...BOUND,
      client(request(1, { callId: 2, stub: Buffer.concat([Buffer.alloc(10), wanted]) })),
    )
    const length = BOUND[0]!.bytes.length
    assert.deepEqual(
      occurrences.map(({ view, pdu, frame, streamOffset, pduOffset, ports }) => {
        return [view, pdu, frame, streamOffset, pduOffset, ...ports].join(' ')
      }),
      [
        'decoded bind 4 32 32 56588 49671',
        'raw bind 4 32 32 56588 49671',
        'printable bind 4 32 32 56588 49671',
        `raw request 6 ${length + 34} 34 56588 49671`,
        `printable request 6 ${length + 34} 34 56588 49671`,
      ],
    )
  })

  it('say why they failed: the first refusal of a bind, the status of a fault', () => {
    const decoded = decodeSaid(
      client(
        bind([
          { id: 0, uuid, syntax: 'features' },
          { id: 1, uuid },
        ]),
      ),
      server(bindAck([3, 2])),
      client(request(1, { callId: 2, contextId: 1 })),
      server(fault(0x000006f7, { callId: 2, contextId: 1 })),
      server(fault(5, { callId: 3, contextId: 1 })),
    )
    assert.deepEqual(fields(decoded, 'event.outcome', 'rpc.status'), [
      ['failure', 1],
      ['failure', 0x6f7],
    ])
    assert.deepEqual(
      decoded.pdus.map(({ status }) => status),
      [undefined, undefined, undefined, 0x6f7, 5],
    )
  })
})

describe('what an endpoint mapper says', () => {
  const HOST = '10.0.0.6'
  const PORT = 49_671

  /** The mapper's answer in as many fragments, then a call at a place without its bind. */
  function named(answer: Buffer, [ip, port]: [string, number] = [HOST, PORT], fragment = answer.length): string | null {
    const parts: Said[] = []
    for (let at = 0; at < answer.length; at += fragment) {
      const flags = (at === 0 ? 1 : 0) | (at + fragment >= answer.length ? 2 : 0)
      parts.push(server(response({ callId: 2, flags, stub: answer.subarray(at, at + fragment) })))
    }
    const asked = segmentsOf(
      [client(bind([{ id: 0, uuid: MAPPER_UUID }])), server(bindAck([0])), client(request(3, { callId: 2 })), ...parts],
      { client: ['10.0.0.5', 56_587], server: [HOST, 135], segment: 100 },
    )
    const call = segmentsOf([client(request(12, { callId: 8, contextId: 3 }))], {
      handshake: false,
      server: [ip, port],
    })
    return decode([pcap(framesOf([...asked, ...call]))]).pdus.at(-1)!.interface
  }

  const at = (ip: string, port = PORT, id = uuid) => tower(id, tcpFloor(port), ipFloor(ip))

  it('holds for the address that it names, and for the mapper’s own', () => {
    assert.equal(named(eptMapAnswer([at('10.0.0.6')])), 'ITaskSchedulerService')
    assert.equal(named(eptMapAnswer([at('0.0.0.0')])), 'ITaskSchedulerService')
    // Behind address translation the mapper names an address that nobody else sees.
    assert.equal(named(eptMapAnswer([at('192.0.2.7')])), 'ITaskSchedulerService')
    assert.equal(named(eptMapAnswer([at('192.0.2.7')]), ['192.0.2.7', PORT]), 'ITaskSchedulerService')
    assert.equal(named(eptMapAnswer([at('192.0.2.7')]), ['192.0.2.8', PORT]), null)
    assert.equal(named(eptMapAnswer([at('10.0.0.6', 49_670)])), null)
  })

  it('names nothing where several interfaces listen', () => {
    assert.equal(named(eptMapAnswer([at(HOST), at(HOST)])), 'ITaskSchedulerService')
    assert.equal(named(eptMapAnswer([at(HOST), at(HOST, PORT, AT)])), null)
    assert.equal(named(eptMapAnswer([at(HOST), at(HOST, PORT, AT), at(HOST)])), null)
  })

  it('comes in fragments, up to 64 KiB', () => {
    const many = Array.from({ length: 300 }, (_, number) => at(HOST, 1_000 + number))
    const answer = eptMapAnswer([...many, at(HOST)])
    assert.equal(named(answer, [HOST, PORT], 1_000), 'ITaskSchedulerService')
    assert.equal(named(answer, [HOST, PORT], 50), null)
    const huge = eptMapAnswer([...Array(1_000).fill(at(HOST, 1_000)), at(HOST)])
    assert.equal(named(huge, [HOST, PORT], 5_000), null)
  })

  it('says nothing about pipes', () => {
    const asked = segmentsOf(
      [
        client(bind([{ id: 0, uuid: MAPPER_UUID }])),
        client(request(3, { callId: 2 })),
        server(response({ callId: 2, stub: eptMapAnswer([at(HOST, 445)]) })),
      ],
      { client: ['10.0.0.5', 56_587], server: [HOST, 135] },
    )
    const [bound, ack, call, answer] = [
      bind([{ id: 0, uuid: AT }]),
      bindAck([0]),
      request(1, { contextId: 9 }),
      response(),
    ]
    const pipe = segmentsOf(throughPipe('atsvc', [bound, ack, call, answer]), { server: [HOST, 445] })
    const { pdus } = decode([pcap(framesOf([...asked, ...pipe]))])
    assert.deepEqual(
      pdus.slice(3).map(({ type, interface: name }) => [type, name]),
      [
        ['bind', 'ATSvc'],
        ['bind_ack', 'ATSvc'],
        ['request', null],
        ['response', 'ATSvc'],
      ],
    )
  })
})
