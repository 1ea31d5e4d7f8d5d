/** Static members of .NET types, and `New-Object` of those that scripts make. */
import { Unknown } from './errors.ts'
import type { Runtime } from './runtime.ts'
import { console } from './statics/console.ts'
import { HOST } from './statics/host.ts'
import { NUMBERS_AND_TIMES } from './statics/numbers-and-times.ts'
import { OBJECTS } from './statics/objects.ts'
import type { StaticType } from './statics/static-type.ts'
import { TEXT } from './statics/text.ts'
import type { Value } from './values.ts'

/** By name in lower case, without `System.`. */
const TYPES: Record<string, StaticType> = { ...TEXT, ...NUMBERS_AND_TIMES, ...HOST, ...OBJECTS }

const canonical = (name: string): string => {
  const lower = name
    .replace(/^System\./i, '')
    .replace(/^Management\.Automation\./i, '')
    .toLowerCase()
  return /^collections\.generic\.list\[/.test(lower) ? 'collections.arraylist' : lower
}

function typeNamed(name: string, runtime: Runtime): StaticType | undefined {
  const key = canonical(name)
  if (key === 'console') return console(runtime)
  return Object.hasOwn(TYPES, key) ? TYPES[key] : undefined
}

export function readStatic(type: string, member: string, runtime: Runtime): Value {
  const property = typeNamed(type, runtime)?.properties?.[member.toLowerCase()]
  if (property !== undefined) return property(runtime)
  if (/^(int|int32)$/i.test(type)) {
    if (/^maxvalue$/i.test(member)) return 2 ** 31 - 1
    if (/^minvalue$/i.test(member)) return -(2 ** 31)
  }
  // A member of an enumeration is its name.
  if (/(StringSplitOptions|StringComparison|DayOfWeek|ConsoleColor)$/i.test(type)) return member
  throw new Unknown(`[${type}]::${member}`)
}

export async function callStatic(type: string, member: string, args: Value[], runtime: Runtime): Promise<Value> {
  const key = member.toLowerCase()
  if (key === 'new') return createObject(type, args, runtime)
  const method = typeNamed(type, runtime)?.methods?.[key]
  if (method === undefined) throw new Unknown(`[${type}]::${member}()`)
  return await method(args, runtime)
}

/** @throws {Unknown} for a type that is not known here */
export function createObject(type: string, args: Value[], runtime: Runtime): Value {
  const create = typeNamed(type, runtime)?.create
  if (create === undefined) throw new Unknown(`objects of the type ${type}`)
  return create(args, runtime)
}
