/** How objects look on the console: strings as they are, objects with few properties as a table, others as a list. */
import { formatDate } from './objects/date-format.ts'
import { DateTime, Hashtable, NetObject, PsObject, toText, type Value } from './values.ts'

interface Options {
  style?: 'auto' | 'table' | 'list'
  properties?: string[]
}

/** Objects with more properties than these are shown as a list. */
const WIDEST_TABLE = 4

/** Columns of objects that PowerShell shows in a form of their own. */
const VIEWS: Record<string, string[]> = {
  'Microsoft.Management.Infrastructure.CimInstance#MSFT_ScheduledTask': ['TaskPath', 'TaskName', 'State'],
}

/** The console text of what a pipeline puts out, without the last line end. */
export function formatAll(values: Value[], options: Options = {}): string {
  const lines: string[] = []
  let group: PsObject[] = []
  const flush = () => {
    if (group.length > 0) lines.push(...formatGroup(group, options))
    group = []
  }
  for (const value of values) {
    const object = asObject(value)
    if (object === null) {
      flush()
      if (value !== null) lines.push(formatPlain(value))
    } else {
      if (group.length > 0 && group[0]!.typeName !== object.typeName) flush()
      group.push(object)
    }
  }
  flush()
  return lines.join('\n')
}

function asObject(value: Value): PsObject | null {
  if (value instanceof PsObject) return value
  if (value instanceof Hashtable) {
    const rows = value.entries()
    return rows.length === 0 ? null : new PsObject(value, { typeName: 'System.Collections.Hashtable' })
  }
  if (!(value instanceof NetObject) || value.text !== undefined) return null
  const shown: Record<string, Value> = {}
  for (const [name, property] of value.properties) if (property.get !== undefined) shown[name] = property.get()
  return new PsObject(shown, { typeName: value.typeName })
}

const formatPlain = (value: Value): string =>
  value instanceof DateTime
    ? `\n${formatDate(value, 'F')}\n`
    : Array.isArray(value)
      ? value.map(formatPlain).join('\n')
      : toText(value)

function formatGroup(group: PsObject[], { style = 'auto', properties = [] }: Options): string[] {
  const first = group[0]!
  if (first.typeName === 'System.Collections.Hashtable') {
    return table(
      ['Name', 'Value'],
      group.flatMap((one) => one.properties.entries().map(({ key, value }) => [toText(key), cell(value)])),
    )
  }
  const names =
    properties.length > 0
      ? properties
      : (VIEWS[first.typeName] ?? first.properties.entries().map(({ key }) => toText(key)))
  const asTable = style === 'table' || (style === 'auto' && names.length <= WIDEST_TABLE)
  if (asTable)
    return table(
      names,
      group.map((one) => names.map((name) => cell(one.properties.get(name)))),
    )
  const width = Math.max(...names.map((name) => name.length))
  return [
    '',
    ...group.flatMap((one) => [
      ...names.map((name) => `${name.padEnd(width)} : ${cell(one.properties.get(name))}`),
      '',
    ]),
  ]
}

const cell = (value: Value): string =>
  Array.isArray(value)
    ? `{${value.map(toText).join(', ')}}`
    : value instanceof DateTime
      ? formatDate(value, 'G')
      : toText(value)

function table(names: string[], rows: string[][]): string[] {
  const widths = names.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]) =>
    cells
      .map((text, column) => text.padEnd(widths[column]!))
      .join(' ')
      .trimEnd()
  return ['', line(names), line(names.map((name) => '-'.repeat(name.length))), ...rows.map(line), '']
}
