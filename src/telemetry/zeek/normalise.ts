/**
 * Zeek's `dce_rpc.log` and `conn.log` to ECS, as the vendor's pipelines do it (elastic/integrations, packages/zeek,
 * data_stream/dce_rpc and data_stream/connection), with the `rpc` fields that a sensor of packets gives.
 */
import { endsOf } from '../network/ends.ts'
import type { NormalisedEvent } from '../normalise.ts'
import { rpcFields } from '../rpc/call.ts'
import { epoch } from '../times.ts'
import { STATES } from './connection-states.ts'
import { type ZeekShape, zeekEnd } from './shape.ts'

type Json = Record<string, unknown>

/** Where the fields of a log go; what is not named stays under the log's own object. */
const MOVED = {
  common: ['ts', 'uid', 'id', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'].flatMap((name) => [
    name,
    name.replace('.', '_'),
  ]),
  /** What shippers add: the log's name, and their own. */
  shipper: ['_path', '_write_ts', '_system_name', '@stream', '@system', '@proc'],
  conn: ['proto', 'service', 'duration', 'orig_ip_bytes', 'resp_ip_bytes', 'orig_pkts', 'resp_pkts', 'conn_state'],
  /** The vendor's pipeline drops these. */
  dropped: ['orig_bytes', 'resp_bytes', 'tunnel_parents'],
}

const WITHOUT = {
  'zeek-dce-rpc': new Set([...MOVED.common, ...MOVED.shipper]),
  'zeek-conn': new Set([...MOVED.common, ...MOVED.shipper, ...MOVED.conn, ...MOVED.dropped]),
}

/** The document of a record; null when it has no time. */
export function normaliseZeek(record: Json, shape: ZeekShape): NormalisedEvent | null {
  const timestamp = epoch(record.ts)
  if (timestamp === null) return null
  const own: Json = {}
  for (const name in record) if (!WITHOUT[shape].has(name)) own[name] = record[name]
  const { event, ...rest } = shape === 'zeek-dce-rpc' ? call(record, own) : connection(record, own)
  const sensor = record._system_name ?? record['@system']
  return {
    index: shape === 'zeek-dce-rpc' ? 'logs-zeek.dce_rpc-default' : 'logs-zeek.connection-default',
    document: {
      '@timestamp': timestamp,
      event: { kind: 'event', category: ['network'], module: 'zeek', id: record.uid, ...event },
      ...rest,
      ...(typeof sensor === 'string' ? { observer: { type: 'sensor', name: sensor } } : {}),
    },
  }
}

interface Parts extends Json {
  event: Json
}

function call(record: Json, own: Json): Parts {
  const { endpoint, operation } = record
  const { network, ...ends } = endsIn(record, 'tcp')
  const rpc = rpcFields(named(endpoint), { operation: nameOf(operation), opnum: numberOf(operation) })
  return {
    event: {
      dataset: 'zeek.dce_rpc',
      type: ['connection', 'protocol', 'info'],
      ...(typeof operation === 'string' ? { action: operation } : {}),
    },
    ...ends,
    network: { ...(network as Json), protocol: 'dce_rpc' },
    rpc,
    zeek: { session_id: record.uid, dce_rpc: own },
  }
}

/** Zeek calls what it does not know `unknown-` and the UUID or the number. */
const UNKNOWN = /^unknown-/
const named = (endpoint: unknown) => (typeof endpoint === 'string' ? endpoint.replace(UNKNOWN, '') : undefined)
const nameOf = (operation: unknown) =>
  typeof operation === 'string' && !UNKNOWN.test(operation) ? operation : undefined
const numberOf = (operation: unknown) => {
  const [, digits] = /^unknown-(\d{1,5})$/.exec(String(operation)) ?? []
  return digits === undefined ? undefined : Number(digits)
}

function connection(record: Json, own: Json): Parts {
  const { duration, conn_state: code, service } = record
  const { source, destination, network, ...rest } = endsIn(record, record.proto)
  const sent = { bytes: count(record.orig_ip_bytes), packets: count(record.orig_pkts) }
  const received = { bytes: count(record.resp_ip_bytes), packets: count(record.resp_pkts) }
  const state = typeof code === 'string' ? STATES[code] : undefined
  return {
    event: {
      dataset: 'zeek.connection',
      type: state?.type ?? ['connection'],
      ...(typeof duration === 'number' ? { duration: Math.round(duration * 1e9) } : {}),
    },
    source: known({ ...(source as Json), ...sent }),
    destination: known({ ...(destination as Json), ...received }),
    network: known({
      ...(network as Json),
      protocol: service,
      bytes: sum(sent.bytes, received.bytes),
      packets: sum(sent.packets, received.packets),
      direction: directionOf(record),
    }),
    ...rest,
    zeek: {
      session_id: record.uid,
      connection: known({ ...own, state: code, state_message: state?.message }),
    },
  }
}

const endsIn = (record: Json, transport: unknown): Json =>
  endsOf({
    sourceIp: zeekEnd(record, 'orig_h'),
    sourcePort: zeekEnd(record, 'orig_p'),
    destinationIp: zeekEnd(record, 'resp_h'),
    destinationPort: zeekEnd(record, 'resp_p'),
    transport,
  })

const count = (value: unknown) => (typeof value === 'number' ? value : undefined)
const sum = (one?: number, other?: number) => (one === undefined || other === undefined ? undefined : one + other)

/** Where the connection goes, by whether Zeek was told that its ends are local. */
function directionOf({ local_orig: from, local_resp: to }: Json): string | undefined {
  if (typeof from !== 'boolean' || typeof to !== 'boolean') return undefined
  if (from) return to ? 'internal' : 'outbound'
  return to ? 'inbound' : 'external'
}

const known = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
