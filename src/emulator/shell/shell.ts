/** Runs cmd command lines in one cmd process. */

import { expandVariables } from '../machine/environment.ts'
import { FileSystem } from '../machine/files.ts'
import { findProgram } from '../machine/launch.ts'
import type { Machine } from '../machine/machine.ts'
import type { HostProcess } from '../machine/process.ts'
import { WindowsError } from '../program.ts'
import { writeFile } from '../programs/context.ts'
import { splitProgram } from './argv.ts'
import { type Builtin, builtins } from './builtins.ts'
import { ConsoleText } from './code-page.ts'
import { crlf, LineReader, type ProcessIo } from './io.ts'
import { type Command, parseCommand, type Redirect, SyntaxMistake } from './parse.ts'

/** Characters that cmd takes in one line. */
const LONGEST_LINE = 8_191

export class Shell {
  readonly machine: Machine
  readonly process: HostProcess
  readonly environment: Record<string, string>
  /** Set once `exit` ran. */
  exited: number | null = null
  errorLevel = 0
  echo = true
  #unknownVariables: 'keep' | 'drop' = 'keep'

  constructor(machine: Machine, process: HostProcess, environment: Record<string, string>) {
    this.machine = machine
    this.process = process
    this.environment = environment
  }

  get directory(): string {
    return this.process.workingDirectory.replace(/(?<!:)\\$/, '')
  }

  resolve(path: string): string {
    return FileSystem.resolve(path.replaceAll('"', '').trim(), this.directory)
  }

  /** Runs one line; gives its exit code. */
  async line(text: string, io: ProcessIo): Promise<number> {
    if (text.length > LONGEST_LINE) {
      io.stderr('The command line is too long.\r\n')
      this.errorLevel = 1
      return 1
    }
    try {
      const command = parseCommand(this.expand(text))
      this.errorLevel = await this.run(command, io)
    } catch (error) {
      if (!(error instanceof SyntaxMistake)) throw error
      io.stderr(crlf(`${error.message}\n`))
      this.errorLevel = 1
    }
    return this.errorLevel
  }

  /** Runs the lines of a batch file, its arguments as %1 and so on. */
  async batch(text: string, args: string[], io: ProcessIo): Promise<number> {
    this.#unknownVariables = 'drop'
    for (const raw of text.split(/\r?\n/)) {
      const line = raw.trimStart().replace(/^@/, '')
      if (line.trim() === '' || line.startsWith(':')) continue
      const filled = line
        .replaceAll('%*', args.join(' '))
        .replace(/%(\d)/g, (_, digit) => args[Number(digit) - 1] ?? '')
      await this.line(filled, io)
      if (this.exited !== null) return this.exited
    }
    return this.errorLevel
  }

  expand(text: string): string {
    const local = new Date(this.machine.localTime(this.machine.clock.now()))
    const dynamic: Record<string, string> = {
      ERRORLEVEL: String(this.errorLevel | 0),
      CD: this.directory,
      DATE: local.toISOString().slice(0, 10),
      TIME: local.toISOString().slice(11, 22),
      RANDOM: String(Math.floor(Math.random() * 32_768)),
    }
    return expandVariables(text, { ...dynamic, ...this.environment }, this.#unknownVariables)
  }

  async run(command: Command, io: ProcessIo): Promise<number> {
    if (this.exited !== null) return this.exited
    switch (command.kind) {
      case 'nothing':
        return this.errorLevel
      case 'simple':
        return this.#redirected(command.redirects, io, (inner) => this.#simple(command.text, inner))
      case 'group':
        return this.#redirected(command.redirects, io, (inner) => this.run(command.body, inner))
      case 'pipe':
        return this.#pipe(command.left, command.right, io)
      default: {
        this.errorLevel = await this.run(command.left, io)
        const goesOn =
          command.kind === 'sequence' || (command.kind === 'and' ? this.errorLevel === 0 : this.errorLevel !== 0)
        return goesOn ? await this.run(command.right, io) : this.errorLevel
      }
    }
  }

  /** The left side runs to its end, then the right side reads what it wrote. */
  async #pipe(left: Command, right: Command, io: ProcessIo): Promise<number> {
    let text = ''
    const captured: ProcessIo = {
      ...io,
      stdout: (piece) => {
        text += piece
      },
    }
    await this.#side(left, captured)
    return this.#side(right, { ...io, stdin: LineReader.of(text) })
  }

  /** A side of a pipe that is built into cmd runs in a cmd of its own. */
  async #side(command: Command, io: ProcessIo): Promise<number> {
    if (command.kind !== 'simple' || builtinOf(command.text) === null) return this.run(command, io)
    const text = `C:\\Windows\\system32\\cmd.exe  /S /D /c" ${command.text} "`
    const child = this.machine.launch(text, {
      ...this.#childOptions(io),
      program: (_context, machine, process) => new Shell(machine, process, { ...this.environment }).run(command, io),
    })
    const exitCode = await child.done
    this.process.timeline.join(child.process.timeline)
    return exitCode
  }

  #childOptions(io: ProcessIo) {
    return {
      session: this.process.session,
      parent: this.process,
      timeline: this.process.timeline.fork(),
      workingDirectory: this.process.workingDirectory,
      environment: this.environment,
      io,
      awaited: true,
    }
  }

  async #simple(text: string, io: ProcessIo): Promise<number> {
    const builtin = builtinOf(text)
    if (builtin !== null) return builtin.run(this, builtin.args, io)
    if (text.trim() === '') return 0
    return this.#program(text, io)
  }

  async #program(text: string, io: ProcessIo): Promise<number> {
    const { name, args } = programOf(text)
    if (findProgram(this.machine, name.replaceAll('"', ''), this.directory, this.environment.Path) === null) {
      io.stderr(
        `'${name}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n`,
      )
      return 1
    }
    // cmd puts a blank of its own between the name and the rest, which begins with the blank that was typed.
    const child = this.machine.launch(`${name} ${args}`, this.#childOptions(io))
    if (child.process.binary.graphical) return 0
    const exitCode = await child.done
    this.process.timeline.join(child.process.timeline)
    return exitCode
  }

  /** Starts a program and does not wait for it. */
  start(commandLine: string, io: ProcessIo): void {
    const child = this.machine.launch(commandLine, { ...this.#childOptions(io), awaited: false })
    child.done.catch(() => {})
  }

  async #redirected(redirects: Redirect[], io: ProcessIo, work: (io: ProcessIo) => Promise<number>): Promise<number> {
    const inner = { ...io }
    const written: { path: string; append: boolean; text: string }[] = []
    for (const redirect of redirects) {
      if (redirect.kind === 'stream') {
        const target = redirect.to === 1 ? inner.stdout : inner.stderr
        if (redirect.stream === 1) inner.stdout = target
        else inner.stderr = target
        continue
      }
      const isNul = /^nul:?$/i.test(redirect.path)
      if (redirect.stream === 0) {
        const file = isNul ? undefined : this.machine.files.find(this.resolve(redirect.path))
        if (!isNul && file === undefined) {
          io.stderr('The system cannot find the file specified.\r\n')
          return 1
        }
        inner.stdin = LineReader.of(file === undefined ? '' : this.decode(file.content))
        continue
      }
      const output = { path: this.resolve(redirect.path), append: redirect.append, text: '' }
      if (!isNul) written.push(output)
      const sink = (text: string) => {
        output.text += text
      }
      if (redirect.stream === 1) inner.stdout = sink
      else inner.stderr = sink
    }
    const exitCode = await work(inner)
    for (const { path, append, text } of written) {
      const before = append ? (this.machine.files.find(path)?.content ?? Buffer.alloc(0)) : Buffer.alloc(0)
      try {
        writeFile(this.machine, this.process, path, Buffer.concat([before, this.encode(text)]))
      } catch (error) {
        if (!(error instanceof WindowsError)) throw error
        io.stderr(`${error.message}\r\n`)
        return 1
      }
    }
    return exitCode
  }

  encode(text: string): Buffer {
    return new ConsoleText(this.machine.config.codePage).encode(text)
  }

  decode(bytes: Buffer): string {
    return new ConsoleText(this.machine.config.codePage).decode(bytes)
  }
}

/** The built-in command that a text calls, with what follows its name as written. */
function builtinOf(text: string): { run: Builtin; args: string } | null {
  const found = /^([a-z]+)(?=$|[\s,;=/.:\\("+])/i.exec(text)
  const name = found?.[1]?.toLowerCase()
  const run = name === undefined || !Object.hasOwn(builtins, name) ? undefined : builtins[name]
  return run === undefined ? null : { run, args: text.slice(name!.length) }
}

/** A switch may follow a program's name without a blank between. */
function programOf(text: string): { name: string; args: string } {
  if (text.startsWith('"')) {
    const { program, rest } = splitProgram(text)
    return { name: `"${program}"`, args: rest }
  }
  const end = text.search(/[\s,;=]|(?<=[^:\\/.])\/(?=[a-z?]+(\s|$))/i)
  return end === -1 ? { name: text, args: '' } : { name: text.slice(0, end), args: text.slice(end) }
}
