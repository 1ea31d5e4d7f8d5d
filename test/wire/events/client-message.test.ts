import assert from 'node:assert/strict'
import { createCaptureDecoder } from '../../../src/wire/decode-capture.ts'
import { framesOf, type Said, segmentsOf } from '../conversation.ts'
import { pcap } from '../packet-maker.ts'
import { bind, bindAck, fault, MAPPER_UUID, request, response, TASK_SCHEDULER_UUID } from '../pdu-maker.ts'
import { throughPipe } from '../smb-maker.ts'

const uuid = TASK_SCHEDULER_UUID

function documentsOf(said: Said[], port = 49_671, observer?: string): Record<string, unknown>[] {
  const documents: Record<string, unknown>[] = []
  const decoder = createCaptureDecoder({
    onEvent: ({ document }) => documents.push(document),
    ...(observer === undefined ? {} : { observer }),
  })
  decoder.push(pcap(framesOf(segmentsOf(said, { server: ['10.0.0.6', port] }))))
  decoder.end()
  return documents
}

const COMMON = {
  network: {
    type: 'ipv4',
    transport: 'tcp',
    protocol: 'dce_rpc',
    community_id: '1:uYnfUnRuAzMEWNOpEcd0q419iRc=',
  },
  source: { ip: '10.0.0.5', port: 56588 },
  destination: { ip: '10.0.0.6', port: 49671 },
  observer: { type: 'sensor', name: 'capture' },
}
const event = (action: string, more: object) => ({
  kind: 'event',
  category: ['network'],
  type: ['connection', 'protocol'],
  action,
  dataset: 'network_traffic.dcerpc',
  ...more,
})

describe('the event of a client message', () => {
  const stub = Buffer.from('a name\0\x01\x7f~ and more', 'latin1')

  it('is what a network sensor ships, with the evidence', () => {
    const offered = bind([
      { id: 0, uuid },
      { id: 1, uuid: MAPPER_UUID, syntax: 'NDR64' },
    ])
    const call = request(1, { callId: 2, stub })
    const [bound, called] = documentsOf([
      { by: 'client', bytes: offered },
      { by: 'server', bytes: bindAck([0, 2]) },
      { by: 'client', bytes: call },
      { by: 'server', bytes: fault(0x1c010003, { callId: 2 }) },
    ])
    assert.deepEqual(bound, {
      ...COMMON,
      '@timestamp': '2020-09-13T12:26:40.003Z',
      event: event('dce_rpc_bind', { outcome: 'success', duration: 1_000_000 }),
      rpc: {
        interface: ['ITaskSchedulerService', 'epmapper'],
        interface_uuid: [uuid, MAPPER_UUID],
        call_id: 1,
        context_id: 0,
      },
      wire: {
        contexts: [
          { id: 0, interface: 'ITaskSchedulerService', transfer_syntax: 'NDR32', uuid_offset: 32, result: 'accepted' },
          { id: 1, interface: 'epmapper', transfer_syntax: 'NDR64', uuid_offset: 76, result: 'rejected' },
        ],
        frames: [4, 5],
        stream_offset: 0,
        length: offered.length,
        raw: offered.toString('hex').replaceAll(/..(?!$)/g, '$& '),
        printable: offered.toString('latin1').replaceAll(/[^\x20-\x7e]/g, ''),
      },
    })
    assert.deepEqual(called, {
      ...COMMON,
      '@timestamp': '2020-09-13T12:26:40.005Z',
      event: event('SchRpcRegisterTask', { outcome: 'failure', duration: 1_000_000 }),
      rpc: {
        interface: 'ITaskSchedulerService',
        interface_uuid: uuid,
        opnum: 1,
        operation: 'SchRpcRegisterTask',
        call_id: 2,
        context_id: 0,
        status: 0x1c010003,
      },
      wire: {
        frames: [6, 7],
        stream_offset: offered.length,
        length: call.length,
        raw: call.toString('hex').replaceAll(/..(?!$)/g, '$& '),
        printable: '+a name~ and more',
      },
    })
  })

  it('names the pipe and the sensor, and no outcome where no answer came', () => {
    const parts = [bind([{ id: 0, uuid }]), bindAck([0]), request(12, { callId: 2 }), response({ callId: 2 })] as const
    const said = throughPipe('\\PIPE\\atsvc', [...parts]).slice(0, -2)
    const [, called] = documentsOf(said, 445, 'tap1')
    assert.deepEqual(called!.event, event('SchRpcRun', {}))
    assert.deepEqual(called!.observer, { type: 'sensor', name: 'tap1' })
    assert.equal((called!.rpc as { endpoint: string }).endpoint, '\\PIPE\\atsvc')
  })

  it('has the first 2,048 bytes of a call, and of a bind all that it offers', () => {
    const many = bind([...Array.from({ length: 200 }, (_, id) => ({ id, uuid: MAPPER_UUID })), { id: 200, uuid }])
    const [bound, called] = documentsOf([
      { by: 'client', bytes: many },
      { by: 'client', bytes: request(1, { callId: 2, stub: Buffer.alloc(4_000, 0x41) }) },
    ])
    const wire = (document: Record<string, unknown>) => document.wire as { raw: string; printable: string }
    assert.equal(wire(bound!).raw, many.toString('hex').replaceAll(/..(?!$)/g, '$& '))
    assert.ok(wire(bound!).printable.includes('IYD@$621'))
    assert.equal(wire(called!).raw.split(' ').length, 2_048)
    assert.equal(wire(called!).printable.length, 2_048 - 24)
  })
})
