/** The command line: one file a command. Only this room touches `process`. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { type CommandEntry, commands } from './commands.ts'
import { type Io, UsageError } from './io.ts'
import { terminalText } from './printable.ts'

/** The package's folder, two above the compiled `dist/src/cli`. */
const home = fileURLToPath(new URL('../../../', import.meta.url))

/** Begins what takes a while before it is of use to the command that is asked for. What fails here is begun again, and reported, later. */
export async function begin(argv: string[]): Promise<void> {
  try {
    await entryFor(argv)?.begin?.(argv.slice(3))
  } catch {}
}

export async function main(argv: string[]): Promise<void> {
  const io = processIo()
  try {
    await programFor(argv, io).then((program) => program.parseAsync(argv))
  } catch (error) {
    io.setExitCode(report(error, io))
  }
}

function entryFor(argv: string[]): CommandEntry | undefined {
  const asked = argv.slice(2).find((word) => !word.startsWith('-'))
  return commands.find(({ name }) => name === asked)
}

/** The program with the one command that was asked for, or with the names of all when none was. */
async function programFor(argv: string[], io: Io): Promise<Command> {
  const program = new Command('tocsin')
    .description(
      'Runs the unit tests that detections carry on lab hosts and says which analytic fired, which did not, and at which stage the trace broke.',
    )
    .version(io.version)
    .showSuggestionAfterError()
    .showHelpAfterError(hint('tocsin', 'commands'))
    .exitOverride()
    .addHelpText('after', '\nExample:\n  tocsin run            the shipped scenarios on the embedded lab')
  const entry = entryFor(argv)
  if (entry !== undefined) (await entry.load()).register(program, io)
  else for (const { name, summary } of commands) program.command(name).summary(summary).description(summary)
  for (const command of program.commands) inherit(command)
  return program
}

/** Sub-commands throw as the program does; commander copies the setting only for commands made before it. */
function inherit(command: Command, path = 'tocsin'): void {
  const named = `${path} ${command.name()}`
  const lists = command.commands.length > 0 ? 'commands' : 'options'
  command.exitOverride().showSuggestionAfterError().showHelpAfterError(hint(named, lists))
  for (const sub of command.commands) inherit(sub, named)
}

const hint = (path: string, lists: string): string => `(${path} --help lists the ${lists})`

/** Says what went wrong, in the user's words, and gives the exit code. */
function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    // Commander has printed it: help and version are no mistakes.
    return error.exitCode === 0 ? 0 : 2
  }
  const message = error instanceof Error ? error.message : String(error)
  const shown = terminalText(message.trimEnd(), io.colour)
  if (error instanceof UsageError) io.stderr.write(`${shown}\n`)
  else {
    io.stderr.write(`tocsin: this should not have happened: ${shown}\n`)
    if (io.env.TOCSIN_DEBUG && error instanceof Error) io.stderr.write(`${error.stack}\n`)
    else io.stderr.write('Set TOCSIN_DEBUG=1 to see where.\n')
  }
  return 2
}

const takesColour = (stream: NodeJS.WriteStream): boolean => stream.isTTY === true && !process.env.NO_COLOR

function processIo(): Io {
  const { version } = JSON.parse(readFileSync(`${home}package.json`, 'utf8')) as { version: string }
  // A reader that closed the pipe (`| head`) is no error of ours, and must not end a run that has hosts to clean up.
  let lost = false
  process.stderr.on('error', () => {})
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || lost) return
    lost = true
    process.stderr.write(`standard output could not be written: ${message}\n`)
    process.exitCode ||= 3
  })
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    // To ask for it takes as long as to parse the arguments.
    get stdin() {
      return process.stdin
    },
    env: process.env,
    cwd: process.cwd(),
    home,
    version,
    colour: takesColour(process.stderr),
    colourOut: takesColour(process.stdout),
    setExitCode: (code) => {
      process.exitCode = lost ? code || 3 : code
    },
    onInterrupt: (callback) => {
      process.on('SIGINT', callback)
      process.on('SIGTERM', callback)
      return () => {
        process.off('SIGINT', callback)
        process.off('SIGTERM', callback)
      }
    },
  }
}
