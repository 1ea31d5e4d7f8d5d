import assert from 'node:assert/strict'
import { normalise } from '../../../src/telemetry/normalise.ts'
import { shapeOf } from '../../../src/telemetry/shapes.ts'
import { bind, flow, overThePipe, request, stats, TASK_SCHEDULER } from './eve-records.ts'

type Json = Record<string, unknown>

function documentOf(record: Json): Record<string, Json> {
  assert.equal(shapeOf(record), 'suricata-eve')
  const normalised = normalise(record)
  assert.ok(normalised)
  assert.equal(normalised.index, 'logs-suricata.eve-default')
  return normalised.document as Record<string, Json>
}

const INTERFACE = { interface: 'ITaskSchedulerService', interface_uuid: TASK_SCHEDULER }

describe('Suricata’s EVE records', () => {
  it('of calls become the event that the vendor’s pipeline makes, with the fields of the call', () => {
    const record = request(1)
    const { suricata, ...document } = documentOf(record)
    assert.deepEqual(document, {
      '@timestamp': '2031-03-04T05:06:07.400Z',
      event: {
        kind: 'event',
        category: ['network'],
        type: ['protocol'],
        action: 'SchRpcRegisterTask',
        module: 'suricata',
        dataset: 'suricata.eve',
      },
      network: {
        transport: 'tcp',
        type: 'ipv4',
        protocol: 'dce_rpc',
        community_id: '1:u8OzbL4KRdnZ9Xyk0baCnbLCjGY=',
      },
      source: { ip: '10.10.0.20', address: '10.10.0.20', port: 50_123 },
      destination: { ip: '10.10.0.10', address: '10.10.0.10', port: 49_667 },
      related: { ip: ['10.10.0.20', '10.10.0.10'] },
      rpc: { ...INTERFACE, opnum: 1, operation: 'SchRpcRegisterTask', call_id: 4 },
    })
    assert.deepEqual((suricata!.eve as Json).dcerpc, record.dcerpc)
    assert.equal((suricata!.eve as Json).flow_id, '586497171462735')
    assert.equal('src_ip' in (suricata!.eve as Json), false)
  })

  const OTHER = '00000143-0000-0000-c000-0000000000ff'
  const CALLS: [name: string, record: Json, action: string, rpc: Json][] = [
    ['a bind', bind(TASK_SCHEDULER), 'dce_rpc_bind', { ...INTERFACE, call_id: 2 }],
    [
      'a bind of one interface in three contexts',
      bind(TASK_SCHEDULER, TASK_SCHEDULER, TASK_SCHEDULER),
      'dce_rpc_bind',
      { ...INTERFACE, call_id: 2 },
    ],
    [
      'a bind of two interfaces',
      bind(OTHER, TASK_SCHEDULER),
      'dce_rpc_bind',
      { interface: [OTHER, 'ITaskSchedulerService'], interface_uuid: [OTHER, TASK_SCHEDULER], call_id: 2 },
    ],
    [
      'a call of an interface that no table has',
      request(7, OTHER),
      'dce_rpc_request',
      { interface: OTHER, interface_uuid: OTHER, opnum: 7, call_id: 4 },
    ],
    [
      'a call that Suricata has the name of',
      request(7, OTHER, { service: 'frob', procedure: 'FrobAll' }),
      'FrobAll',
      { interface: OTHER, interface_uuid: OTHER, opnum: 7, operation: 'FrobAll', call_id: 4 },
    ],
    [
      'a call over the pipe',
      overThePipe(),
      'SchRpcRegisterTask',
      { ...INTERFACE, opnum: 1, operation: 'SchRpcRegisterTask', call_id: 3 },
    ],
  ]
  for (const [name, record, action, rpc] of CALLS) {
    it(`tell ${name}`, () => {
      const document = documentOf(record)
      assert.deepEqual([document.event!.action, document.rpc], [action, rpc])
    })
  }

  it('tell what a client asks besides calls, which has no opnum', () => {
    const asked = (kind: string, more: Json = {}) => {
      const record = bind(TASK_SCHEDULER)
      return documentOf({ ...record, dcerpc: { ...(record.dcerpc as Json), request: kind, ...more } })
    }
    const actions = ['BIND', 'ALTER_CONTEXT', 'AUTH3', 'REQUEST', 'SOMETHING'].map((kind) => asked(kind).event!.action)
    assert.deepEqual(actions, ['dce_rpc_bind', 'dce_rpc_alter_context', 'dce_rpc_auth3', 'dce_rpc_request', undefined])
    assert.equal(asked('BIND', { opnum: 1 }).rpc!.opnum, undefined)
    assert.equal(asked('REQUEST', { opnum: 1 }).rpc!.opnum, 1)
  })

  const KINDS: [type: string, more: Json, event: Json][] = [
    ['alert', {}, { kind: 'alert', category: ['network', 'intrusion_detection'], type: ['protocol'] }],
    ['netflow', {}, { kind: 'event', category: ['network'], type: ['connection'] }],
    ['flow', { flow: { state: 'new' } }, { kind: 'event', category: ['network'], type: ['connection', 'start'] }],
    ['flow', { flow: { state: 'established' } }, { kind: 'event', category: ['network'], type: ['connection'] }],
    ['DNS', {}, { kind: 'event', category: ['network'], type: ['protocol'] }],
  ]
  for (const [type, more, wanted] of KINDS) {
    it(`of type ${type} ${JSON.stringify(more)} are events of a kind`, () => {
      const { kind, category, type: types } = documentOf({ ...request(1), event_type: type, ...more }).event!
      assert.deepEqual({ kind, category, type: types }, wanted)
    })
  }

  const PROTOCOLS: [type: string, application: unknown, protocol: string | undefined][] = [
    ['flow', 'SMB', 'smb'],
    ['flow', 'failed', undefined],
    ['flow', 'template-rust', undefined],
    ['flow', 7, undefined],
    ['smb', undefined, 'smb'],
    ['dcerpc', 'failed', 'dce_rpc'],
  ]
  for (const [type, application, protocol] of PROTOCOLS) {
    it(`name the protocol of ${type} that Suricata calls ${application}`, () => {
      const { network } = documentOf({ ...request(1), event_type: type, app_proto: application })
      assert.equal(network!.protocol, protocol)
    })
  }

  it('of flows count both directions', () => {
    const { event, source, destination, network } = documentOf(flow())
    assert.deepEqual(
      [event!.type, event!.start, event!.end, event!.duration],
      [['connection', 'end'], '2031-03-04T05:06:07.100Z', '2031-03-04T05:06:07.518Z', 418_000_000],
    )
    assert.deepEqual([source!.bytes, source!.packets], [6462, 12])
    assert.deepEqual([destination!.bytes, destination!.packets], [1629, 9])
    assert.deepEqual([network!.protocol, network!.bytes, network!.packets], ['dcerpc', 8091, 21])
  })

  it('without a connection are events too', () => {
    const { event, source } = documentOf(stats())
    assert.deepEqual([event!.kind, source], ['metric', {}])
  })

  it('have a time, or are none', () => {
    assert.equal(normalise({ ...flow(), timestamp: 'soon' }), null)
    assert.equal(shapeOf({ event_type: 'click', timestamp: '2031-03-04T05:06:07Z' }), null)
  })
})
