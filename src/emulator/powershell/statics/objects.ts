/** Lists, dictionaries, plain objects and exceptions that scripts make. */
import { toNumber } from '../conversions.ts'
import { Hashtable, NetObject, NOTHING, PsObject, type Value } from '../values.ts'
import { type StaticType, text } from './static-type.ts'

const list = (typeName: string): NetObject => {
  const items: Value[] = []
  return new NetObject(typeName, {
    items: () => items,
    properties: { Count: { get: () => items.length } },
    methods: {
      Add: (args) => {
        items.push(args[0]!)
        return typeName.endsWith('ArrayList') ? items.length - 1 : NOTHING
      },
      AddRange: (args) => {
        items.push(...(Array.isArray(args[0]) ? args[0] : args))
        return NOTHING
      },
      Contains: (args) => items.includes(args[0]!),
      ToArray: () => [...items],
      Clear: () => {
        items.length = 0
        return NOTHING
      },
      Item: (args) => items.at(toNumber(args[0]!)) ?? null,
    },
  })
}

const exception = (type: string, args: Value[]): NetObject =>
  new NetObject(type, {
    properties: {
      Message: { get: () => text(args, 0) },
      HResult: { get: () => -2146233088 },
      InnerException: { get: () => args[1] ?? null },
    },
    text: () => `${type}: ${text(args, 0)}`,
  })

export const OBJECTS: Record<string, StaticType> = {
  'collections.arraylist': { create: () => list('System.Collections.ArrayList') },
  hashtable: { create: () => new Hashtable() },
  'collections.hashtable': { create: () => new Hashtable() },
  psobject: { create: () => new PsObject() },
  object: { create: () => new PsObject() },
  exception: { create: (args) => exception('System.Exception', args) },
  invalidoperationexception: { create: (args) => exception('System.InvalidOperationException', args) },
  argumentexception: { create: (args) => exception('System.ArgumentException', args) },
}
