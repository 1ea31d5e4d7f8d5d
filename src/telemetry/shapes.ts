/** The shapes that recordings come in, told by what a record holds, never by a file's name. */
import { eventJson } from './shapes/event-json.ts'
import { FLAT_SHAPES } from './shapes/flat.ts'
import { isJson, type Json, type WindowsShape } from './shapes/shape.ts'
import { isEve } from './suricata/eve.ts'
import { zeekShapeOf } from './zeek/shape.ts'

const WINDOWS_SHAPES: readonly WindowsShape[] = [...FLAT_SHAPES, eventJson]

/** The shape of Windows events that a record has, or null when it has none of them. */
export function windowsShapeOf(record: Json): WindowsShape | null {
  for (const shape of WINDOWS_SHAPES) if (shape.tells(record)) return shape
  return null
}

/** The shape of a record, or null when it is none that is known. */
export function shapeOf(record: Json): string | null {
  if (record.shape === 'network' && isJson(record.document)) return 'network'
  if (isJson(record._source)) return 'elasticsearch'
  const windows = windowsShapeOf(record)
  if (windows !== null) return windows.name
  const zeek = zeekShapeOf(record)
  if (zeek !== null) return zeek
  if (isEve(record)) return 'suricata-eve'
  const hasEvent = isJson(record.event) || record['event.category'] !== undefined || record['event.code'] !== undefined
  return record['@timestamp'] !== undefined && hasEvent ? 'ecs' : null
}
