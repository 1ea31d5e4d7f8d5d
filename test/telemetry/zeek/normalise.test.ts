import assert from 'node:assert/strict'
import { normalise } from '../../../src/telemetry/normalise.ts'
import { shapeOf } from '../../../src/telemetry/shapes.ts'

type Json = Record<string, unknown>

/** A record of `dce_rpc.log` as Zeek's JSON writer gives it. */
const call = (more: Json = {}): Json => ({
  ts: 1930367167.400004,
  uid: 'CkXh2b',
  'id.orig_h': '10.10.0.20',
  'id.orig_p': 50_123,
  'id.resp_h': '10.10.0.10',
  'id.resp_p': 49_667,
  rtt: 0.004,
  named_pipe: '49667',
  endpoint: 'ITaskSchedulerService',
  operation: 'SchRpcRegisterTask',
  ...more,
})

const documentOf = (record: Json): Json => {
  const normalised = normalise(record)
  assert.ok(normalised)
  return normalised.document
}

describe('Zeek records', () => {
  it('of calls become the event that the vendor’s pipeline makes, with the fields of the call', () => {
    assert.equal(shapeOf(call()), 'zeek-dce-rpc')
    assert.deepEqual(normalise(call()), {
      index: 'logs-zeek.dce_rpc-default',
      document: {
        '@timestamp': '2031-03-04T05:06:07.400Z',
        event: {
          kind: 'event',
          category: ['network'],
          type: ['connection', 'protocol', 'info'],
          action: 'SchRpcRegisterTask',
          module: 'zeek',
          dataset: 'zeek.dce_rpc',
          id: 'CkXh2b',
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
        rpc: {
          interface: 'ITaskSchedulerService',
          interface_uuid: '86d35949-83c9-4044-b424-db363231fd0c',
          opnum: 1,
          operation: 'SchRpcRegisterTask',
        },
        zeek: {
          session_id: 'CkXh2b',
          dce_rpc: {
            endpoint: 'ITaskSchedulerService',
            operation: 'SchRpcRegisterTask',
            named_pipe: '49667',
            rtt: 0.004,
          },
        },
      },
    })
  })

  const RPC: [name: string, record: Json, rpc: Json][] = [
    [
      'an interface and an operation that Zeek has no name for',
      { endpoint: 'unknown-86d35949-83c9-4044-b424-db363231fd0c', operation: 'unknown-12' },
      {
        interface: 'ITaskSchedulerService',
        interface_uuid: '86d35949-83c9-4044-b424-db363231fd0c',
        opnum: 12,
        operation: 'SchRpcRun',
      },
    ],
    [
      'Zeek’s own spelling of a name',
      { endpoint: 'atsvc', operation: 'NetrJobAdd' },
      {
        interface: 'ATSvc',
        interface_uuid: '1ff70682-0a51-30e8-076d-740be8cee98b',
        opnum: 0,
        operation: 'NetrJobAdd',
      },
    ],
    [
      'names that no table has',
      { endpoint: 'frobnicate', operation: 'Frob' },
      { interface: 'frobnicate', operation: 'Frob' },
    ],
    ['no interface', { endpoint: undefined }, { operation: 'SchRpcRegisterTask' }],
  ]
  for (const [name, record, rpc] of RPC) {
    it(`tell the call: ${name}`, () => assert.deepEqual(documentOf(call(record)).rpc, rpc))
  }

  const ENDS: [name: string, record: Json][] = [
    ['dots', {}],
    ['underscores', { id_orig_h: '10.10.0.20', id_orig_p: 50_123, id_resp_h: '10.10.0.10', id_resp_p: 49_667 }],
    ['an object', { id: { orig_h: '10.10.0.20', orig_p: 50_123, resp_h: '10.10.0.10', resp_p: 49_667 } }],
  ]
  for (const [name, ends] of ENDS) {
    it(`name both ends, written with ${name}`, () => {
      const { 'id.orig_h': _a, 'id.orig_p': _b, 'id.resp_h': _c, 'id.resp_p': _d, ...rest } = call()
      const record = name === 'dots' ? call() : { ...rest, ...ends }
      assert.equal(shapeOf(record), 'zeek-dce-rpc')
      const { source, destination, zeek } = documentOf(record) as Record<string, Json>
      assert.deepEqual(
        [source!.port, destination!.port, Object.keys(zeek!.dce_rpc as Json).some((key) => key.startsWith('id'))],
        [50_123, 49_667, false],
      )
    })
  }

  const TIMES: [ts: unknown, timestamp: string | null][] = [
    [1930367167.001, '2031-03-04T05:06:07.001Z'],
    [1930367167001, '2031-03-04T05:06:07.001Z'],
    ['2031-03-04T05:06:07.123456Z', '2031-03-04T05:06:07.123Z'],
    ['soon', null],
    [1e30, null],
  ]
  for (const [ts, timestamp] of TIMES) {
    it(`take the time ${JSON.stringify(ts)}`, () => {
      assert.equal(normalise(call({ ts }))?.document['@timestamp'] ?? null, timestamp)
    })
  }

  it('name the sensor where a shipper does', () => {
    const document = documentOf(call({ _path: 'dce_rpc', _system_name: 'span-7', _write_ts: '2031-03-04T05:06:08Z' }))
    assert.deepEqual(document.observer, { type: 'sensor', name: 'span-7' })
    assert.deepEqual(Object.keys((document.zeek as Json).dce_rpc as Json).sort(), [
      'endpoint',
      'named_pipe',
      'operation',
      'rtt',
    ])
  })

  it('of connections become flows', () => {
    const record = {
      _path: 'conn',
      ...call(),
      rtt: undefined,
      proto: 'tcp',
      service: 'dce_rpc',
      duration: 0.418223,
      orig_bytes: 5814,
      conn_state: 'RSTO',
      local_orig: false,
      local_resp: true,
      history: 'ShADdaR',
      orig_pkts: 12,
      orig_ip_bytes: 6294,
      resp_pkts: 9,
      resp_ip_bytes: 1503,
    }
    assert.equal(shapeOf(record), 'zeek-conn')
    const { event, source, destination, network, zeek } = documentOf(record) as Record<string, Json>
    assert.deepEqual(event, {
      kind: 'event',
      category: ['network'],
      type: ['connection', 'info'],
      duration: 418_223_000,
      module: 'zeek',
      dataset: 'zeek.connection',
      id: 'CkXh2b',
    })
    assert.deepEqual([source!.bytes, source!.packets, destination!.bytes, destination!.packets], [6294, 12, 1503, 9])
    assert.deepEqual(
      [network!.transport, network!.protocol, network!.bytes, network!.packets, network!.direction],
      ['tcp', 'dce_rpc', 7797, 21, 'inbound'],
    )
    const { state, history } = zeek!.connection as Json
    assert.deepEqual([state, history], ['RSTO', 'ShADdaR'])
  })

  const DIRECTIONS: [from: unknown, to: unknown, direction: string | undefined][] = [
    [true, true, 'internal'],
    [true, false, 'outbound'],
    [false, true, 'inbound'],
    [false, false, 'external'],
    [true, undefined, undefined],
  ]
  for (const [from, to, direction] of DIRECTIONS) {
    it(`of connections say where they go: from ${from} to ${to}`, () => {
      const record = { ...call(), _path: 'conn', proto: 'tcp', conn_state: 'SF', local_orig: from, local_resp: to }
      assert.equal((documentOf(record).network as Json).direction, direction)
    })
  }

  it('name the sensor as other shippers do', () => {
    assert.deepEqual(documentOf(call({ '@stream': 'dce_rpc', '@system': 'span-8' })).observer, {
      type: 'sensor',
      name: 'span-8',
    })
  })

  it('of other logs are none of those that are read', () => {
    assert.equal(shapeOf(call({ _path: 'http' })), null)
    assert.equal(shapeOf({ ts: 1, uid: 'C1', 'id.orig_h': '10.0.0.1', qtype_name: 'A' }), null)
  })
})
