/** The shapes that recordings come in, told by what a record holds, never by a file's name. */
import { isEqlNormalised } from './shapes/eql-normalised.ts'
import { eventJson, evtxecmd } from './shapes/event-json.ts'
import { FLAT_SHAPES } from './shapes/flat.ts'
import { getWinEvent } from './shapes/get-winevent.ts'
import { nested } from './shapes/nested.ts'
import { isJson, type Json, type WindowsShape } from './shapes/shape.ts'
import { splunk } from './shapes/splunk.ts'
import { velociraptor } from './shapes/velociraptor.ts'
import { WINLOGBEAT_SHAPES } from './shapes/winlogbeat.ts'
import { isEve } from './suricata/eve.ts'
import { zeekShapeOf } from './zeek/shape.ts'

const WINDOWS_SHAPES: readonly WindowsShape[] = [
  evtxecmd,
  velociraptor,
  ...FLAT_SHAPES,
  eventJson,
  ...WINLOGBEAT_SHAPES,
  getWinEvent,
  splunk,
]

/** The shape of Windows events that a record has, or null when it has none of them. */
export function windowsShapeOf(record: Json): WindowsShape | null {
  for (const shape of WINDOWS_SHAPES) if (shape.tells(record)) return shape
  return null
}

/** The document of a search hit: its source, or the fields that were asked for in its place. Null when it is no hit. */
export function exportedOf(record: Json): Json | null {
  if (isJson(record._source)) return record._source
  return record._index !== undefined && isJson(record.fields) ? nested(single(record.fields)) : null
}

/** Fields as a search gives them are lists; those of one value are that value. */
function single(fields: Json): Json {
  const values = Object.entries(fields).map(([name, value]) => [
    name,
    Array.isArray(value) && value.length === 1 ? value[0] : value,
  ])
  return Object.fromEntries(values)
}

/** The shape of a record, or null when it is none that is known. A search hit has that of its document. */
export function shapeOf(record: Json): string | null {
  const exported = exportedOf(record)
  if (exported !== null) {
    const inner = exportedOf(exported) === null ? shapeOf(exported) : null
    if (inner === null) return null
    return inner === 'ecs' ? 'elasticsearch' : `elasticsearch/${inner}`
  }
  const windows = windowsShapeOf(record)
  if (windows !== null) return windows.name
  if (record.shape === 'network' && isJson(record.document)) return 'network'
  const zeek = zeekShapeOf(record)
  if (zeek !== null) return zeek
  if (isEve(record)) return 'suricata-eve'
  if (isEqlNormalised(record)) return 'eqllib-normalised'
  const hasEvent = isJson(record.event) || record['event.category'] !== undefined || record['event.code'] !== undefined
  return record['@timestamp'] !== undefined && hasEvent ? 'ecs' : null
}
