/** The command line of powershell.exe. Names may be shortened, as `-enc` and `-nop`. */
import type { ProgramContext } from '../program.ts'

export interface Options {
  /** The script; `-` when it comes from standard input. */
  command?: string
  file?: string
  arguments: string[]
  /** Whether standard input is read to its end before the script runs: it is the script, or its `$input`. */
  readsInput: boolean
  /** What is wrong with the command line. */
  problem?: string
}

/** Every option with the least of its name that is understood, and whether a value follows. */
const OPTIONS: [name: string, least: string, takesValue: boolean][] = [
  ['encodedcommand', 'e', true],
  ['ec', 'ec', true],
  ['command', 'c', true],
  ['file', 'f', true],
  ['noprofile', 'nop', false],
  ['noninteractive', 'noni', false],
  ['nologo', 'nol', false],
  ['noexit', 'noe', false],
  ['sta', 's', false],
  ['mta', 'mta', false],
  ['inputformat', 'i', true],
  ['if', 'if', true],
  ['outputformat', 'o', true],
  ['executionpolicy', 'ex', true],
  ['ep', 'ep', true],
  ['windowstyle', 'w', true],
  ['version', 'v', true],
  ['psconsolefile', 'p', true],
  ['configurationname', 'config', true],
]

export function parseOptions({ argv }: Pick<ProgramContext, 'argv'>): Options {
  const options: Options = { arguments: [], readsInput: false }
  let inputFormat = ''
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at]!
    const name = /^[-/\u2013](.+)$/.exec(word)?.[1]?.toLowerCase()
    const known =
      name === undefined ? undefined : OPTIONS.find(([full, least]) => full.startsWith(name) && name.startsWith(least))
    if (known === undefined) {
      // What is no option begins the command.
      if (name !== undefined && name !== '')
        return {
          ...options,
          problem: `${word} : The term '${word}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
        }
      return finish({ ...options, command: argv.slice(at).join(' ') }, inputFormat)
    }
    const [full, , takesValue] = known
    if (!takesValue) continue
    const value = argv[at + 1]
    if (value === undefined) return { ...options, problem: `The ${word} parameter requires an argument.` }
    at += 1
    if (full === 'encodedcommand' || full === 'ec') {
      const command = decode(value)
      if (command === null)
        return {
          ...options,
          problem:
            'Cannot process the command because the value specified with -EncodedCommand is not properly encoded. The value must be Base64 encoded.',
        }
      options.command = command
    } else if (full === 'command') return finish({ ...options, command: argv.slice(at).join(' ') }, inputFormat)
    else if (full === 'file') return finish({ ...options, file: value, arguments: argv.slice(at + 1) }, inputFormat)
    else if (full === 'inputformat' || full === 'if') inputFormat = value.toLowerCase()
  }
  if (options.command === undefined) options.command = '-'
  return finish(options, inputFormat)
}

/** PowerShell reads standard input to its end, unless it is told that nothing comes from there. */
const finish = (options: Options, inputFormat: string): Options => ({
  ...options,
  readsInput: options.command === '-' || (options.file === undefined && inputFormat !== 'none'),
})

function decode(base64: string): string | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) return null
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length % 2 === 0 ? bytes.toString('utf16le') : null
}
