/** What PowerShell variables hold, and how one kind becomes another. */

import { formatDate } from './objects/date-format.ts'
import type { Body } from './syntax/ast.ts'

export type Value =
  | null
  | boolean
  | number
  | string
  | Value[]
  | Uint8Array
  | Hashtable
  | PsObject
  | NetObject
  | DateTime
  | TimeSpan
  | ScriptBlock
  | TypeLiteral
  | RegularExpression

/** A dictionary whose keys do not care for case, in order of insertion. */
export class Hashtable {
  readonly #entries = new Map<string, { key: Value; value: Value }>()

  static #slot(key: Value): string {
    return typeof key === 'string' ? key.toLowerCase() : `\0${typeof key}${String(key)}`
  }

  get(key: Value): Value {
    return this.#entries.get(Hashtable.#slot(key))?.value ?? null
  }

  set(key: Value, value: Value): void {
    const slot = Hashtable.#slot(key)
    this.#entries.set(slot, { key: this.#entries.get(slot)?.key ?? key, value })
  }

  has(key: Value): boolean {
    return this.#entries.has(Hashtable.#slot(key))
  }

  delete(key: Value): void {
    this.#entries.delete(Hashtable.#slot(key))
  }

  clear(): void {
    this.#entries.clear()
  }

  get size(): number {
    return this.#entries.size
  }

  entries(): { key: Value; value: Value }[] {
    return [...this.#entries.values()]
  }
}

/** An object made of note properties: `[pscustomobject]`, what ConvertFrom-Json and Select-Object give, CIM instances. */
export class PsObject {
  readonly typeName: string
  readonly properties: Hashtable
  /** What the object stands for inside the emulator, for cmdlets that take it further. */
  readonly native: unknown

  constructor(
    properties: Record<string, Value> | Hashtable = {},
    { typeName = 'System.Management.Automation.PSCustomObject', native }: { typeName?: string; native?: unknown } = {},
  ) {
    this.typeName = typeName
    this.native = native
    if (properties instanceof Hashtable) this.properties = properties
    else {
      this.properties = new Hashtable()
      for (const [name, value] of Object.entries(properties)) this.properties.set(name, value)
    }
  }
}

export interface Property {
  get?: () => Value
  set?: (value: Value) => void | Promise<void>
}

export type Method = (args: Value[]) => Value | Promise<Value>

/** An object of .NET or COM with the members that the emulated PowerShell knows. */
export class NetObject {
  readonly typeName: string
  readonly properties: ReadonlyMap<string, Property>
  readonly methods: ReadonlyMap<string, Method>
  readonly native: unknown
  /** COM collections and the like: what `foreach` goes through. */
  readonly items: (() => Value[]) | undefined
  readonly text: (() => string) | undefined

  constructor(
    typeName: string,
    members: {
      properties?: Record<string, Property>
      methods?: Record<string, Method>
      native?: unknown
      items?: () => Value[]
      text?: () => string
    },
  ) {
    this.typeName = typeName
    this.properties = byLowerCase(members.properties ?? {})
    this.methods = byLowerCase(members.methods ?? {})
    this.native = members.native
    this.items = members.items
    this.text = members.text
  }
}

const byLowerCase = <T>(record: Record<string, T>): Map<string, T> =>
  new Map(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]))

/** A point in time as the host shows it: milliseconds of its local time, counted as if it were UTC. */
export class DateTime {
  readonly ms: number
  readonly kind: 'Utc' | 'Local' | 'Unspecified'
  /** Minutes east of UTC that a local time has. */
  readonly offsetMinutes: number

  constructor(ms: number, kind: DateTime['kind'], offsetMinutes: number) {
    this.ms = ms
    this.kind = kind
    this.offsetMinutes = kind === 'Utc' ? 0 : offsetMinutes
  }

  with(ms: number): DateTime {
    return new DateTime(ms, this.kind, this.offsetMinutes)
  }
}

export class TimeSpan {
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }
}

/** Code as a value. */
export class ScriptBlock {
  readonly body: Body
  readonly text: string
  /** The whole text that the spans of `body` point into, when it is another than the script's. */
  readonly source: string | null

  constructor(body: Body, text: string, source: string | null = null) {
    this.body = body
    this.text = text
    this.source = source
  }
}

/** What a call gives that gives nothing: it leaves no item in a pipeline, and `$null` in a variable. */
export const NOTHING: Value[] = []

export class TypeLiteral {
  /** As the script writes it, without `System.`. */
  readonly name: string

  constructor(name: string) {
    this.name = name.replace(/^System\./i, '')
  }
}

export class RegularExpression {
  readonly pattern: RegExp

  constructor(pattern: RegExp) {
    this.pattern = pattern
  }
}

/** What the pipeline goes through: lists give their items, `$null` gives nothing when it is the source of foreach. */
export function enumerate(value: Value): Value[] {
  if (Array.isArray(value)) return value
  if (value instanceof NetObject && value.items !== undefined) return value.items()
  if (value instanceof Uint8Array) return [...value]
  return [value]
}

/** What several outputs are as one value: nothing is `$null`, one is itself. */
export const collapse = (values: Value[]): Value =>
  values.length === 0 ? null : values.length === 1 ? values[0]! : values

export function toBoolean(value: Value): boolean {
  if (value === null) return false
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string') return value !== ''
  if (Array.isArray(value)) return value.length === 0 ? false : value.length === 1 ? toBoolean(value[0]!) : true
  return true
}

/** A value inside a string, culture en-US. */
export function toText(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(toText).join(' ')
  if (value instanceof Uint8Array) return [...value].join(' ')
  if (value instanceof Hashtable) return 'System.Collections.Hashtable'
  if (value instanceof DateTime) return formatDate(value, 'MM/dd/yyyy HH:mm:ss')
  if (value instanceof TimeSpan) return spanText(value)
  if (value instanceof ScriptBlock) return value.text
  if (value instanceof TypeLiteral) return value.name
  if (value instanceof RegularExpression) return value.pattern.source
  if (value instanceof NetObject) return value.text?.() ?? value.typeName
  if (value.typeName.startsWith('Microsoft.Management.Infrastructure')) return value.typeName.replace(/^.*\//, '')
  return `@{${value.properties
    .entries()
    .map(({ key, value: inner }) => `${toText(key)}=${toText(inner)}`)
    .join('; ')}}`
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞'
  return String(value)
    .replace(/e([+-])(\d)$/, 'E$10$2')
    .replace('e', 'E')
}

function spanText({ ms }: TimeSpan): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const total = Math.abs(ms)
  const days = Math.floor(total / 86_400_000)
  const fraction = total % 1000
  const clock = `${two(Math.floor(total / 3_600_000) % 24)}:${two(Math.floor(total / 60_000) % 60)}:${two(Math.floor(total / 1000) % 60)}`
  return `${ms < 0 ? '-' : ''}${days > 0 ? `${days}.` : ''}${clock}${fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}0000`}`
}

/** The .NET name of a value's type. */
export function typeNameOf(value: Value): string {
  if (value === null) return 'System.Object'
  if (typeof value === 'boolean') return 'System.Boolean'
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? Math.abs(value) <= 0x7fff_ffff
        ? 'System.Int32'
        : 'System.Int64'
      : 'System.Double'
  if (typeof value === 'string') return 'System.String'
  if (Array.isArray(value)) return 'System.Object[]'
  if (value instanceof Uint8Array) return 'System.Byte[]'
  if (value instanceof Hashtable) return 'System.Collections.Hashtable'
  if (value instanceof DateTime) return 'System.DateTime'
  if (value instanceof TimeSpan) return 'System.TimeSpan'
  if (value instanceof ScriptBlock) return 'System.Management.Automation.ScriptBlock'
  if (value instanceof TypeLiteral) return 'System.RuntimeType'
  if (value instanceof RegularExpression) return 'System.Text.RegularExpressions.Regex'
  return value.typeName
}
