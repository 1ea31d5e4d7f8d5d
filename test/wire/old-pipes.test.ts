import assert from 'node:assert/strict'
import { needsTshark } from '../emulator/network/tshark.ts'
import { assertAgreement } from './agreement.ts'
import { framesOf, type Said, segmentsOf } from './conversation.ts'
import { decode } from './decoding.ts'
import { pcap } from './packet-maker.ts'
import { bind, bindAck, request, response } from './pdu-maker.ts'
import {
  close,
  create,
  created,
  read,
  readAnswer,
  refused,
  throughOldPipe,
  transact,
  transacted,
  transactMore,
  treeConnect,
  treeConnected,
  write,
} from './smb1-maker.ts'

const AT = '1ff70682-0a51-30e8-076d-740be8cee98b'
const BIND = bind([{ id: 0, uuid: AT }])
const BIND_ACK = bindAck([0])
const CALL = request(0, { callId: 2, stub: Buffer.alloc(900, 1) })
const ANSWER = response({ callId: 2 })
const FILE = 0x4001

const client = (bytes: Buffer): Said => ({ by: 'client', bytes })
const server = (bytes: Buffer): Said => ({ by: 'server', bytes })

const captureOf = (said: Said[], { port = 445, segment = 1460 } = {}): Buffer =>
  pcap(framesOf(segmentsOf(said, { server: ['10.0.0.6', port], segment })))
const pdusOf = (said: Said[], options = {}) =>
  decode([captureOf(said, options)]).pdus.map(({ type, pipe, interface: name, opnum }) => [type, pipe, name, opnum])

const whole = (pipe: string | null) => [
  ['bind', pipe, 'ATSvc', null],
  ['bind_ack', pipe, 'ATSvc', null],
  ['request', pipe, 'ATSvc', 0],
  ['response', pipe, 'ATSvc', 0],
]

describe('named pipes of SMB1', () => {
  const THROUGH = throughOldPipe('\\atsvc', [BIND, BIND_ACK, CALL, ANSWER])

  it('by write, read and transaction, in segments of any length, on either port', () => {
    for (const segment of [1, 50, 1460]) {
      assert.deepEqual(pdusOf(THROUGH, { segment }), whole('atsvc'), `${segment} bytes`)
      assert.deepEqual(pdusOf(THROUGH, { segment, port: 139 }), whole('atsvc'), `${segment} bytes`)
    }
  })

  it('as tshark reads them', function () {
    needsTshark(this)
    assert.deepEqual(assertAgreement(captureOf(THROUGH), 'SMB1'), { bind: 1, context: 1, dissector: 2 })
  })

  it('in the letters of old clients, whose messages have their length before them', () => {
    const said = [
      client(create('\\PIPE\\atsvc', { unicode: false })),
      server(created(FILE)),
      client(write(FILE, BIND, { raw: true })),
      client(read(FILE, { id: 2 })),
      server(readAnswer(BIND_ACK, { id: 2 })),
      client(write(FILE, CALL, { id: 3 })),
      client(read(FILE, { id: 4 })),
      server(readAnswer(ANSWER.subarray(0, 20), { id: 4 })),
      client(read(FILE, { id: 5 })),
      server(readAnswer(ANSWER.subarray(20), { id: 5 })),
    ]
    assert.deepEqual(pdusOf(said), whole('atsvc'))
  })

  it('in transactions of several messages, of both sides', () => {
    const said = [
      client(create('\\atsvc')),
      server(created(FILE)),
      client(transact(FILE, BIND, { id: 2 })),
      server(transacted(BIND_ACK, { id: 2 })),
      client(transact(FILE, CALL.subarray(0, 500), { id: 3, rest: CALL.length - 500 })),
      client(transactMore(CALL.subarray(500), 500, { id: 3 })),
      server(transacted(ANSWER.subarray(0, 7), { id: 3, of: ANSWER.length })),
      server(transacted(ANSWER.subarray(7), { id: 3, of: ANSWER.length, before: 7 })),
    ]
    assert.deepEqual(pdusOf(said), whole('atsvc'))
  })

  it('whose opening was not captured have no name; those that were refused, or closed, are none', () => {
    const data = (file: number, id: number) => [
      client(transact(file, BIND, { id })),
      server(transacted(BIND_ACK, { id })),
      client(transact(file, CALL, { id: id + 1 })),
      server(transacted(ANSWER, { id: id + 1 })),
    ]
    assert.deepEqual(pdusOf([client(treeConnect()), server(treeConnected()), ...data(FILE, 2)]), whole(null))
    const again = [
      client(create('\\other', { id: 2 })),
      server(refused('create', { id: 2 })),
      client(create('\\atsvc', { id: 3 })),
      server(created(FILE, { id: 3 })),
      ...data(FILE, 4),
      client(close(FILE, { id: 7 })),
      client(create('\\srvsvc', { id: 8 })),
      server(created(FILE, { id: 8 })),
      ...data(FILE, 9),
    ]
    assert.deepEqual(pdusOf(again), [...whole('atsvc'), ...whole('srvsvc')])
  })

  it('what is no pipe’s transaction, or cut, is passed over', () => {
    const other = transact(FILE, CALL, { id: 3 })
    // Its kind: to wait for a pipe.
    other.writeUInt16LE(0x0053, 4 + 32 + 1 + 28)
    const beyond = write(FILE, CALL, { id: 4 })
    beyond.writeUInt16LE(beyond.length, 4 + 32 + 1 + 22)
    const inHeader = write(FILE, CALL, { id: 5 })
    inHeader.writeUInt16LE(4, 4 + 32 + 1 + 22)
    const said = [
      client(create('\\atsvc')),
      server(created(FILE)),
      ...[other, beyond, inHeader].map(client),
      client(transact(FILE, BIND, { id: 6 })),
      server(transacted(BIND_ACK, { id: 6 })),
      client(transact(FILE, CALL, { id: 7 })),
      server(transacted(ANSWER, { id: 7 })),
    ]
    assert.deepEqual(pdusOf(said), whole('atsvc'))
  })
})
