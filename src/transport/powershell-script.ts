/**
 * How a PowerShell script reaches a host. Its parameters travel as data (base64 of JSON) and are read as
 * `$Parameters.name`, so no quoting rule can break them and none of them can become script.
 */

/** cmd takes command lines of 8191 characters, whichever shell starts it; some are left for the shell's own call. */
const LONGEST_COMMAND_LINE = 8_000

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')

/** An expression that gives `text` in PowerShell, whatever is in it. */
export const quoted = (text: string) =>
  `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(text)}'))`

/**
 * The script with its parameters. Its exit code is the script's own `exit n`, else that of the last native program, else
 * 1 when it threw or its last command failed, as `powershell -Command` has it, else 0. What throws in a block with
 * `$ErrorActionPreference = 'Stop'` ends that block only, so `$?` is asked after it. The preference itself stays as it is;
 * progress is off, because Windows PowerShell writes it to stderr as CLIXML.
 */
export function wrapScript(script: string, parameters: Record<string, string> = {}): string {
  return `$ProgressPreference = 'SilentlyContinue'
$Parameters = ${quoted(JSON.stringify(parameters))} | ConvertFrom-Json
& {
${script}
}
if (-not $? -and -not $LASTEXITCODE) { exit 1 }
exit $LASTEXITCODE
`
}

/**
 * A script that has cmd run `command` byte for byte, with this process's standard streams and cmd's exit code.
 * PowerShell's own way of calling programs changes quotes, and does so differently from version to version.
 */
export function wrapCmd(command: string): string {
  return `$ProgressPreference = 'SilentlyContinue'
$start = New-Object Diagnostics.ProcessStartInfo
$start.FileName = 'cmd.exe'
$start.Arguments = '/d /s /c "' + ${quoted(command)} + '"'
$start.UseShellExecute = $false
$process = [Diagnostics.Process]::Start($start)
$process.WaitForExit()
exit $process.ExitCode
`
}

/** Reads a script that is too long for a command line from the first line of standard input; the other lines are its `$input`. */
const READ_SCRIPT_FROM_INPUT = `$lines = @($input)
$script = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($lines[0]))
$lines | Select-Object -Skip 1 | & ([ScriptBlock]::Create($script))
exit $LASTEXITCODE
`

/** A command line and what goes to its standard input. */
export interface Invocation {
  line: string
  stdin: string
}

const encodedArguments = (script: string, inputFormat: 'None' | 'Text') =>
  `-NoProfile -NonInteractive -InputFormat ${inputFormat} -EncodedCommand ${Buffer.from(script, 'utf16le').toString('base64')}`

/**
 * PowerShell's arguments for a wrapped script: on the command line where it fits, else over standard input. With the
 * script on the command line PowerShell leaves standard input to the programs that the script starts.
 */
export function scriptArguments(script: string, stdin = ''): { arguments: string; stdin: string } {
  const short = encodedArguments(script, 'None')
  if (short.length <= LONGEST_COMMAND_LINE) return { arguments: short, stdin }
  return { arguments: encodedArguments(READ_SCRIPT_FROM_INPUT, 'Text'), stdin: `${base64(script)}\n${stdin}` }
}

/** The command line that runs a wrapped script. */
export function invokeScript(script: string, stdin = '', executable = 'powershell.exe'): Invocation {
  const { arguments: rest, stdin: input } = scriptArguments(script, stdin)
  return { line: `${executable} ${rest}`, stdin: input }
}

/**
 * The same for a host whose default shell is PowerShell. That one would read standard input itself and give any failure as
 * exit code 1, so it is told to hand over the one and the other.
 */
export function throughPowerShell({ line, stdin }: Invocation): Invocation {
  return { line: `$OutputEncoding = [Console]::OutputEncoding; $input | ${line}; exit $LASTEXITCODE`, stdin }
}
