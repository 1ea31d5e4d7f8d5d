import assert from 'node:assert/strict'
import { fieldOf } from '../../src/model/event.ts'
import { CaptureReader } from '../../src/wire/capture/capture-reader.ts'
import { sharedFolder } from '../language/shared-folder.ts'
import { capturesIn, decode } from './decoding.ts'
import { pcap } from './packet-maker.ts'

/** Odd sizes: most packets are cut somewhere. */
function* pieces(bytes: Buffer, length = 997): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

const action = ({ document }: { document: unknown }) => fieldOf(document, 'event.action')

describe('captures that were recorded', () => {
  it('a remote creation: bind, alter_context, three calls, and six occurrences in their places', async function () {
    const [bytes] = await capturesIn(sharedFolder(this), 'schtask_create.zip')
    const { summary, events, occurrences, problems } = decode(pieces(bytes!))
    assert.deepEqual(problems, [])
    assert.equal(summary.packets, 2839)
    const ofScheduler = events.filter(({ document }) => fieldOf(document, 'rpc.interface') === 'ITaskSchedulerService')
    assert.deepEqual(ofScheduler.map(action), [
      'dce_rpc_bind',
      'dce_rpc_alter_context',
      'SchRpcHighestVersion',
      'SchRpcEnumTasks',
      'SchRpcRegisterTask',
    ])
    const places = (view: string) =>
      occurrences
        .filter((each) => each.view === view)
        .map(({ frame, pdu, pduOffset, ports }) => `${frame} ${pdu} ${pduOffset} ${ports.includes(135) ? 135 : 'high'}`)
    const inMapper = ['1365 request 73 135', '1367 response 97 135']
    const inBinds = ['1371 bind 32 high', '1371 bind 76 high', '1371 bind 120 high', '1374 alter_context 32 high']
    assert.deepEqual(places('raw'), [...inMapper, ...inBinds])
    assert.deepEqual(places('printable'), [...inMapper, ...inBinds])
    assert.deepEqual(places('decoded'), inBinds)
  })

  it('however they are cut into pieces', async function () {
    const [bytes] = await capturesIn(sharedFolder(this), 'schtask_create.zip')
    const whole = decode([bytes!])
    for (const length of [1 << 16, 61]) assert.deepEqual(decode(pieces(bytes!, length)), whole)
  })

  it('a remote creation whose bind was lost: the endpoint mapper’s answer, in NDR64, names the calls', async function () {
    const [bytes] = await capturesIn(sharedFolder(this), 'schtask_create.zip')
    const kept: Buffer[] = []
    const reader = new CaptureReader({
      onPacket({ bytes: packet, start, end, frame }) {
        if (frame < 1368 || frame > 1376) kept.push(Buffer.from(packet.subarray(start, end)))
      },
      onProblem: ({ message }) => assert.fail(message),
    })
    reader.push(bytes!)
    const { events } = decode([pcap(kept)])
    assert.deepEqual(
      events.map((event) => `${fieldOf(event.document, 'rpc.interface')} ${action(event)}`).slice(2),
      ['SchRpcHighestVersion', 'SchRpcEnumTasks', 'SchRpcRegisterTask'].map((call) => `ITaskSchedulerService ${call}`),
    )
  })

  it('calls of another interface: eight binds between high ports, and no occurrence', async function () {
    const captures = await capturesIn(sharedFolder(this), 'negative_wmi_execmethod.zip')
    assert.deepEqual(
      captures.map((bytes) => decode([bytes]).summary.packets),
      [324, 245],
    )
    for (const bytes of captures) {
      const { pdus, occurrences } = decode([bytes])
      const binds = pdus.filter(({ type, source, destination }) => {
        return (type === 'bind' || type === 'alter_context') && Math.min(source.port, destination.port) >= 49152
      })
      assert.equal(binds.length, 8)
      assert.deepEqual(occurrences, [])
    }
  })

  it('at over a pipe', async function () {
    const [bytes] = await capturesIn(sharedFolder(this), 'smb_at_schedule.pcap')
    const { summary, pdus, occurrences } = decode(pieces(bytes!))
    assert.equal(summary.packets, 20)
    assert.deepEqual(
      pdus.map((pdu) => [pdu.frame, pdu.type, pdu.interface, pdu.pipe]),
      [
        [5, 'bind', 'ATSvc', 'atsvc'],
        [8, 'bind_ack', 'ATSvc', 'atsvc'],
        [9, 'request', 'ATSvc', 'atsvc'],
        [11, 'response', 'ATSvc', 'atsvc'],
      ],
    )
    assert.deepEqual(occurrences, [])
  })
})
