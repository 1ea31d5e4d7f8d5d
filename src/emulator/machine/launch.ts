/** Starting a process: find its image, tell that it runs, run it, tell that it ended. */
import { type ProgramContext, WindowsError } from '../program.ts'
import { createContext, type SystemProgram } from '../programs/context.ts'
import { splitProgram } from '../shell/argv.ts'
import type { ProcessIo } from '../shell/io.ts'
import type { LogonSession } from './accounts.ts'
import { PYTHON_TOOLS } from './binaries.ts'
import { variable } from './environment.ts'
import { type File, FileSystem } from './files.ts'
import type { Machine } from './machine.ts'
import { baseName, type HostProcess } from './process.ts'
import type { Timeline } from './timeline.ts'
import { untilKilled } from './until-killed.ts'

export interface LaunchOptions {
  session: LogonSession
  parent: HostProcess
  timeline: Timeline
  workingDirectory: string
  io: ProcessIo
  environment?: Record<string, string>
  /** The parent does nothing but wait for it: both count as one for the clock. */
  awaited?: boolean
  /** Runs in place of the image's own program. */
  program?: SystemProgram
}

export interface Launched {
  process: HostProcess
  /** The exit code, unsigned 32-bit. */
  done: Promise<number>
}

const PYTHON = 'C:\\Program Files\\Python312\\python.exe'

/** The executable file that a name means: as given, in the working directory, then along the path, each with each extension. */
export function findProgram(machine: Machine, name: string, workingDirectory: string, path?: string): File | null {
  const last = baseName(name.replaceAll('/', '\\'))
  const extensions = ['', ...(variable(machine.environment, 'PATHEXT') ?? '').split(';')].filter((extension) =>
    machine.files.hasName(last + extension),
  )
  if (extensions.length === 0) return null
  const folders = /[\\/:]/.test(name)
    ? [workingDirectory]
    : [workingDirectory, ...(path ?? variable(machine.environment, 'Path') ?? '').split(';')]
  for (const folder of folders) {
    for (const extension of extensions) {
      const file = machine.files.find(FileSystem.resolve(name + extension, folder))
      if (file !== undefined && isExecutable(file)) return file
    }
  }
  return null
}

const isExecutable = (file: File): boolean => file.binary !== undefined || /\.(bat|cmd|py)$/i.test(file.path)

export function launch(machine: Machine, commandLine: string, options: LaunchOptions): Launched {
  const { program: named } = splitProgram(commandLine)
  const file = findProgram(machine, named, options.workingDirectory, options.environment?.Path)
  if (file === null) throw new WindowsError(0x80070002, 'The system cannot find the file specified.')
  const { image, text } = interpreterOf(file, commandLine)
  const executable = machine.files.read(image)
  const program = options.program ?? programOf(machine, executable, text)
  const process = start(machine, executable, text, options)
  return { process, done: run(machine, process, program, options) }
}

/** Batch files run in cmd, scripts in Python; programs are themselves. */
function interpreterOf(file: File, commandLine: string): { image: string; text: string } {
  const { rest } = splitProgram(commandLine)
  if (/\.(bat|cmd)$/i.test(file.path)) {
    return {
      image: 'C:\\Windows\\System32\\cmd.exe',
      text: `C:\\Windows\\system32\\cmd.exe /c ""${file.path}"${rest}"`,
    }
  }
  if (/\.py$/i.test(file.path)) return { image: PYTHON, text: `"${PYTHON}" "${file.path}"${rest}` }
  return { image: file.path, text: commandLine }
}

function programOf(machine: Machine, { binary }: File, commandLine: string): SystemProgram {
  const name = (binary?.originalName ?? '').toLowerCase()
  if (name === 'python.exe') {
    const script = PYTHON_TOOLS.find((tool) => commandLine.toLowerCase().includes(`\\${tool}"`))
    return machine.programs.get(script ?? name) ?? absent
  }
  // A program with windows stays until somebody ends it.
  if (binary?.graphical) return untilKilled
  return machine.programs.get(name) ?? absent
}

/** A file that is there and cannot be run here: `ERROR_BAD_EXE_FORMAT`. */
const absent: SystemProgram = async () => 193

function start(machine: Machine, { path, binary }: File, commandLine: string, options: LaunchOptions): HostProcess {
  const startedAt = options.timeline.step(1)
  const process: HostProcess = {
    pid: machine.processes.nextPid(),
    guid: machine.processes.guidFor(machine.hostTime(startedAt)),
    image: path,
    binary: binary!,
    commandLine,
    workingDirectory: options.workingDirectory,
    session: options.session,
    parent: options.parent,
    timeline: options.timeline,
    startedAt,
    endedAt: null,
    killer: new AbortController(),
    closers: [],
  }
  machine.processes.add(process)
  machine.report({ kind: 'process-started', at: startedAt, process })
  return process
}

async function run(
  machine: Machine,
  process: HostProcess,
  program: SystemProgram,
  options: LaunchOptions,
): Promise<number> {
  const { signal } = process.killer
  const killed = new Promise<number>((resolve) =>
    signal.addEventListener('abort', () => resolve(Number(signal.reason)), { once: true }),
  )
  const context = createContext(machine, process, options)
  const work = () => Promise.race([guarded(program, context, machine, process), killed])
  // Programs with windows may stay for days; nobody waits for them, and neither does the clock.
  const free = options.awaited === true || process.binary.graphical === true
  const exitCode = (await (free ? work() : machine.clock.busy(work))) >>> 0
  end(machine, process, exitCode)
  return exitCode
}

/** Exit code of a program that ended by an exception nobody caught. */
const UNHANDLED_EXCEPTION = 0xe0434352

/** A program's own mistake ends that program, not the lab. */
async function guarded(
  program: SystemProgram,
  context: ProgramContext,
  machine: Machine,
  process: HostProcess,
): Promise<number> {
  try {
    return await program(context, machine, process)
  } catch (error) {
    const exitCode = error instanceof WindowsError ? error.code : UNHANDLED_EXCEPTION
    context.stderr(`${baseName(process.image)}: ${error instanceof Error ? error.message : String(error)}\n`)
    return exitCode
  }
}

function end(machine: Machine, process: HostProcess, exitCode: number): void {
  for (const close of process.closers.splice(0)) close()
  process.endedAt = process.timeline.step()
  machine.processes.remove(process)
  machine.report({ kind: 'process-ended', at: process.endedAt, process, exitCode })
}
