/** Members of lists, byte arrays and dictionaries. */
import { toNumber } from '../conversions.ts'
import { Hashtable, NOTHING, PsObject, typeNameOf, type Value } from '../values.ts'
import { type Members, text } from './member-table.ts'
import { methodFailure } from './method-failure.ts'

export const LIST: Members<Value[]> = {
  properties: {
    length: (value) => value.length,
    count: (value) => value.length,
    longlength: (value) => value.length,
    rank: () => 1,
  },
  methods: {
    contains: (value, args) => value.includes(args[0]!),
    indexof: (value, args) => value.indexOf(args[0]!),
    clone: (value) => [...value],
    tostring: (value) => typeNameOf(value),
    getvalue: (value, args) => value[toNumber(args[0]!)] ?? null,
  },
}

export const BYTES: Members<Uint8Array> = {
  properties: { length: (value) => value.length, count: (value) => value.length },
}

export const HASHTABLE: Members<Hashtable> = {
  properties: {
    count: (value) => value.size,
    keys: (value) => value.entries().map(({ key }) => key),
    values: (value) => value.entries().map(({ value: inner }) => inner),
  },
  methods: {
    containskey: (value, args) => value.has(args[0]!),
    contains: (value, args) => value.has(args[0]!),
    containsvalue: (value, args) => value.entries().some(({ value: inner }) => inner === args[0]),
    add: (value, args) => {
      if (value.has(args[0]!)) {
        throw methodFailure(
          'Add',
          args,
          'System.ArgumentException',
          `Item has already been added. Key in dictionary: '${text(args, 0)}'  Key being added: '${text(args, 0)}'`,
        )
      }
      value.set(args[0]!, args[1]!)
      return NOTHING
    },
    remove: (value, args) => {
      value.delete(args[0]!)
      return NOTHING
    },
    clear: (value) => {
      value.clear()
      return NOTHING
    },
    getenumerator: (value) =>
      value
        .entries()
        .map(
          ({ key, value: inner }) =>
            new PsObject({ Name: key, Key: key, Value: inner }, { typeName: 'System.Collections.DictionaryEntry' }),
        ),
    clone: (value) => {
      const copy = new Hashtable()
      for (const { key, value: inner } of value.entries()) copy.set(key, inner)
      return copy
    },
  },
}
