/** Cmdlets that write, and those that turn objects into text. */
import type { Cmdlet } from '../binding.ts'
import { ErrorRecord } from '../errors.ts'
import { formatAll } from '../format.ts'
import { NetObject, toText, type Value } from '../values.ts'

const writeObject = (name: string): Cmdlet => ({
  name,
  parameters: { InputObject: 'any', NoEnumerate: 'switch' },
  positional: ['InputObject'],
  rest: true,
  async run(call) {
    for (const value of call.subjects('InputObject')) await call.emit(value)
  },
})

/** Streams that nobody reads here: verbose and debug are off, warnings and information go to the console. */
const writeText = (name: string, prefix: string | null): Cmdlet => ({
  name,
  parameters: { Message: 'any', MessageData: 'any', InformationAction: 'any', Tags: 'any' },
  positional: ['Message'],
  run(call) {
    if (prefix === null) return
    const text = call.piped
      ? call.input.map(toText).join('\n')
      : (call.text('Message') ?? call.text('MessageData') ?? '')
    call.runtime.context.stdout(`${prefix}${text}\n`)
  },
})

const format = (name: string): Cmdlet => ({
  name,
  parameters: {
    InputObject: 'any',
    Property: 'any',
    AutoSize: 'switch',
    Wrap: 'switch',
    HideTableHeaders: 'switch',
    Stream: 'switch',
    Width: 'any',
  },
  positional: ['Property'],
  async run(call) {
    const properties = call.list('Property').map(toText)
    const text = formatAll(call.subjects('InputObject'), {
      style: name === 'Format-List' ? 'list' : name === 'Format-Table' ? 'table' : 'auto',
      properties,
    })
    if (!call.switch('Stream')) return await call.emit(name === 'Out-String' ? `${text}\n` : text)
    for (const line of text.split('\n')) await call.emit(line)
  },
})

export const OUTPUT: Cmdlet[] = [
  writeObject('Write-Output'),
  {
    name: 'Write-Host',
    parameters: {
      Object: 'any',
      NoNewline: 'switch',
      ForegroundColor: 'any',
      BackgroundColor: 'any',
      Separator: 'any',
    },
    positional: ['Object'],
    rest: true,
    run(call) {
      const text = call
        .subjects('Object')
        .map(toText)
        .join(call.text('Separator') ?? ' ')
      call.runtime.context.stdout(call.switch('NoNewline') ? text : `${text}\n`)
    },
  },
  {
    name: 'Write-Error',
    parameters: {
      Message: 'any',
      Exception: 'any',
      ErrorRecord: 'any',
      Category: 'any',
      ErrorId: 'any',
      TargetObject: 'any',
    },
    positional: ['Message'],
    async run(call) {
      const given: Value = call.value('ErrorRecord') ?? call.value('Exception')
      const message =
        call.text('Message') ??
        (call.piped
          ? call.input.map(toText).join(' ')
          : given instanceof NetObject && given.properties.has('message')
            ? toText(given.properties.get('message')!.get!())
            : toText(given))
      const record = new ErrorRecord({
        message,
        command: 'Write-Error',
        type: 'Microsoft.PowerShell.Commands.WriteErrorException',
        category: call.text('Category') ?? 'NotSpecified',
        id: call.text('ErrorId') ?? 'Microsoft.PowerShell.Commands.WriteErrorException',
      })
      await call.runtime.report(record, call.scope, call.errorAction)
    },
  },
  writeText('Write-Warning', 'WARNING: '),
  writeText('Write-Information', null),
  writeText('Write-Verbose', null),
  writeText('Write-Debug', null),
  writeText('Write-Progress', null),
  { name: 'Out-Null', parameters: { InputObject: 'any' }, run() {} },
  {
    name: 'Out-Default',
    parameters: { InputObject: 'any' },
    async run(call) {
      for (const value of call.input) await call.emit(value)
    },
  },
  format('Out-String'),
  format('Format-List'),
  format('Format-Table'),
]
