import assert from 'node:assert/strict'
import { fieldOf } from '../../src/model/event.ts'
import { framesOf, type Said, segmentsOf } from './conversation.ts'
import { type Decoded, decode } from './decoding.ts'
import { pcap } from './packet-maker.ts'
import { bind, bindAck, request, response, TASK_SCHEDULER_UUID } from './pdu-maker.ts'
import { create, created, frame, RELATED, read, readAnswer, throughPipe, transceive, write } from './smb-maker.ts'

const BIND = bind([{ id: 0, uuid: TASK_SCHEDULER_UUID }])
const BIND_ACK = bindAck([0])
const CALL = request(1, { callId: 2, stub: Buffer.alloc(900, 1) })
const ANSWER = response({ callId: 2 })

const decodeSaid = (said: Said[], segment = 1460): Decoded =>
  decode([pcap(framesOf(segmentsOf(said, { server: ['10.0.0.6', 445], segment })))])

const pdusOf = ({ pdus }: Decoded) => pdus.map(({ type, pipe, interface: name, opnum }) => [type, pipe, name, opnum])

const WHOLE = [
  ['bind', 'atsvc', 'ITaskSchedulerService', null],
  ['bind_ack', 'atsvc', 'ITaskSchedulerService', null],
  ['request', 'atsvc', 'ITaskSchedulerService', 1],
  ['response', 'atsvc', 'ITaskSchedulerService', 1],
]

describe('named pipes', () => {
  it('by write, read and transaction, in segments of any length', () => {
    for (const segment of [1, 50, 1460]) {
      const decoded = decodeSaid(throughPipe('atsvc', [BIND, BIND_ACK, CALL, ANSWER]), segment)
      assert.deepEqual(pdusOf(decoded), WHOLE, `${segment} bytes`)
      assert.equal(fieldOf(decoded.events[1]!.document, 'rpc.endpoint'), '\\PIPE\\atsvc')
      assert.equal(fieldOf(decoded.events[1]!.document, 'event.action'), 'SchRpcRegisterTask')
    }
  })

  it('in chains of related requests, and with an answer that is read in parts', () => {
    const decoded = decodeSaid([
      { by: 'client', bytes: frame(create(1, '\\PIPE\\atsvc')) },
      { by: 'server', bytes: frame(created(1)) },
      { by: 'client', bytes: frame(write(2, BIND), read(3, RELATED)) },
      { by: 'server', bytes: frame(readAnswer(3, BIND_ACK)) },
      { by: 'client', bytes: frame(transceive(4, CALL)) },
      { by: 'server', bytes: frame(transceive(4, ANSWER.subarray(0, 20), true)) },
      { by: 'client', bytes: frame(read(5)) },
      { by: 'server', bytes: frame(readAnswer(5, ANSWER.subarray(20))) },
    ])
    assert.deepEqual(pdusOf(decoded), WHOLE)
  })

  it('beside files, whose contents are passed over', () => {
    const file = Buffer.alloc(300_000, 5)
    const decoded = decodeSaid([
      { by: 'client', bytes: frame(write(9, file, Buffer.alloc(16, 7))) },
      ...throughPipe('atsvc', [BIND, BIND_ACK, CALL, ANSWER]),
    ])
    assert.deepEqual(pdusOf(decoded), WHOLE)
  })

  it('whose opening was not captured have no name', () => {
    const decoded = decodeSaid(throughPipe('atsvc', [BIND, BIND_ACK, CALL, ANSWER]).slice(2))
    assert.deepEqual(
      pdusOf(decoded),
      WHOLE.map(([type, , name, opnum]) => [type, null, name, opnum]),
    )
  })
})
