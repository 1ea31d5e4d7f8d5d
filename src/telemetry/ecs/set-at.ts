/** Values at paths of nested documents. */

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Sets the value at a path; objects are merged into what is there. */
export function setAt(target: Json, path: readonly string[], value: unknown): void {
  let at = target
  for (let depth = 0; depth < path.length - 1; depth += 1) {
    const name = path[depth]!
    if (!isObject(at[name])) at[name] = {}
    at = at[name] as Json
  }
  const last = path.at(-1)!
  const there = at[last]
  if (isObject(value) && isObject(there)) for (const name in value) setAt(there, [name], value[name])
  else at[last] = value
}

/** Adds the fields of another document where there are none. */
export function fill(target: Json, other: Json): void {
  for (const name in other) {
    const [there, value] = [target[name], other[name]]
    if (there === undefined) target[name] = value
    else if (isObject(there) && isObject(value)) fill(there, value)
  }
}
