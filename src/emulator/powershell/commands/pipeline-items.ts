/** Cmdlets that choose, change and order what goes through a pipeline. */
import type { Call, Cmdlet } from '../binding.ts'
import { callMethod, readProperty } from '../members.ts'
import { compare, equal, operate } from '../operators.ts'
import { collapse, enumerate, Hashtable, PsObject, ScriptBlock, toBoolean, toText, type Value } from '../values.ts'
import { wildcard } from '../wildcard.ts'

const COMPARISONS = ['EQ', 'NE', 'GT', 'GE', 'LT', 'LE', 'Like', 'NotLike', 'Match', 'NotMatch', 'Contains', 'In']

const onEach = (call: Call, block: ScriptBlock, item: Value): Promise<Value[]> =>
  call.gather(block, { variables: { _: item, PSItem: item } })

const input = (call: Call): Value[] => (call.piped ? call.input : call.list('InputObject')).flat()

/** A property by name, a script block, or `@{ Name = …; Expression = … }`. */
async function selected(call: Call, item: Value, property: Value): Promise<[string, Value][]> {
  if (property instanceof ScriptBlock) return [[property.text.trim(), collapse(await onEach(call, property, item))]]
  if (property instanceof Hashtable) {
    const expression = property.get('Expression') ?? property.get('E')
    const name = toText(property.get('Name') ?? property.get('N') ?? property.get('Label') ?? property.get('L'))
    return [
      [
        name,
        expression instanceof ScriptBlock
          ? collapse(await onEach(call, expression, item))
          : readProperty(item, toText(expression)),
      ],
    ]
  }
  const name = toText(property)
  if (!/[*?]/.test(name)) return [[name, readProperty(item, name)]]
  const names = item instanceof PsObject ? item.properties.entries().map(({ key }) => toText(key)) : []
  return names.filter((one) => wildcard(name).test(one)).map((one) => [one, readProperty(item, one)])
}

export const PIPELINE_ITEMS: Cmdlet[] = [
  {
    name: 'ForEach-Object',
    parameters: { Process: 'any', Begin: 'any', End: 'any', InputObject: 'any', MemberName: 'any' },
    positional: ['Process'],
    async run(call) {
      const [begin, process, end] = ['Begin', 'Process', 'End'].map((name) => call.value(name))
      const emitAll = async (block: Value, item: Value) => {
        if (block instanceof ScriptBlock) {
          await call.runtime.call(block, {
            scope: call.scope,
            inPlace: true,
            variables: { _: item, PSItem: item },
            emit: call.emit,
          })
        }
      }
      await emitAll(begin!, null)
      for (const item of input(call)) {
        if (process instanceof ScriptBlock) await emitAll(process, item)
        else {
          const name = toText(process ?? call.value('MemberName'))
          const value =
            readProperty(item, name) ??
            (typeof item === 'string' && name.toLowerCase() !== 'length' ? await callMethod(item, name, []) : null)
          for (const one of enumerate(value)) await call.emit(one)
        }
      }
      await emitAll(end!, null)
    },
  },
  {
    name: 'Where-Object',
    parameters: {
      FilterScript: 'any',
      InputObject: 'any',
      Property: 'any',
      Value: 'any',
      Not: 'switch',
      ...Object.fromEntries(COMPARISONS.map((name) => [name, 'any' as const])),
    },
    positional: ['FilterScript', 'Value'],
    async run(call) {
      const filter = call.value('FilterScript') ?? call.value('Property')
      const comparison = COMPARISONS.find((name) => call.has(name))
      for (const item of input(call)) {
        let holds: boolean
        if (filter instanceof ScriptBlock) holds = toBoolean(collapse(await onEach(call, filter, item)))
        else {
          const value = readProperty(item, toText(filter))
          holds =
            comparison === undefined
              ? toBoolean(value)
              : toBoolean(
                  operate(`-${comparison.toLowerCase()}`, value, call.value(comparison), {
                    setMatches: () => {},
                    offsetMinutes: 0,
                  }),
                )
        }
        if (holds !== call.switch('Not')) await call.emit(item)
      }
    },
  },
  {
    name: 'Select-Object',
    parameters: {
      Property: 'any',
      InputObject: 'any',
      ExpandProperty: 'any',
      ExcludeProperty: 'any',
      First: 'any',
      Last: 'any',
      Skip: 'any',
      Unique: 'switch',
      Index: 'any',
      Wait: 'switch',
    },
    positional: ['Property'],
    async run(call) {
      let items = input(call).slice(call.number('Skip') ?? 0)
      const last = call.number('Last')
      if (last !== undefined) items = last === 0 ? [] : items.slice(-last)
      items = items.slice(0, call.number('First') ?? items.length)
      if (call.switch('Unique'))
        items = items.filter((item, index) => items.findIndex((other) => equal(other, item, true)) === index)
      const expand = call.text('ExpandProperty')
      const properties = call.list('Property')
      for (const item of items) {
        if (expand !== undefined) for (const value of enumerate(readProperty(item, expand))) await call.emit(value)
        else if (properties.length === 0) await call.emit(item)
        else {
          const chosen: Record<string, Value> = {}
          for (const property of properties)
            for (const [name, value] of await selected(call, item, property)) chosen[name] = value
          await call.emit(new PsObject(chosen))
        }
      }
    },
  },
  {
    name: 'Sort-Object',
    parameters: { Property: 'any', InputObject: 'any', Descending: 'switch', Unique: 'switch' },
    positional: ['Property'],
    async run(call) {
      const [property] = call.list('Property')
      const keyed: { item: Value; key: Value }[] = []
      for (const item of input(call)) {
        keyed.push({ item, key: property === undefined ? item : (await selected(call, item, property))[0]![1] })
      }
      const direction = call.switch('Descending') ? -1 : 1
      keyed.sort((a, b) => direction * compare(a.key, b.key))
      const kept = call.switch('Unique')
        ? keyed.filter(({ key }, index) => index === 0 || !equal(key, keyed[index - 1]!.key))
        : keyed
      for (const { item } of kept) await call.emit(item)
    },
  },
  {
    name: 'Measure-Object',
    parameters: {
      Property: 'any',
      InputObject: 'any',
      Sum: 'switch',
      Average: 'switch',
      Maximum: 'switch',
      Minimum: 'switch',
      Line: 'switch',
    },
    positional: ['Property'],
    async run(call) {
      const property = call.text('Property')
      const items = input(call).map((item) => (property === undefined ? item : readProperty(item, property)))
      const numbers = items.map(Number)
      const sum = numbers.reduce((total, number) => total + number, 0)
      await call.emit(
        new PsObject(
          {
            Count: items.length,
            Average: call.switch('Average') ? sum / numbers.length : null,
            Sum: call.switch('Sum') ? sum : null,
            Maximum: call.switch('Maximum') ? Math.max(...numbers) : null,
            Minimum: call.switch('Minimum') ? Math.min(...numbers) : null,
            Property: property ?? null,
          },
          { typeName: 'Microsoft.PowerShell.Commands.GenericMeasureInfo' },
        ),
      )
    },
  },
]
