/**
 * Suricata's EVE records to ECS, as the vendor's pipeline does it (elastic/integrations, packages/suricata,
 * data_stream/eve), with the `rpc` fields that a sensor of packets gives. The records:
 * https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
 */
import { endsOf } from '../network/ends.ts'
import type { NormalisedEvent } from '../normalise.ts'
import { rpcFields } from '../rpc/call.ts'
import { instant } from '../times.ts'

type Json = Record<string, unknown>

/** An EVE record has a type, and a time or, what counts as one, a flow. */
export const isEve = (record: Json): boolean =>
  typeof record.event_type === 'string' &&
  typeof record.timestamp === 'string' &&
  (record.flow_id !== undefined || record.src_ip !== undefined || record.event_type === 'stats')

/** What kind of event a record is; all are of the category `network`. Default: an event of a protocol. */
const KINDS: Record<string, Json> = {
  alert: { kind: 'alert', category: ['network', 'intrusion_detection'] },
  flow: { type: ['connection'] },
  netflow: { type: ['connection'] },
  stats: { kind: 'metric' },
}

/** Fields that go elsewhere; all others stay under `suricata.eve`. */
const MOVED = new Set(['timestamp', 'src_ip', 'src_port', 'dest_ip', 'dest_port', 'proto'])

/** The document of a record; null when it has no time. */
export function normaliseEve(record: Json): NormalisedEvent | null {
  const timestamp = instant(record.timestamp)
  if (timestamp === null) return null
  const type = String(record.event_type).toLowerCase()
  const { network, ...ends } = endsOf({
    sourceIp: record.src_ip,
    sourcePort: record.src_port,
    destinationIp: record.dest_ip,
    destinationPort: record.dest_port,
    transport: record.proto,
  })
  const eve: Json = {}
  for (const name in record) if (!MOVED.has(name)) eve[name] = record[name]
  if (record.flow_id !== undefined) eve.flow_id = String(record.flow_id)
  const document: Json = {
    '@timestamp': timestamp,
    event: {
      kind: 'event',
      category: ['network'],
      type: ['protocol'],
      ...KINDS[type],
      module: 'suricata',
      dataset: 'suricata.eve',
    },
    network: { ...(network as Json), ...protocolOf(type, record.app_proto) },
    ...ends,
    suricata: { eve },
  }
  const call = type === 'dcerpc' ? record.dcerpc : (record.smb as Json | undefined)?.dcerpc
  if (isObject(call)) addCall(document, call)
  if (isObject(record.flow)) addFlow(document, record.flow)
  return { index: 'logs-suricata.eve-default', document }
}

/** Protocols that are not those of an application. */
const NO_PROTOCOL = new Set(['failed', 'template', 'template-rust'])

function protocolOf(type: string, application: unknown): Json {
  if (type === 'dcerpc') return { protocol: 'dce_rpc' }
  if (typeof application === 'string' && !NO_PROTOCOL.has(application)) return { protocol: application.toLowerCase() }
  return { smb: { protocol: 'smb' } }[type] ?? {}
}

/** Suricata's names of client messages, as the events of a sensor of packets name them. */
const ACTIONS: Record<string, string> = {
  BIND: 'dce_rpc_bind',
  ALTER_CONTEXT: 'dce_rpc_alter_context',
  AUTH3: 'dce_rpc_auth3',
  REQUEST: 'dce_rpc_request',
}

function addCall(document: Json, call: Json): void {
  const interfaces = Array.isArray(call.interfaces) ? call.interfaces.filter(isObject) : []
  const names = [...new Set(interfaces.map(({ uuid }) => uuid).filter((uuid) => typeof uuid === 'string'))]
  const number = (call.req as Json | undefined)?.opnum ?? call.opnum
  const opnum = call.request === 'REQUEST' && typeof number === 'number' ? number : undefined
  const { procedure } = interfaces[0] ?? {}
  const [rpc = {}, ...others] = (names.length === 0 ? [undefined] : names).map((name) =>
    rpcFields(name, { opnum, operation: typeof procedure === 'string' ? procedure : undefined }),
  )
  document.rpc = { ...rpc, ...(typeof call.call_id === 'number' ? { call_id: call.call_id } : {}) }
  // A bind may offer several interfaces: each is looked for.
  if (others.length > 0) {
    const all = [rpc, ...others]
    Object.assign(document.rpc as Json, {
      interface: all.map((each) => each.interface),
      interface_uuid: all.map((each) => each.interface_uuid),
    })
  }
  const action = rpc.operation ?? ACTIONS[String(call.request)]
  if (action !== undefined) (document.event as Json).action = action
}

function addFlow(document: Json, flow: Json): void {
  const event = document.event as Json
  const number = (name: string) => (typeof flow[name] === 'number' ? flow[name] : undefined)
  const ends = [
    [document.source, number('bytes_toserver'), number('pkts_toserver')],
    [document.destination, number('bytes_toclient'), number('pkts_toclient')],
  ] as const
  for (const [end, bytes, packets] of ends) assignKnown(end as Json, { bytes, packets })
  const sum = (field: 1 | 2) => (ends[0][field] ?? 0) + (ends[1][field] ?? 0) || undefined
  assignKnown(document.network as Json, { bytes: sum(1), packets: sum(2) })
  const [start, end] = [instant(flow.start), instant(flow.end)]
  assignKnown(event, { start: start ?? undefined, end: end ?? undefined })
  // Nanoseconds, of the milliseconds that times are kept in.
  if (start !== null && end !== null) event.duration = Math.max(0, Date.parse(end) - Date.parse(start)) * 1_000_000
  const state = { new: 'start', closed: 'end' }[String(flow.state)]
  if (state !== undefined) event.type = [...(event.type as string[]), state]
}

function assignKnown(target: Json, values: Json): void {
  for (const name in values) if (values[name] !== undefined) target[name] = values[name]
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
