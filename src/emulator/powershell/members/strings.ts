/** Members of strings. */
import { toNumber } from '../conversions.ts'
import type { Value } from '../values.ts'
import { toText } from '../values.ts'
import { type Members, text } from './member-table.ts'
import { methodFailure } from './method-failure.ts'

const characters = (args: Value[]): string => args.flat().map(toText).join('')
const trimmer = (set: string) => (set === '' ? '\\s' : `[${set.replace(/[\\\]^-]/g, '\\$&')}]`)
const ignoresCase = (args: Value[]) => /ignorecase/i.test(text(args, 1))

export const STRING: Members<string> = {
  properties: { length: (value) => value.length },
  methods: {
    tostring: (value) => value,
    toupper: (value) => value.toUpperCase(),
    toupperinvariant: (value) => value.toUpperCase(),
    tolower: (value) => value.toLowerCase(),
    tolowerinvariant: (value) => value.toLowerCase(),
    trim: (value, args) =>
      value.replace(new RegExp(`^${trimmer(characters(args))}+|${trimmer(characters(args))}+$`, 'g'), ''),
    trimstart: (value, args) => value.replace(new RegExp(`^${trimmer(characters(args))}+`), ''),
    trimend: (value, args) => value.replace(new RegExp(`${trimmer(characters(args))}+$`), ''),
    contains: (value, args) => value.includes(text(args, 0)),
    startswith: (value, args) =>
      ignoresCase(args) ? value.toLowerCase().startsWith(text(args, 0).toLowerCase()) : value.startsWith(text(args, 0)),
    endswith: (value, args) =>
      ignoresCase(args) ? value.toLowerCase().endsWith(text(args, 0).toLowerCase()) : value.endsWith(text(args, 0)),
    indexof: (value, args) => value.indexOf(text(args, 0)),
    lastindexof: (value, args) => value.lastIndexOf(text(args, 0)),
    replace: (value, args) => value.replaceAll(text(args, 0), text(args, 1)),
    remove: (value, args) =>
      value.slice(0, toNumber(args[0]!)) +
      (args.length > 1 ? value.slice(toNumber(args[0]!) + toNumber(args[1]!)) : ''),
    insert: (value, args) => value.slice(0, toNumber(args[0]!)) + text(args, 1) + value.slice(toNumber(args[0]!)),
    substring: (value, args) => {
      const [start, length = value.length - start!] = args.map((item) => toNumber(item))
      if (start! < 0 || length < 0 || start! + length > value.length) {
        throw methodFailure(
          'Substring',
          args,
          'System.ArgumentOutOfRangeException',
          'Index and length must refer to a location within the string.\r\nParameter name: length',
        )
      }
      return value.substring(start!, start! + length)
    },
    split: (value, args) => {
      const set = characters(args.slice(0, 1))
      return set === '' ? value.split(/\s/) : value.split(new RegExp(`[${set.replace(/[\\\]^-]/g, '\\$&')}]`))
    },
    padleft: (value, args) => value.padStart(toNumber(args[0]!), text(args, 1, ' ')),
    padright: (value, args) => value.padEnd(toNumber(args[0]!), text(args, 1, ' ')),
    tochararray: (value) => [...value],
    equals: (value, args) => value === args[0],
    compareto: (value, args) => (value < text(args, 0) ? -1 : value > text(args, 0) ? 1 : 0),
    gethashcode: (value) => [...value].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) | 0, 0),
  },
}
