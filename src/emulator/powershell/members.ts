/** Properties and methods of values that are no objects of their own: strings, lists, dates, dictionaries … */
import { toNumber } from './conversions.ts'
import { failure, Unknown } from './errors.ts'
import { formatDate } from './objects/date-format.ts'
import { formatNumber } from './objects/format-operator.ts'
import {
  collapse,
  DateTime,
  Hashtable,
  NetObject,
  NOTHING,
  PsObject,
  RegularExpression,
  ScriptBlock,
  TimeSpan,
  toText,
  typeNameOf,
  type Value,
} from './values.ts'

type Members<T> = {
  properties?: Record<string, (value: T) => Value>
  methods?: Record<string, (value: T, args: Value[]) => Value>
}

const text = (args: Value[], index: number, fallback = ''): string =>
  index < args.length ? toText(args[index]!) : fallback
const characters = (args: Value[]): string => args.flat().map(toText).join('')
const trimmer = (set: string) => (set === '' ? '\\s' : `[${set.replace(/[\\\]^-]/g, '\\$&')}]`)
const ignoresCase = (args: Value[]) => /ignorecase/i.test(text(args, 1))

const STRING: Members<string> = {
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

const LIST: Members<Value[]> = {
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

const BYTES: Members<Uint8Array> = {
  properties: { length: (value) => value.length, count: (value) => value.length },
}

const HASHTABLE: Members<Hashtable> = {
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

const plus = (unitMs: number) => (value: DateTime, args: Value[]) =>
  value.with(value.ms + toNumber(args[0]!, 'System.Double') * unitMs)
const utcPart = (read: (date: Date) => number) => (value: DateTime) => read(new Date(value.ms))
const addMonths = (value: DateTime, months: number): DateTime => {
  const at = new Date(value.ms)
  const day = at.getUTCDate()
  at.setUTCDate(1)
  at.setUTCMonth(at.getUTCMonth() + months)
  at.setUTCDate(Math.min(day, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()))
  return value.with(at.getTime())
}

/** .NET counts ticks of 100 ns from the year 1. */
const TICKS_AT_1970 = 621_355_968_000_000_000

const DATE: Members<DateTime> = {
  properties: {
    year: utcPart((date) => date.getUTCFullYear()),
    month: utcPart((date) => date.getUTCMonth() + 1),
    day: utcPart((date) => date.getUTCDate()),
    hour: utcPart((date) => date.getUTCHours()),
    minute: utcPart((date) => date.getUTCMinutes()),
    second: utcPart((date) => date.getUTCSeconds()),
    millisecond: utcPart((date) => date.getUTCMilliseconds()),
    dayofweek: (value) => formatDate(value, 'dddd'),
    date: (value) => value.with(Math.floor(value.ms / 86_400_000) * 86_400_000),
    timeofday: (value) => new TimeSpan(((value.ms % 86_400_000) + 86_400_000) % 86_400_000),
    kind: (value) => value.kind,
    ticks: (value) => TICKS_AT_1970 + value.ms * 10_000,
  },
  methods: {
    addmilliseconds: plus(1),
    addseconds: plus(1000),
    addminutes: plus(60_000),
    addhours: plus(3_600_000),
    adddays: plus(86_400_000),
    addmonths: (value, args) => addMonths(value, toNumber(args[0]!)),
    addyears: (value, args) => addMonths(value, toNumber(args[0]!) * 12),
    add: (value, args) => value.with(value.ms + (args[0] as TimeSpan).ms),
    subtract: (value, args) => {
      const other = args[0]!
      return other instanceof DateTime
        ? new TimeSpan(value.ms - other.ms)
        : value.with(value.ms - (other as TimeSpan).ms)
    },
    tostring: (value, args) => formatDate(value, text(args, 0, 'G')),
    touniversaltime: (value) =>
      value.kind === 'Utc' ? value : new DateTime(value.ms - value.offsetMinutes * 60_000, 'Utc', 0),
    tolocaltime: (value) => value,
    toshortdatestring: (value) => formatDate(value, 'd'),
    toshorttimestring: (value) => formatDate(value, 't'),
    tolongdatestring: (value) => formatDate(value, 'D'),
    tounixtimemilliseconds: (value) => value.ms - value.offsetMinutes * 60_000,
    tounixtimeseconds: (value) => Math.floor((value.ms - value.offsetMinutes * 60_000) / 1000),
  },
}

const total = (unitMs: number) => (value: TimeSpan) => value.ms / unitMs
const SPAN: Members<TimeSpan> = {
  properties: {
    totalmilliseconds: total(1),
    totalseconds: total(1000),
    totalminutes: total(60_000),
    totalhours: total(3_600_000),
    totaldays: total(86_400_000),
    days: (value) => Math.trunc(value.ms / 86_400_000),
    hours: (value) => Math.trunc(value.ms / 3_600_000) % 24,
    minutes: (value) => Math.trunc(value.ms / 60_000) % 60,
    seconds: (value) => Math.trunc(value.ms / 1000) % 60,
    milliseconds: (value) => Math.trunc(value.ms) % 1000,
  },
  methods: { tostring: (value) => toText(value) },
}

const matchValue = (found: RegExpMatchArray | null): Value =>
  new PsObject(
    {
      Success: found !== null,
      Value: found?.[0] ?? '',
      Index: found?.index ?? 0,
      Groups: (found ?? []).map((group) => new PsObject({ Value: group ?? '', Success: group !== undefined })),
    },
    { typeName: 'System.Text.RegularExpressions.Match' },
  )

const REGEX: Members<RegularExpression> = {
  methods: {
    ismatch: ({ pattern }, args) => pattern.test(text(args, 0)),
    match: ({ pattern }, args) => matchValue(text(args, 0).match(pattern)),
    matches: ({ pattern }, args) =>
      [...text(args, 0).matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(matchValue),
    replace: ({ pattern }, args) => text(args, 0).replace(new RegExp(pattern, `${pattern.flags}g`), text(args, 1)),
    tostring: ({ pattern }) => pattern.source,
  },
}

const NUMBER: Members<number> = {
  methods: {
    tostring: (value, args) => (args.length === 0 ? toText(value) : formatNumber(value, text(args, 0))),
    equals: (value, args) => value === args[0],
    compareto: (value, args) => Math.sign(value - toNumber(args[0]!)),
  },
}

const BOOLEAN: Members<boolean> = { methods: { tostring: (value) => toText(value) } }

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

export function readIndex(target: Value, index: Value): Value {
  if (target === null) {
    throw failure({
      message: 'Cannot index into a null array.',
      id: 'NullArray',
      category: 'InvalidOperation',
      reason: 'RuntimeException',
    })
  }
  if (Array.isArray(index) && !(target instanceof Hashtable)) return index.map((one) => readIndex(target, one))
  if (target instanceof Hashtable) return Array.isArray(index) ? index.map((one) => target.get(one)) : target.get(index)
  if (typeof target === 'string') return [...target].at(toNumber(index)) ?? null
  if (Array.isArray(target) || target instanceof Uint8Array) return target.at(toNumber(index)) ?? null
  if (target instanceof NetObject && target.methods.has('item')) return target.methods.get('item')!([index]) as Value
  if (target instanceof NetObject && target.items !== undefined) return target.items().at(toNumber(index)) ?? null
  throw failure({
    message: `Unable to index into an object of type ${typeNameOf(target)}.`,
    id: 'CannotIndex',
    category: 'InvalidOperation',
    reason: 'RuntimeException',
  })
}

export function writeIndex(target: Value, index: Value, value: Value): void {
  if (target instanceof Hashtable) {
    target.set(index, value)
    return
  }
  if (Array.isArray(target)) {
    const at = toNumber(index)
    if (at < -target.length || at >= target.length) {
      throw failure({
        message: 'Index was outside the bounds of the array.',
        type: 'System.IndexOutOfRangeException',
        id: 'System.IndexOutOfRangeException',
        category: 'OperationStopped',
      })
    }
    target[at < 0 ? target.length + at : at] = value
    return
  }
  if (target instanceof Uint8Array) {
    target[toNumber(index)] = toNumber(value)
    return
  }
  throw failure({
    message: `Unable to index into an object of type ${typeNameOf(target)}.`,
    id: 'CannotIndex',
    category: 'InvalidOperation',
  })
}

/** How PowerShell reports an exception that a method threw. */
export function methodFailure(method: string, args: Value[], type: string, message: string, hresult?: number) {
  const short = type.slice(type.lastIndexOf('.') + 1)
  return failure({
    message: `Exception calling "${method}" with "${args.length}" argument(s): "${message}"`,
    type: 'System.Management.Automation.MethodInvocationException',
    id: short,
    inner: new NetObject(type, {
      properties: { Message: { get: () => message }, HResult: { get: () => hresult ?? null } },
    }),
    ...(hresult === undefined ? {} : { hresult }),
  })
}
