/** Documents with dotted keys, as exports and `fields` have them, to nested ones. */
import { isJson, type Json } from './shape.ts'

/** The document itself when no key of it has a dot; objects that dotted keys lead through are copied. */
export function nested(document: Json): Json {
  if (!Object.keys(document).some((key) => key.includes('.'))) return document
  const result: Json = {}
  for (const key in document) place(result, key.split('.'), document[key])
  return result
}

function place(target: Json, [name, ...rest]: string[], value: unknown): void {
  const there = target[name!]
  if (rest.length > 0) {
    const inner = isJson(there) ? { ...there } : {}
    target[name!] = inner
    place(inner, rest, value)
  } else target[name!] = isJson(there) && isJson(value) ? { ...there, ...value } : value
}
