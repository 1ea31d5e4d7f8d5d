/** Commands that are built into cmd. Each gets what follows its name as written, and gives an error level. */
import { binaryNamed } from '../machine/binaries.ts'
import { variable } from '../machine/environment.ts'
import { findProgram } from '../machine/launch.ts'
import { WindowsError } from '../program.ts'
import { splitProgram } from './argv.ts'
import { copy, del, dir, makeFolder, move, removeFolder, rename, type as typeFile } from './file-commands.ts'
import type { ProcessIo } from './io.ts'
import type { Shell } from './shell.ts'

export type Builtin = (shell: Shell, args: string, io: ProcessIo) => Promise<number>

const BAD_SYNTAX = 'The syntax of the command is incorrect.\r\n'

/** `echo text`, `echo.` for an empty line, `echo on` and `echo off` for the state. */
const echo: Builtin = async (shell, args, io) => {
  const state = args.trim().toLowerCase()
  if (state === 'on' || state === 'off') shell.echo = state === 'on'
  else if (args === '') io.stdout(`ECHO is ${shell.echo ? 'on' : 'off'}.\r\n`)
  else io.stdout(`${args.slice(1)}\r\n`)
  return 0
}

const set: Builtin = async (shell, args, io) => {
  const text = args.trim().replace(/^"(.*)"$/, '$1')
  const equals = text.indexOf('=')
  if (equals > 0) {
    const [name, value] = [text.slice(0, equals), text.slice(equals + 1)]
    const known = Object.keys(shell.environment).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name
    if (value === '') delete shell.environment[known]
    else shell.environment[known] = value
    return 0
  }
  const found = Object.keys(shell.environment)
    .filter((name) => name.toLowerCase().startsWith(text.toLowerCase()))
    .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  for (const name of found) io.stdout(`${name}=${shell.environment[name]}\r\n`)
  if (found.length > 0) return 0
  io.stderr(`Environment variable ${text} not defined\r\n`)
  return 1
}

const cd: Builtin = async (shell, args, io) => {
  const text = args.replace(/^\s*\/d\b/i, '').trim()
  if (text === '') {
    io.stdout(`${shell.directory}\r\n`)
    return 0
  }
  const path = shell.resolve(text)
  if (!shell.machine.files.isFolder(path)) {
    io.stderr('The system cannot find the path specified.\r\n')
    return 1
  }
  shell.process.workingDirectory = path
  return 0
}

/** `exit [/b] [code]` */
const exit: Builtin = async (shell, args) => {
  const code = /(-?\d+)\s*$/.exec(args)?.[1]
  shell.exited = code === undefined ? shell.errorLevel : Number(code)
  return shell.exited
}

/** `if [/i] [not] (exist PATH | errorlevel N | defined NAME | A==B) COMMAND [else COMMAND]` */
const conditional: Builtin = async (shell, args, io) => {
  const found =
    /^\s*(\/i\s+)?(not\s+)?(?:exist\s+("[^"]*"|\S+)|errorlevel\s+(\d+)|defined\s+(\S+)|("[^"]*"|\S+?)\s*==\s*("[^"]*"|\S+))\s+(.*)$/i.exec(
      args,
    )
  if (found === null) {
    io.stderr(BAD_SYNTAX)
    return 1
  }
  const [, anyCase, not, path, level, name, left, right, rest] = found
  const fold = (text: string) => (anyCase ? text.toLowerCase() : text)
  const holds =
    path !== undefined
      ? shell.machine.files.find(shell.resolve(path)) !== undefined || shell.machine.files.isFolder(shell.resolve(path))
      : level !== undefined
        ? shell.errorLevel >= Number(level)
        : name !== undefined
          ? variable(shell.environment, name) !== undefined
          : fold(left!) === fold(right!)
  const [, then, otherwise] = /^(?:\((.*?)\)|(.*?))\s*(?:else\s+(.*))?$/i.exec(rest!)
    ? splitElse(rest!)
    : ['', rest!, '']
  const chosen = holds !== (not !== undefined) ? then! : otherwise!
  return chosen === '' ? 0 : shell.line(chosen, io)
}

/** `(a) else (b)`, `a else b`, `a` */
function splitElse(text: string): [string, string, string] {
  const found = /^(\(.*?\)|.*?)\s+else\s+(.*)$/i.exec(text)
  return found ? ['', found[1]!, found[2]!] : ['', text, '']
}

/** `start ["title"] [/b] [/min] [/wait] program …` */
const start: Builtin = async (shell, args, io) => {
  let rest = args.trim()
  if (rest.startsWith('"')) rest = rest.slice(rest.indexOf('"', 1) + 1).trim()
  let wait = false
  for (let option = /^\/(\w+)\s*/.exec(rest); option !== null; option = /^\/(\w+)\s*/.exec(rest)) {
    wait ||= option[1]!.toLowerCase() === 'wait'
    rest = rest.slice(option[0].length)
  }
  const { program } = splitProgram(rest)
  if (findProgram(shell.machine, program, shell.directory) === null) {
    io.stderr(`The system cannot find the file ${program}.\r\n`)
    return 9059
  }
  if (wait) return shell.line(rest, io)
  shell.start(rest, io)
  return 0
}

const version: Builtin = async (_shell, _args, io) => {
  const { version: full } = binaryNamed('Cmd.Exe')
  io.stdout(`\r\nMicrosoft Windows [Version ${full.split(' ')[0]}]\r\n`)
  return 0
}

const volume: Builtin = async (_shell, _args, io) => {
  io.stdout(' Volume in drive C has no label.\r\n Volume Serial Number is 5EED-0001\r\n')
  return 0
}

const path: Builtin = async (shell, _args, io) => {
  io.stdout(`PATH=${variable(shell.environment, 'Path') ?? ''}\r\n`)
  return 0
}

const pause: Builtin = async (_shell, _args, io) => {
  io.stdout('Press any key to continue . . . ')
  await io.stdin.readLine()
  io.stdout('\r\n')
  return 0
}

const nothing: Builtin = async () => 0

/** A file command's failure is a line on stderr and error level 1. */
const orSay =
  (command: Builtin): Builtin =>
  async (shell, args, io) => {
    try {
      return await command(shell, args, io)
    } catch (error) {
      if (!(error instanceof WindowsError)) throw error
      io.stderr(`${error.message}\r\n`)
      return 1
    }
  }

export const builtins: Record<string, Builtin> = {
  echo,
  set,
  cd,
  chdir: cd,
  exit,
  if: conditional,
  start,
  ver: version,
  vol: volume,
  path,
  pause,
  call: (shell, args, io) => shell.line(args.trim(), io),
  rem: nothing,
  cls: nothing,
  title: nothing,
  setlocal: nothing,
  endlocal: nothing,
  type: orSay(typeFile),
  dir: orSay(dir),
  copy: orSay(copy),
  move: orSay(move),
  ren: orSay(rename),
  rename: orSay(rename),
  del: orSay(del),
  erase: orSay(del),
  md: orSay(makeFolder),
  mkdir: orSay(makeFolder),
  rd: orSay(removeFolder),
  rmdir: orSay(removeFolder),
}
