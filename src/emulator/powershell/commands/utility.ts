/** Cmdlets for dates, JSON, variables and objects. */
import type { Call, Cmdlet } from '../binding.ts'
import { convert } from '../conversions.ts'
import { failure, Unknown } from '../errors.ts'
import { writeProperty } from '../members.ts'
import { credentialOf, secureString } from '../objects/credential.ts'
import { formatDate } from '../objects/date-format.ts'
import { parseDate } from '../objects/date-parse.ts'
import { scheduleService } from '../objects/schedule-service.ts'
import { createObject } from '../statics.ts'
import { parseScript } from '../syntax/statements.ts'
import { DateTime, Hashtable, type NetObject, PsObject, ScriptBlock, TimeSpan, toText, type Value } from '../values.ts'

const localNow = ({ runtime: { context } }: Call): DateTime =>
  new DateTime(context.now() + context.timeZoneMinutes * 60_000, 'Local', context.timeZoneMinutes)

function fromJson(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (Array.isArray(value)) return value.map(fromJson)
  return new PsObject(
    Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, fromJson(inner)])),
  )
}

/** What is deeper than `depth` becomes text, as the real cmdlet does without a word. */
function toJson(value: Value, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (value instanceof DateTime) return `/Date(${value.ms - value.offsetMinutes * 60_000})/`
  if (value instanceof Uint8Array) return [...value]
  if (depth < 0) return toText(value)
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth - 1))
  const table = value instanceof Hashtable ? value : value instanceof PsObject ? value.properties : null
  if (table === null) return toText(value)
  return Object.fromEntries(table.entries().map(({ key, value: inner }) => [toText(key), toJson(inner, depth - 1)]))
}

/** Windows PowerShell escapes these in JSON. */
const escapeJson = (json: string): string =>
  json.replace(/[<>&']/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

export const UTILITY: Cmdlet[] = [
  {
    name: 'Get-Date',
    parameters: {
      Date: 'any',
      Format: 'any',
      UFormat: 'any',
      Year: 'any',
      Month: 'any',
      Day: 'any',
      Hour: 'any',
      Minute: 'any',
      Second: 'any',
    },
    positional: ['Date'],
    async run(call) {
      const { timeZoneMinutes } = call.runtime.context
      const given = call.value('Date')
      let date = !call.has('Date')
        ? localNow(call)
        : given instanceof DateTime
          ? given
          : ((parseDate(toText(given), timeZoneMinutes, localNow(call).ms) ??
              convert('datetime', given, timeZoneMinutes)) as DateTime)
      const at = new Date(date.ms)
      const part = (name: string, otherwise: number) => call.number(name) ?? otherwise
      if (['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'].some((name) => call.has(name))) {
        date = date.with(
          Date.UTC(
            part('Year', at.getUTCFullYear()),
            part('Month', at.getUTCMonth() + 1) - 1,
            part('Day', at.getUTCDate()),
            part('Hour', at.getUTCHours()),
            part('Minute', at.getUTCMinutes()),
            part('Second', at.getUTCSeconds()),
          ),
        )
      }
      if (call.has('UFormat')) throw new Unknown('Get-Date -UFormat')
      const format = call.text('Format')
      await call.emit(format === undefined ? date : formatDate(date, format))
    },
  },
  {
    name: 'New-TimeSpan',
    parameters: { Days: 'any', Hours: 'any', Minutes: 'any', Seconds: 'any', Start: 'any', End: 'any' },
    positional: ['Start', 'End'],
    async run(call) {
      const { timeZoneMinutes } = call.runtime.context
      const date = (name: string) =>
        call.has(name) ? (convert('datetime', call.value(name), timeZoneMinutes) as DateTime) : localNow(call)
      if (call.has('Start') || call.has('End')) return await call.emit(new TimeSpan(date('End').ms - date('Start').ms))
      const part = (name: string) => call.number(name) ?? 0
      await call.emit(
        new TimeSpan((((part('Days') * 24 + part('Hours')) * 60 + part('Minutes')) * 60 + part('Seconds')) * 1000),
      )
    },
  },
  {
    name: 'Start-Sleep',
    parameters: { Seconds: 'any', Milliseconds: 'any' },
    positional: ['Seconds'],
    async run(call) {
      await call.runtime.context.sleep(
        call.has('Milliseconds') ? call.number('Milliseconds')! : (call.number('Seconds') ?? 0) * 1000,
      )
    },
  },
  {
    name: 'ConvertFrom-Json',
    parameters: { InputObject: 'any' },
    positional: ['InputObject'],
    async run(call) {
      const text = call.subjects('InputObject').map(toText).join('\n')
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch {
        throw failure({
          message: `Invalid JSON primitive: ${text.trim().split(/\s/)[0]}.`,
          command: 'ConvertFrom-Json',
          type: 'System.ArgumentException',
          id: 'System.ArgumentException,Microsoft.PowerShell.Commands.ConvertFromJsonCommand',
          category: 'NotSpecified',
        })
      }
      // Windows PowerShell puts an array out as one object.
      await call.emit(fromJson(parsed))
    },
  },
  {
    name: 'ConvertTo-Json',
    parameters: { InputObject: 'any', Depth: 'any', Compress: 'switch' },
    positional: ['InputObject'],
    async run(call) {
      const values = call.piped ? call.input : [call.value('InputObject')]
      const json = toJson(values.length === 1 ? values[0]! : values, call.number('Depth') ?? 2)
      await call.emit(
        escapeJson(
          call.switch('Compress') ? JSON.stringify(json) : JSON.stringify(json, null, 4).replace(/\n/g, '\r\n'),
        ),
      )
    },
  },
  {
    name: 'ConvertTo-SecureString',
    parameters: { String: 'any', AsPlainText: 'switch', Force: 'switch', Key: 'any' },
    positional: ['String'],
    async run(call) {
      if (!call.switch('AsPlainText')) throw new Unknown('ConvertTo-SecureString without -AsPlainText')
      for (const value of call.subjects('String')) await call.emit(secureString(toText(value)))
    },
  },
  {
    name: 'New-Object',
    parameters: { TypeName: 'any', ArgumentList: 'any', ComObject: 'any', Property: 'any', Strict: 'switch' },
    positional: ['TypeName', 'ArgumentList'],
    rest: true,
    aliases: { Args: 'ArgumentList' },
    async run(call) {
      const { runtime } = call
      if (call.has('ComObject')) return await call.emit(comObject(call.text('ComObject')!, call))
      const type = (call.text('TypeName') ?? '').replace(/^\[|\]$/g, '')
      const args = call.list('ArgumentList').flat()
      const created = /(^|\.)PSCredential$/i.test(type)
        ? credentialOf(args[0] ?? null, args[1] ?? null)
        : createObject(type, args, runtime)
      const properties = call.value('Property')
      if (properties instanceof Hashtable) {
        for (const { key, value } of properties.entries()) {
          if (created instanceof PsObject) created.properties.set(key, value)
          else await writeProperty(created, toText(key), value)
        }
      }
      await call.emit(created)
    },
  },
  {
    name: 'Add-Member',
    parameters: {
      InputObject: 'any',
      MemberType: 'any',
      Name: 'any',
      Value: 'any',
      NotePropertyName: 'any',
      NotePropertyValue: 'any',
      PassThru: 'switch',
      Force: 'switch',
    },
    positional: ['MemberType', 'Name', 'Value'],
    async run(call) {
      const name = call.text('NotePropertyName') ?? call.text('Name') ?? ''
      const value = call.has('NotePropertyValue') ? call.value('NotePropertyValue') : call.value('Value')
      if (call.has('MemberType') && !/^noteproperty$/i.test(call.text('MemberType')!))
        throw new Unknown('members other than note properties')
      for (const item of call.subjects('InputObject')) {
        if (item instanceof PsObject) item.properties.set(name, value)
        else throw new Unknown('new members of this object')
        if (call.switch('PassThru')) await call.emit(item)
      }
    },
  },
  {
    name: 'Get-Variable',
    parameters: { Name: 'any', ValueOnly: 'switch', Scope: 'any' },
    positional: ['Name'],
    async run(call) {
      const name = call.text('Name') ?? ''
      const value = call.scope.get(name)
      if (value === undefined) {
        throw failure({
          message: `Cannot find a variable with the name '${name}'.`,
          command: 'Get-Variable',
          category: 'ObjectNotFound',
          target: name,
          id: 'VariableNotFound,Microsoft.PowerShell.Commands.GetVariableCommand',
        })
      }
      await call.emit(
        call.switch('ValueOnly')
          ? value
          : new PsObject({ Name: name, Value: value }, { typeName: 'System.Management.Automation.PSVariable' }),
      )
    },
  },
  {
    name: 'Set-Variable',
    parameters: { Name: 'any', Value: 'any', Scope: 'any', Force: 'switch' },
    positional: ['Name', 'Value'],
    run(call) {
      call.scope.set(call.text('Name') ?? '', call.value('Value'))
    },
  },
  {
    name: 'Get-Random',
    parameters: { Minimum: 'any', Maximum: 'any', InputObject: 'any' },
    positional: ['Maximum'],
    async run(call) {
      const [least, most] = [call.number('Minimum') ?? 0, call.number('Maximum') ?? 2 ** 31 - 1]
      await call.emit(least + Math.floor(Math.random() * (most - least)))
    },
  },
  {
    name: 'Invoke-Expression',
    parameters: { Command: 'any' },
    positional: ['Command'],
    async run(call) {
      const text = call.piped ? call.input.map(toText).join('\n') : (call.text('Command') ?? '')
      await call.runtime.call(new ScriptBlock(parseScript(text), text, text), {
        scope: call.scope,
        inPlace: true,
        emit: call.emit,
      })
    },
  },
  {
    name: 'Import-Module',
    parameters: { Name: 'any', Force: 'switch', PassThru: 'switch' },
    positional: ['Name'],
    run(call) {
      const unknown = call
        .list('Name')
        .find((name) => !/^(ScheduledTasks|CimCmdlets|Microsoft\.PowerShell\.\w+)$/i.test(toText(name)))
      if (unknown !== undefined) throw new Unknown(`the module ${toText(unknown)}`)
    },
  },
  {
    name: 'Set-StrictMode',
    parameters: { Version: 'any', Off: 'switch' },
    run() {},
  },
  {
    name: 'Get-Host',
    parameters: {},
    async run(call) {
      await call.emit(new PsObject({ Name: 'ConsoleHost', Version: '5.1.20348.2031' }))
    },
  },
]

function comObject(name: string, call: Call): NetObject {
  if (/^Schedule\.Service(\.1)?$/i.test(name)) return scheduleService(call.runtime.context)
  throw new Unknown(`the COM object ${name}`)
}
