import assert from 'node:assert/strict'
import { fieldOf } from '../../src/model/event.ts'
import { createCaptureDecoder } from '../../src/wire/decode-capture.ts'
import { framesOf, type Said, segmentsOf } from './conversation.ts'
import { type Decoded, decode } from './decoding.ts'
import { pcap } from './packet-maker.ts'
import { bind, bindAck, request, response, TASK_SCHEDULER_UUID } from './pdu-maker.ts'
import {
  close,
  create,
  created,
  frame,
  RELATED,
  read,
  readAnswer,
  status,
  throughPipe,
  transceive,
  write,
} from './smb-maker.ts'
import { treeConnect } from './smb1-maker.ts'

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

  const client = (...messages: Buffer[]): Said => ({ by: 'client', bytes: frame(...messages) })
  const server = (...messages: Buffer[]): Said => ({ by: 'server', bytes: frame(...messages) })
  const file = (number: number) => Buffer.alloc(16, number)

  it('that are opened, written and read in one frame', () => {
    const decoded = decodeSaid([
      client(create(1, 'atsvc'), write(2, BIND, RELATED), read(3, RELATED)),
      server(created(1), status('write', 2, 0), readAnswer(3, BIND_ACK)),
      client(transceive(4, CALL)),
      server(transceive(4, ANSWER, true)),
    ])
    assert.deepEqual(pdusOf(decoded), WHOLE)
  })

  it('whose server needs time, says so, and answers later', () => {
    const decoded = decodeSaid([
      client(create(1, 'atsvc')),
      server(status('create', 1)),
      server(created(1)),
      client(write(2, BIND)),
      client(read(3)),
      server(status('read', 3)),
      server(readAnswer(3, BIND_ACK)),
      client(transceive(4, CALL)),
      server(status('ioctl', 4)),
      server(transceive(4, ANSWER, true)),
    ])
    assert.deepEqual(pdusOf(decoded), WHOLE)
  })

  it('that are closed give out what waited, and their file id may be another’s', () => {
    const said = [
      client(create(1, 'srvsvc')),
      server(created(1)),
      client(transceive(2, BIND)),
      client(close(3)),
      client(create(4, 'atsvc')),
      server(created(4)),
      client(transceive(5, CALL)),
    ]
    const { pdus, events } = decodeSaid(said)
    assert.deepEqual(
      pdus.map(({ type, pipe, interface: name }) => [type, pipe, name]),
      [
        ['bind', 'srvsvc', 'ITaskSchedulerService'],
        ['request', 'atsvc', null],
      ],
    )
    assert.deepEqual(
      events.map(({ document }) => fieldOf(document, 'event.action')),
      ['dce_rpc_bind', 'dce_rpc_request'],
    )
    // What is still read for a pipe that was closed is none of the next one's.
    const late = decodeSaid([
      client(create(1, 'srvsvc')),
      server(created(1)),
      client(read(2)),
      client(close(3)),
      server(readAnswer(2, BIND_ACK)),
    ])
    assert.deepEqual(late.pdus, [])
  })

  it('that are refused are none', () => {
    const decoded = decodeSaid([
      client(create(1, 'srvsvc')),
      server(status('create', 1, 0xc0000022)),
      client(create(1, 'atsvc')),
      server(created(1)),
      client(transceive(2, BIND)),
      server(transceive(2, BIND_ACK, true)),
      client(transceive(3, CALL)),
      server(transceive(3, ANSWER, true)),
    ])
    assert.deepEqual(pdusOf(decoded), WHOLE)
  })

  it('two on one connection, each with its own contexts', () => {
    const other = bind([{ id: 0, uuid: '1ff70682-0a51-30e8-076d-740be8cee98b' }])
    const decoded = decodeSaid([
      client(create(1, 'atsvc'), create(2, 'PIPE\\at')),
      server(created(1, file(1)), created(2, file(2))),
      client(write(3, BIND, file(1)), write(4, other, file(2))),
      client(write(5, CALL, file(2)), write(6, CALL, file(1))),
    ])
    assert.deepEqual(
      decoded.pdus.map(({ type, pipe, interface: name, streamOffset }) => [type, pipe, name, streamOffset]),
      decoded.pdus.map(({ type, streamOffset }, index) => [
        type,
        ...[
          ['atsvc', 'ITaskSchedulerService'],
          ['at', 'ATSvc'],
          ['at', 'ATSvc'],
          ['atsvc', 'ITaskSchedulerService'],
        ][index]!,
        streamOffset,
      ]),
    )
    const opening = frame(create(1, 'atsvc'), create(2, 'PIPE\\at')).length
    assert.equal(decoded.pdus[0]!.streamOffset, opening + 4 + 64 + 48)
  })

  it('behind what else an SMB connection begins with: a NetBIOS session, the older version, encryption', () => {
    const netbios = (type: number, length: number): Buffer =>
      Buffer.concat([Buffer.of(type, 0, 0, length), Buffer.alloc(length, 0x20)])
    const said: Said[] = [
      { by: 'client', bytes: netbios(0x81, 68) },
      { by: 'server', bytes: netbios(0x82, 0) },
      { by: 'client', bytes: treeConnect() },
      client(Buffer.concat([Buffer.from('\xfdSMB', 'latin1'), Buffer.alloc(100, 7)])),
      client(Buffer.concat([Buffer.from('\xfcSMB', 'latin1'), Buffer.alloc(40, 7)])),
      { by: 'client', bytes: netbios(0x85, 0) },
      ...throughPipe('atsvc', [BIND, BIND_ACK, CALL, ANSWER]),
    ]
    assert.deepEqual(pdusOf(decodeSaid(said)), WHOLE)
    assert.deepEqual(pdusOf(decodeSaid(said.slice(2))), WHOLE)
  })

  it('go on after a loss at the next message, not at what only looks like one', () => {
    const said = throughPipe('atsvc', [BIND, BIND_ACK, CALL, ANSWER])
    const trap = client(write(9, Buffer.from('.....\xfeSMB and more of it', 'latin1'), file(9)))
    const segments = segmentsOf([...said.slice(0, 5), trap, ...said.slice(5)], {
      server: ['10.0.0.6', 445],
      segment: 60,
    })
    const length = said
      .slice(0, 5)
      .filter(({ by }) => by === 'client')
      .flatMap(({ bytes }) => [...bytes]).length
    const lost = segments.findIndex(({ sequence, source }) => source[1] !== 445 && sequence >= 1001 + length)
    const decoded = decode([pcap(framesOf(segments.filter((_, index) => index !== lost)))])
    // What the client says after the loss waits until it is clear that nothing comes: answers are read before it.
    const asked = (pdus: unknown[][]) => pdus.filter(([type]) => type === 'bind' || type === 'request')
    assert.deepEqual(asked(pdusOf(decoded)), asked(WHOLE))
    assert.equal(decoded.pdus.length, WHOLE.length)
  })

  it('what is no pipe’s transaction, or does not fit its message, is passed over', () => {
    const other = transceive(5, CALL)
    other.writeUInt32LE(0x001401fc, 64 + 4)
    const inHeader = write(6, CALL)
    inHeader.writeUInt16LE(4, 64 + 2)
    const beyond = write(7, CALL)
    beyond.writeUInt32LE(CALL.length + 1, 64 + 4)
    const strange = Buffer.concat([status('close', 8), write(9, CALL)])
    strange.writeUInt32LE(8, 20)
    const said = throughPipe('atsvc', [BIND, BIND_ACK, CALL, ANSWER])
    const decoded = decodeSaid([
      ...said.slice(0, 5),
      ...[other, inHeader, beyond, strange].map((message) => client(message)),
      ...said.slice(5),
    ])
    assert.deepEqual(pdusOf(decoded), WHOLE)
  })

  it('hold no more than is allowed: 256 pipes, 256 readings, nothing of what moves files', () => {
    const said = throughPipe('atsvc', [BIND, BIND_ACK, CALL, ANSWER])
    // Files are none of the pipes, however many.
    const files = Array.from({ length: 300 }, (_, number) =>
      client(write(1_000 + number, Buffer.alloc(50, 7), file(1 + (number % 200)))),
    )
    assert.deepEqual(pdusOf(decodeSaid([...said.slice(0, 3), ...files, ...said.slice(3)])), WHOLE)

    const id = (number: number) => Buffer.concat([Buffer.alloc(14), Buffer.of(1 + (number >> 8), number & 255)])
    const opened = Array.from({ length: 256 }, (_, number) => [
      client(create(1_000 + number, `pipe${number}`)),
      server(created(1_000 + number, id(number))),
    ]).flat()
    const crowded = decodeSaid([...said.slice(0, 5), ...opened, ...said.slice(5)])
    assert.deepEqual(
      crowded.pdus.map(({ type, pipe, interface: name }) => [type, pipe, name]),
      [
        ['bind', 'atsvc', 'ITaskSchedulerService'],
        ['bind_ack', 'atsvc', 'ITaskSchedulerService'],
        ['request', null, null],
        ['response', null, null],
      ],
    )
    const readings = Array.from({ length: 256 }, (_, number) => client(read(1_000 + number, file(9))))
    assert.deepEqual(
      pdusOf(decodeSaid([...said.slice(0, 4), ...readings, ...said.slice(4)])).map(([type]) => type),
      ['bind', 'request', 'response'],
    )
    assert.deepEqual(pdusOf(decodeSaid([...said.slice(0, 4), ...readings.slice(1), ...said.slice(4)])), WHOLE)
  })

  it('pass over what is too long to be a message through a pipe, without keeping it', () => {
    const capture = pcap(
      framesOf(
        segmentsOf(
          [
            client(write(9, Buffer.alloc(200_000, 5), file(9))),
            ...throughPipe('atsvc', [BIND, BIND_ACK, CALL, ANSWER]),
          ],
          { server: ['10.0.0.6', 445] },
        ),
      ),
    )
    let most = 0
    const decoder = createCaptureDecoder()
    for (let at = 0; at < capture.length; at += 1_000) {
      decoder.push(capture.subarray(at, at + 1_000))
      most = Math.max(most, decoder.held)
    }
    decoder.end()
    assert.ok(most < 20_000, `${most} bytes`)
  })
})
