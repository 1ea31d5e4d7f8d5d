/** Cmdlets for files. Paths are the host's. */
import type { Call, Cmdlet } from '../binding.ts'
import { ErrorRecord, Unknown } from '../errors.ts'
import { toText, type Value } from '../values.ts'

/** Encodings by their name in PowerShell; Windows PowerShell writes the default as ANSI. */
const CODECS: Record<string, BufferEncoding> = {
  utf8: 'utf8',
  ascii: 'latin1',
  default: 'latin1',
  unicode: 'utf16le',
  oem: 'latin1',
}

function codecOf(call: Call, otherwise: string): BufferEncoding {
  const name = call.text('Encoding') ?? otherwise
  const codec = CODECS[name.toLowerCase()]
  if (codec === undefined) throw new Unknown(`the encoding ${name}`)
  return codec
}

const decode = (content: Buffer): string =>
  content[0] === 0xff && content[1] === 0xfe
    ? content.subarray(2).toString('utf16le')
    : content.toString('utf8').replace(/^\ufeff/, '')

async function missing(call: Call, command: string, path: string): Promise<void> {
  const record = new ErrorRecord({
    message: `Cannot find path '${path}' because it does not exist.`,
    command,
    type: 'System.Management.Automation.ItemNotFoundException',
    category: 'ObjectNotFound',
    target: path,
    id: `PathNotFound,Microsoft.PowerShell.Commands.${command.replace('-', '')}Command`,
  })
  await call.runtime.report(record, call.scope, call.errorAction)
}

const paths = (call: Call): string[] => {
  const given: Value[] = call.has('LiteralPath') ? call.list('LiteralPath') : call.subjects('Path')
  return given.map(toText)
}

const write = (name: string, append: boolean, defaultEncoding: string): Cmdlet => ({
  name,
  parameters: {
    Path: 'any',
    LiteralPath: 'any',
    Value: 'any',
    InputObject: 'any',
    Encoding: 'any',
    Force: 'switch',
    NoNewline: 'switch',
    Append: 'switch',
  },
  positional: ['Path', 'Value'],
  aliases: { FilePath: 'Path' },
  async run(call) {
    const { context } = call.runtime
    const path = call.text('LiteralPath') ?? call.text('Path') ?? ''
    const codec = codecOf(call, defaultEncoding)
    const given = call.piped ? call.input : call.has('Value') ? call.list('Value') : call.list('InputObject')
    const end = call.switch('NoNewline') ? '' : '\r\n'
    const added = Buffer.from(given.map((value) => `${toText(value)}${end}`).join(''), codec)
    const keeps = (append || call.switch('Append')) && context.fileExists(path)
    const mark =
      codec === 'utf16le'
        ? Buffer.from([0xff, 0xfe])
        : codec === 'utf8'
          ? Buffer.from([0xef, 0xbb, 0xbf])
          : Buffer.alloc(0)
    await context.writeFile(
      path,
      keeps ? Buffer.concat([await context.readFile(path), added]) : Buffer.concat([mark, added]),
    )
  },
})

const copy = (name: string, moves: boolean): Cmdlet => ({
  name,
  parameters: { Path: 'any', LiteralPath: 'any', Destination: 'any', Force: 'switch', Recurse: 'switch' },
  positional: ['Path', 'Destination'],
  async run(call) {
    const { context } = call.runtime
    const destination = call.text('Destination') ?? ''
    for (const path of paths(call)) {
      if (!context.fileExists(path)) await missing(call, name, path)
      else {
        if (context.copyFile === undefined) throw new Unknown(`${name} on this host`)
        await context.copyFile(path, destination)
        if (moves) await context.removeFile(path)
      }
    }
  },
})

export const FILES: Cmdlet[] = [
  {
    name: 'Test-Path',
    parameters: { Path: 'any', LiteralPath: 'any', PathType: 'any' },
    positional: ['Path'],
    async run(call) {
      for (const path of paths(call)) {
        if (/^(HKLM|HKCU|Env|Registry|Cert|WSMan):/i.test(path)) throw new Unknown(`paths such as ${path}`)
        await call.emit(call.runtime.context.fileExists(path))
      }
    },
  },
  {
    name: 'Remove-Item',
    parameters: { Path: 'any', LiteralPath: 'any', Force: 'switch', Recurse: 'switch' },
    positional: ['Path'],
    async run(call) {
      for (const path of paths(call)) {
        if (call.runtime.context.fileExists(path)) await call.runtime.context.removeFile(path)
        else await missing(call, 'Remove-Item', path)
      }
    },
  },
  {
    name: 'Get-Content',
    parameters: { Path: 'any', LiteralPath: 'any', Raw: 'switch', Encoding: 'any', TotalCount: 'any' },
    positional: ['Path'],
    async run(call) {
      for (const path of paths(call)) {
        if (!call.runtime.context.fileExists(path)) {
          await missing(call, 'Get-Content', path)
          continue
        }
        const text = decode(await call.runtime.context.readFile(path))
        if (call.switch('Raw')) await call.emit(text)
        else
          for (const line of text
            .replace(/\r?\n$/, '')
            .split(/\r?\n/)
            .slice(0, call.number('TotalCount')))
            await call.emit(line)
      }
    },
  },
  write('Set-Content', false, 'default'),
  write('Add-Content', true, 'default'),
  write('Out-File', false, 'unicode'),
  copy('Copy-Item', false),
  copy('Move-Item', true),
  {
    name: 'Join-Path',
    parameters: { Path: 'any', ChildPath: 'any' },
    positional: ['Path', 'ChildPath'],
    async run(call) {
      await call.emit(
        `${(call.text('Path') ?? '').replace(/\\$/, '')}\\${(call.text('ChildPath') ?? '').replace(/^\\/, '')}`,
      )
    },
  },
  {
    name: 'Split-Path',
    parameters: { Path: 'any', Leaf: 'switch', Parent: 'switch' },
    positional: ['Path'],
    async run(call) {
      for (const path of paths(call))
        await call.emit(call.switch('Leaf') ? path.replace(/^.*[\\/]/, '') : path.replace(/[\\/][^\\/]*$/, ''))
    },
  },
]
