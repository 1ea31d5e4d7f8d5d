/** `System.Diagnostics.Process`: programs with a command line that nobody quotes anew. */
import { type ProgramContext, WindowsError } from '../../program.ts'
import { Unknown } from '../errors.ts'
import { methodFailure } from '../members/method-failure.ts'
import { NetObject, NOTHING, toBoolean, toText, type Value } from '../values.ts'

interface StartInfo {
  fileName: string
  arguments: string
  useShellExecute: boolean
}

export function processStartInfo(args: Value[]): NetObject {
  const info: StartInfo = {
    fileName: toText(args[0] ?? null),
    arguments: toText(args[1] ?? null),
    useShellExecute: true,
  }
  const text = (name: 'fileName' | 'arguments') => ({
    get: () => info[name],
    set: (value: Value) => {
      info[name] = toText(value)
    },
  })
  return new NetObject('System.Diagnostics.ProcessStartInfo', {
    native: info,
    properties: {
      FileName: text('fileName'),
      Arguments: text('arguments'),
      UseShellExecute: {
        get: () => info.useShellExecute,
        set: (value) => {
          info.useShellExecute = toBoolean(value)
        },
      },
    },
  })
}

/** Starts a program with this process's standard streams. */
export async function startProcess(context: ProgramContext, args: Value[]): Promise<Value> {
  const given = args[0]
  const info =
    given instanceof NetObject
      ? (given.native as StartInfo)
      : { fileName: toText(given ?? null), arguments: toText(args[1] ?? null), useShellExecute: false }
  if (info.useShellExecute) throw new Unknown('programs that the Windows shell starts (UseShellExecute)')
  const name = /\s/.test(info.fileName) ? `"${info.fileName}"` : info.fileName
  let exitCode: number
  try {
    exitCode = (await context.spawn(`${name} ${info.arguments}`.trimEnd())) | 0
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error
    throw methodFailure('Start', args, 'System.ComponentModel.Win32Exception', error.message, -2147467259)
  }
  return new NetObject('System.Diagnostics.Process', {
    properties: { ExitCode: { get: () => exitCode }, HasExited: { get: () => true } },
    methods: { WaitForExit: () => NOTHING, Dispose: () => NOTHING, Close: () => NOTHING },
  })
}
