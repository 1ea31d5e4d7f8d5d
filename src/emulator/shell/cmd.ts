/** cmd.exe: `/c` and `/k` with a command, batch files, or commands from standard input. */
import { binaryNamed } from '../machine/binaries.ts'
import { findProgram } from '../machine/launch.ts'
import type { SystemProgram } from '../programs/context.ts'
import { splitProgram } from './argv.ts'
import type { ProcessIo } from './io.ts'
import { Shell } from './shell.ts'

export const cmd: SystemProgram = async (context, machine, process) => {
  const shell = new Shell(machine, process, context.environment)
  const io: ProcessIo = { stdin: { readLine: context.readLine }, stdout: context.stdout, stderr: context.stderr }
  const { rest } = splitProgram(context.commandLine)
  const found = /^((?:\s*\/[a-z](?::\w+)?)*?)\s*\/([ckr])/i.exec(rest)
  if (found === null) return interactive(shell, io)
  const command = unquote(rest.slice(found[0].length), /\/s\b/i.test(found[1]!), shell)
  const batch = batchFile(shell, command)
  const exitCode = batch === null ? await shell.line(command, io) : await shell.batch(batch.text, batch.args, io)
  if (found[2]!.toLowerCase() === 'k' && shell.exited === null) return interactive(shell, io)
  return shell.exited ?? exitCode
}

/**
 * cmd takes the outer quotes off what follows `/c`, unless exactly one pair stands there, with no special character
 * and some white space between, and what it holds is a program.
 */
function unquote(text: string, always: boolean, shell: Shell): string {
  const command = text.trim()
  if (!command.startsWith('"')) return command
  const inner = command.slice(1, command.lastIndexOf('"'))
  const onePair = (command.match(/"/g) ?? []).length === 2
  const keep =
    !always &&
    onePair &&
    !/[&<>()@^|]/.test(inner) &&
    /\s/.test(inner) &&
    findProgram(shell.machine, inner, shell.directory) !== null
  const end = command.lastIndexOf('"')
  return keep || end === 0 ? command : command.slice(1, end) + command.slice(end + 1)
}

function batchFile(shell: Shell, command: string): { text: string; args: string[] } | null {
  const { program: name, rest } = splitProgram(command)
  if (!/\.(bat|cmd)$/i.test(name)) return null
  const file = findProgram(shell.machine, name, shell.directory)
  // A batch file gets its arguments with their quotes.
  const args = rest.match(/"[^"]*"|[^\s,;=]+/g) ?? []
  return file === null ? null : { text: shell.decode(file.content), args }
}

/** Reads commands until the input ends, with banner and prompt, as the real one does without a terminal too. */
async function interactive(shell: Shell, io: ProcessIo): Promise<number> {
  const version = binaryNamed('Cmd.Exe').version.split(' ')[0]
  io.stdout(`Microsoft Windows [Version ${version}]\r\n(c) Microsoft Corporation. All rights reserved.\r\n`)
  for (;;) {
    io.stdout(`\r\n${shell.directory}>`)
    const line = await io.stdin.readLine()
    if (line === null) return shell.errorLevel
    io.stdout(`${line}\r\n`)
    await shell.line(line, io)
    if (shell.exited !== null) return shell.exited
  }
}
