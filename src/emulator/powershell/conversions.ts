/** Casts: what `[int] '5'` gives, and how it fails. */
import { failure, Unknown } from './errors.ts'
import { parseDate } from './objects/date-parse.ts'
import {
  DateTime,
  Hashtable,
  PsObject,
  RegularExpression,
  TimeSpan,
  toBoolean,
  toText,
  typeNameOf,
  type Value,
} from './values.ts'

function cannotConvert(value: Value, type: string, why = 'Input string was not in a correct format.'): never {
  throw failure({
    message: `Cannot convert value "${toText(value)}" to type "${type}". Error: "${why}"`,
    type: 'System.Management.Automation.PSInvalidCastException',
    category: 'InvalidArgument',
    reason: 'RuntimeException',
    id: 'InvalidCastFromStringToInteger',
    hresult: -2147467262,
  })
}

export function toNumber(value: Value, type = 'System.Int32'): number {
  if (value === null) return 0
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string') {
    const text = value.trim()
    if (text === '') return 0
    if (/^[+-]?0x[0-9a-f]+$/i.test(text)) {
      const number = Number(text.replace(/^\+/, ''))
      return number <= 0xffff_ffff ? number | 0 : number
    }
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
  }
  if (value instanceof TimeSpan || value instanceof DateTime || typeof value === 'string') cannotConvert(value, type)
  throw failure({
    message: `Cannot convert the "${toText(value)}" value of type "${typeNameOf(value)}" to type "${type}".`,
    type: 'System.Management.Automation.PSInvalidCastException',
    category: 'InvalidArgument',
    reason: 'RuntimeException',
    id: 'ConvertToFinalInvalidCastException',
  })
}

/** Half to even, as .NET rounds. */
export function roundHalfEven(number: number): number {
  const floor = Math.floor(number)
  const fraction = number - floor
  if (fraction !== 0.5) return Math.round(number)
  return floor % 2 === 0 ? floor : floor + 1
}

function integer(value: Value, type: string, least: number, most: number): number {
  const number = roundHalfEven(toNumber(value, type))
  if (number < least || number > most) {
    cannotConvert(value, type, `Value was either too large or too small for an ${type.replace(/^System\./, '')}.`)
  }
  return number
}

const INTEGERS: Record<string, [string, number, number]> = {
  int: ['System.Int32', -(2 ** 31), 2 ** 31 - 1],
  int32: ['System.Int32', -(2 ** 31), 2 ** 31 - 1],
  uint32: ['System.UInt32', 0, 2 ** 32 - 1],
  long: ['System.Int64', -(2 ** 63), 2 ** 63],
  int64: ['System.Int64', -(2 ** 63), 2 ** 63],
  uint64: ['System.UInt64', 0, 2 ** 64],
  int16: ['System.Int16', -(2 ** 15), 2 ** 15 - 1],
  uint16: ['System.UInt16', 0, 2 ** 16 - 1],
  byte: ['System.Byte', 0, 255],
}

/** Casts by type name in lower case. `offsetMinutes`: the host's zone, for dates. */
const CASTS: Record<string, (value: Value, offsetMinutes: number) => Value> = {
  string: (value) => toText(value),
  bool: (value) => toBoolean(value),
  boolean: (value) => toBoolean(value),
  double: (value) => toNumber(value, 'System.Double'),
  decimal: (value) => toNumber(value, 'System.Decimal'),
  float: (value) => toNumber(value, 'System.Single'),
  object: (value) => value,
  psobject: (value) => value,
  array: (value) => (Array.isArray(value) ? value : [value]),
  'object[]': (value) => (Array.isArray(value) ? value : [value]),
  'string[]': (value) => (Array.isArray(value) ? value : [value]).map(toText),
  'int[]': (value) => (Array.isArray(value) ? value : [value]).map((item) => integer(item, ...INTEGERS.int!)),
  'byte[]': (value) =>
    value instanceof Uint8Array
      ? value
      : Uint8Array.from((Array.isArray(value) ? value : [value]).map((item) => toNumber(item))),
  'char[]': (value) => [...toText(value)],
  char: (value) => (typeof value === 'number' ? String.fromCodePoint(value) : toText(value)),
  datetime: (value, offsetMinutes) => {
    if (value instanceof DateTime) return value
    return (
      parseDate(toText(value), offsetMinutes) ??
      cannotConvert(value, 'System.DateTime', 'String was not recognized as a valid DateTime.')
    )
  },
  timespan: (value) => {
    if (value instanceof TimeSpan) return value
    if (typeof value === 'number') return new TimeSpan(value / 10_000)
    const found = /^(-)?(?:(\d+)\.)?(\d+):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?$/.exec(toText(value).trim())
    if (found === null) return cannotConvert(value, 'System.TimeSpan', 'String was not recognized as a valid TimeSpan.')
    const [, sign, days, hours, minutes, seconds, fraction] = found
    const total = Number(days ?? 0) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)
    return new TimeSpan((total * 1000 + Number(`0.${fraction ?? 0}`) * 1000) * (sign ? -1 : 1))
  },
  hashtable: (value) => (value instanceof Hashtable ? value : cannotConvert(value, 'System.Collections.Hashtable')),
  ordered: (value) =>
    value instanceof Hashtable ? value : cannotConvert(value, 'System.Collections.Specialized.OrderedDictionary'),
  pscustomobject: (value) => (value instanceof Hashtable ? new PsObject(value) : value),
  regex: (value) =>
    value instanceof RegularExpression ? value : new RegularExpression(new RegExp(toText(value), 'u')),
  guid: (value) => toText(value),
  version: (value) => toText(value),
  switch: (value) => toBoolean(value),
}

/** @throws {PsThrow} when the value cannot become one, {Unknown} when the type is not known here */
export function convert(type: string, value: Value, offsetMinutes: number): Value {
  const name = type
    .replace(/^System\./i, '')
    .replace(/^Management\.Automation\./i, '')
    .replace(/\s/g, '')
    .toLowerCase()
  const range = INTEGERS[name]
  if (range !== undefined) return integer(value, ...range)
  const cast = Object.hasOwn(CASTS, name) ? CASTS[name] : undefined
  if (cast === undefined) throw new Unknown(`the type [${type}]`)
  return cast(value, offsetMinutes)
}
