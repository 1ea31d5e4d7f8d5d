import assert from 'node:assert/strict'
import { fieldOf } from '../../src/model/event.ts'
import { framesOf, type Said, segmentsOf } from './conversation.ts'
import { type Decoded, decode } from './decoding.ts'
import { pcap } from './packet-maker.ts'
import {
  bind,
  bindAck,
  bindNak,
  eptMapStub,
  fault,
  MAPPER_UUID,
  request,
  response,
  TASK_SCHEDULER_UUID,
} from './pdu-maker.ts'

const client = (bytes: Buffer): Said => ({ by: 'client', bytes })
const server = (bytes: Buffer): Said => ({ by: 'server', bytes })
const uuid = TASK_SCHEDULER_UUID

const decodeSaid = (...said: Said[]): Decoded => decode([pcap(framesOf(segmentsOf(said)))])

const fields = ({ events }: Decoded, ...names: string[]) =>
  events.map(({ document }) => names.map((name) => fieldOf(document, name)))

describe('calls', () => {
  it('big endian, too', () => {
    const little = false
    const decoded = decodeSaid(
      client(bind([{ id: 7, uuid }], { little, callId: 9 })),
      server(bindAck([0], { little, callId: 9 })),
      client(request(13, { little, callId: 10, contextId: 7 })),
      server(response({ little, callId: 10, contextId: 7 })),
    )
    assert.deepEqual(fields(decoded, 'event.action', 'rpc.interface', 'rpc.opnum', 'rpc.call_id', 'rpc.context_id'), [
      ['dce_rpc_bind', 'ITaskSchedulerService', undefined, 9, 7],
      ['SchRpcDelete', 'ITaskSchedulerService', 13, 10, 7],
    ])
    assert.deepEqual(decoded.pdus[0]!.contexts![0], {
      id: 7,
      uuid,
      version: '1.0',
      transferSyntax: 'NDR32',
      uuidOffset: 32,
    })
    // In the other order, the bytes are others: only the decoded view finds them.
    assert.deepEqual(
      decoded.occurrences.map(({ view }) => view),
      ['decoded'],
    )
  })

  it('answers decide the outcome: a fault, a refused bind, a rejected interface, and none', () => {
    const decoded = decodeSaid(
      client(bind([{ id: 0, uuid }])),
      server(bindNak(4)),
      client(bind([{ id: 0, uuid }], { callId: 2 })),
      server(bindAck([2], { callId: 2 })),
      client(bind([{ id: 0, uuid }], { callId: 3 })),
      server(bindAck([0], { callId: 3 })),
      client(request(1, { callId: 4 })),
      server(fault(5, { callId: 4 })),
      client(request(12, { callId: 5 })),
    )
    assert.deepEqual(fields(decoded, 'event.action', 'event.outcome', 'rpc.status'), [
      ['dce_rpc_bind', 'failure', 4],
      ['dce_rpc_bind', 'failure', 1],
      ['dce_rpc_bind', 'success', undefined],
      ['SchRpcRegisterTask', 'failure', 5],
      ['SchRpcRun', undefined, undefined],
    ])
  })

  it('a bind of several interfaces names them all, once', () => {
    const decoded = decodeSaid(
      client(
        bind([
          { id: 0, uuid },
          { id: 1, uuid, syntax: 'NDR64' },
          { id: 2, uuid: MAPPER_UUID },
        ]),
      ),
    )
    assert.deepEqual(fields(decoded, 'rpc.interface', 'rpc.interface_uuid'), [
      [
        ['ITaskSchedulerService', 'epmapper'],
        [uuid, MAPPER_UUID],
      ],
    ])
  })

  it('what the endpoint mapper says names calls whose bind was not captured', () => {
    const mapping = segmentsOf(
      [
        client(bind([{ id: 0, uuid: MAPPER_UUID }])),
        server(bindAck([0])),
        client(request(3, { callId: 2 })),
        server(response({ callId: 2, stub: eptMapStub(uuid, '10.0.0.6', 49671) })),
      ],
      { client: ['10.0.0.5', 56587], server: ['10.0.0.6', 135] },
    )
    const call = [client(request(12, { callId: 8, contextId: 3 })), server(response({ callId: 8, contextId: 3 }))]
    const late = segmentsOf(call, { handshake: false })
    const elsewhere = segmentsOf(call, { handshake: false, server: ['10.0.0.6', 49672] })
    const decoded = decode([pcap(framesOf([...mapping, ...late, ...elsewhere]))])
    assert.deepEqual(fields(decoded, 'event.action', 'rpc.interface').slice(2), [
      ['SchRpcRun', 'ITaskSchedulerService'],
      ['dce_rpc_request', undefined],
    ])
  })

  it('the evidence: packets, place and bytes of a message', () => {
    const decoded = decodeSaid(
      client(bind([{ id: 0, uuid }])),
      server(bindAck([0])),
      client(request(1, { callId: 2, stub: Buffer.alloc(5000, 0x41) })),
      server(response({ callId: 2 })),
    )
    const [, call] = decoded.events
    assert.deepEqual(fieldOf(call!.document, 'wire.frames'), [9, 10])
    assert.equal(fieldOf(call!.document, 'wire.stream_offset'), 72)
    assert.equal(fieldOf(call!.document, 'wire.length'), 5024)
    assert.match(
      String(fieldOf(call!.document, 'wire.raw')),
      /^05 00 00 03 10 00 00 00 a0 13 00 00 02 00 00 00 (?:[0-9a-f]{2} ?){2032}$/,
    )
    assert.match(String(fieldOf(call!.document, 'wire.printable')), /^A+$/)
  })
})
