/** Properties and methods of values: of objects by themselves, of strings, lists, dates, dictionaries … by tables. */
import { failure, Unknown } from './errors.ts'
import { BYTES, HASHTABLE, LIST } from './members/collections.ts'
import { DATE, SPAN } from './members/dates.ts'
import type { Members } from './members/member-table.ts'
import { BOOLEAN, NUMBER, REGEX } from './members/scalars.ts'
import { STRING } from './members/strings.ts'
import {
  collapse,
  DateTime,
  Hashtable,
  NetObject,
  PsObject,
  RegularExpression,
  ScriptBlock,
  TimeSpan,
  toText,
  typeNameOf,
  type Value,
} from './values.ts'

function membersOf(value: Value): Members<never> | null {
  if (typeof value === 'string') return STRING as Members<never>
  if (typeof value === 'number') return NUMBER as Members<never>
  if (typeof value === 'boolean') return BOOLEAN as Members<never>
  if (Array.isArray(value)) return LIST as Members<never>
  if (value instanceof Uint8Array) return BYTES as Members<never>
  if (value instanceof Hashtable) return HASHTABLE as Members<never>
  if (value instanceof DateTime) return DATE as Members<never>
  if (value instanceof TimeSpan) return SPAN as Members<never>
  if (value instanceof RegularExpression) return REGEX as Members<never>
  return null
}

/** `value.name`. What PowerShell does not have gives null; what it has and is not known here throws `Unknown`. */
export function readProperty(value: Value, name: string): Value {
  const key = name.toLowerCase()
  if (value === null) return null
  if (value instanceof NetObject) {
    const property = value.properties.get(key)
    if (property?.get !== undefined) return property.get()
    if (key === 'count' && value.items !== undefined) return value.items().length
    throw new Unknown(`the property ${name} of ${value.typeName}`)
  }
  if (value instanceof PsObject && value.properties.has(name)) return value.properties.get(name)
  if (value instanceof Hashtable && value.has(name)) return value.get(name)
  const property = membersOf(value)?.properties?.[key] as ((value: Value) => Value) | undefined
  if (property !== undefined) return property(value)
  // A list gives the property of each of its items.
  if (Array.isArray(value))
    return collapse(value.map((item) => readProperty(item, name)).filter((item) => item !== null))
  // Every single value counts as a list of one.
  if (key === 'count' || key === 'length') return 1
  if (value instanceof ScriptBlock || value instanceof RegularExpression)
    throw new Unknown(`the property ${name} of ${typeNameOf(value)}`)
  return null
}

export async function writeProperty(target: Value, name: string, value: Value): Promise<void> {
  if (target instanceof Hashtable) return target.set(name, value)
  if (target instanceof PsObject && target.properties.has(name)) return target.properties.set(name, value)
  if (target instanceof NetObject) {
    const property = target.properties.get(name.toLowerCase())
    if (property?.set !== undefined) return await property.set(value)
    if (property === undefined) throw new Unknown(`the property ${name} of ${target.typeName}`)
    throw failure({
      message: `'${name}' is a ReadOnly property.`,
      id: 'PropertyAssignmentException',
      category: 'InvalidOperation',
    })
  }
  throw failure({
    message: `The property '${name}' cannot be found on this object. Verify that the property exists and can be set.`,
    id: 'PropertyNotFound',
    category: 'InvalidOperation',
    reason: 'RuntimeException',
  })
}

export async function callMethod(target: Value, name: string, args: Value[]): Promise<Value> {
  const key = name.toLowerCase()
  if (target === null) {
    throw failure({
      message: 'You cannot call a method on a null-valued expression.',
      id: 'InvokeMethodOnNull',
      category: 'InvalidOperation',
      reason: 'RuntimeException',
    })
  }
  if (target instanceof NetObject) {
    const method = target.methods.get(key)
    if (method !== undefined) return await method(args)
    if (key === 'tostring') return toText(target)
    throw new Unknown(`the method ${name} of ${target.typeName}`)
  }
  const method = membersOf(target)?.methods?.[key] as ((value: Value, args: Value[]) => Value) | undefined
  if (method !== undefined) return method(target, args)
  if (key === 'gettype') return typeObject(typeNameOf(target))
  if (key === 'tostring') return toText(target)
  if (target instanceof PsObject) {
    throw failure({
      message: `Method invocation failed because [${typeNameOf(target)}] does not contain a method named '${name}'.`,
      id: 'MethodNotFound',
      category: 'InvalidOperation',
      reason: 'RuntimeException',
    })
  }
  throw new Unknown(`the method ${name} of ${typeNameOf(target)}`)
}

/** What `GetType()` gives. */
function typeObject(fullName: string): PsObject {
  const name = fullName.slice(fullName.lastIndexOf('.') + 1)
  return new PsObject(
    { Name: name, FullName: fullName, IsArray: fullName.endsWith('[]') },
    { typeName: 'System.RuntimeType' },
  )
}
