/** Zeek's logs, told by what their records hold. */

type Json = Record<string, unknown>

export type ZeekShape = 'zeek-dce-rpc' | 'zeek-conn'

/** Where shippers put the log's name, when they do. */
const PATH_KEYS = ['_path', '@stream']
const SHAPES: Record<string, ZeekShape> = { dce_rpc: 'zeek-dce-rpc', conn: 'zeek-conn' }

/** The log that a record is of; null when it is none of those that are read. */
export function zeekShapeOf(record: Json): ZeekShape | null {
  if (record.ts === undefined || typeof record.uid !== 'string' || zeekEnd(record, 'orig_h') === undefined) return null
  const path = PATH_KEYS.map((key) => record[key]).find((value) => typeof value === 'string')
  if (path !== undefined) return SHAPES[path as string] ?? null
  if (record.endpoint !== undefined || record.operation !== undefined) return 'zeek-dce-rpc'
  return record.conn_state !== undefined ? 'zeek-conn' : null
}

/**
 * One of the four fields of a connection's ends: Zeek writes `id.orig_h`, shippers that cannot have dots `id_orig_h`, and
 * some nest it.
 */
export function zeekEnd(record: Json, name: 'orig_h' | 'orig_p' | 'resp_h' | 'resp_p'): unknown {
  const { id } = record
  const nested = typeof id === 'object' && id !== null ? (id as Json)[name] : undefined
  return record[`id.${name}`] ?? record[`id_${name}`] ?? nested
}
