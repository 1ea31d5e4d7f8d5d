/** Reads the values of one field from documents: nested objects, dotted keys, or both. Paths are split once. */
import type { Field, Scalar } from './expression.ts'
import { valueReader } from './field-types.ts'
import { wildcard } from './wildcard.ts'

type Read = (source: unknown) => unknown

/** Names that every object has by inheritance: these must be looked for among its own keys. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype))

function property(name: string): (object: Record<string, unknown>) => unknown {
  if (INHERITED.has(name)) return (object) => (Object.hasOwn(object, name) ? object[name] : undefined)
  return (object) => object[name]
}

/** What lies at a dotted path; arrays on the way are searched item by item. */
export function reader(path: string): Read {
  if (path.includes('*')) return leavesReader(path)
  const whole = property(path)
  const splits: { head: (object: Record<string, unknown>) => unknown; rest: Read }[] = []
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    splits.push({ head: property(path.slice(0, dot)), rest: reader(path.slice(dot + 1)) })
  }
  const read: Read = (source) => {
    if (source === null || typeof source !== 'object') return undefined
    if (Array.isArray(source)) {
      const found = source.map(read).filter((item) => item !== undefined)
      return found.length === 0 ? undefined : found.flat()
    }
    const object = source as Record<string, unknown>
    const found = whole(object)
    if (found !== undefined) return found
    for (const { head, rest } of splits) {
      const inner = head(object)
      if (inner === undefined) continue
      const value = rest(inner)
      if (value !== undefined) return value
    }
    return undefined
  }
  return read
}

/** All values whose path matches a pattern. */
function leavesReader(pattern: string): Read {
  const isWanted = wildcard(pattern)
  const collect = (value: unknown, path: string, found: unknown[]): void => {
    if (Array.isArray(value)) for (const item of value) collect(item, path, found)
    else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) collect(inner, path === '' ? key : `${path}.${key}`, found)
    } else if (isWanted(path)) found.push(value)
  }
  return (source) => {
    const found: unknown[] = []
    collect(source, '', found)
    return found.length === 0 ? undefined : found
  }
}

const NONE: readonly Scalar[] = []

/** The values of a field as its type understands them; empty when it is missing. */
export function fieldReader(field: Field): (source: unknown) => readonly Scalar[] {
  const read = reader(field.path)
  const convert = valueReader(field.type)
  const absent = field.nullValue === undefined ? null : field.nullValue
  return (source) => {
    const found = read(source)
    if (found === undefined) return NONE
    if (!Array.isArray(found)) {
      const value = found === null ? absent : convert(found)
      return value === null ? NONE : [value]
    }
    const values: Scalar[] = []
    for (const item of found.flat(Number.POSITIVE_INFINITY) as unknown[]) {
      const value = item === null ? absent : convert(item)
      if (value !== null) values.push(value)
    }
    return values
  }
}
