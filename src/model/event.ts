/** Telemetry as the product handles it. */

/** What names one document in a SIEM. */
export interface EventReference {
  index: string
  id: string
}

/** One event: where it lies, and its ECS document (nested objects or dotted keys). */
export interface EventDocument extends EventReference {
  source: Record<string, unknown>
}

/**
 * The value at a dotted path of a document. Objects may be nested, flat with dotted keys, or both
 * (alerts are flat, events are nested); undefined when nothing is there.
 */
export function fieldOf(source: unknown, path: string): unknown {
  if (source === null || typeof source !== 'object') return undefined
  if (Array.isArray(source)) {
    const found = source.map((item) => fieldOf(item, path)).filter((item) => item !== undefined)
    return found.length === 0 ? undefined : found.flat()
  }
  const object = source as Record<string, unknown>
  if (Object.hasOwn(object, path)) return object[path]
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot)
    if (!Object.hasOwn(object, head)) continue
    const found = fieldOf(object[head], path.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}

/** The values at a path as a list, nulls left out. */
export function valuesOf(source: unknown, path: string): unknown[] {
  const found = fieldOf(source, path)
  return (Array.isArray(found) ? found : [found]).filter((value) => value !== undefined && value !== null)
}
