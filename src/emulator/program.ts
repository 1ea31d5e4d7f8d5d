/** What a program on an emulated host sees of its machine. schtasks, cmd and PowerShell are written against this. */
import type { TaskDefinition } from './tasks/definition.ts'

/** An error as Windows reports it: an HRESULT as an unsigned 32-bit number, and its text. */
export class WindowsError extends Error {
  override name = 'WindowsError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code >>> 0
  }
}

export interface Credentials {
  user: string
  domain?: string
  password: string
}

/** How a client reaches another host's Task Scheduler. */
export interface TaskServiceAddress {
  /** Any name or address of the host; absent, empty or the own name: this host, without a network leg. */
  host?: string
  credentials?: Credentials
  /** `tcp`: ITaskSchedulerService over a dynamic TCP port, as Windows does. `pipe`: over \PIPE\atsvc on port 445. */
  over?: 'tcp' | 'pipe'
  /** A source port of the client's choice, for tools that bind one. */
  sourcePort?: number
  /** `raw`: a client with a protocol library of its own; absent: one that loads Windows' taskschd.dll. */
  client?: 'raw'
}

export interface RegisteredTask {
  /** Path with its leading backslash. */
  path: string
  definition: TaskDefinition
  state: 'Ready' | 'Running' | 'Disabled' | 'Queued'
  /** Lab milliseconds; null when it never ran. */
  lastRun: number | null
  /** HRESULT; 267011 when it never ran. */
  lastResult: number
  nextRun: number | null
  xml: string
}

/**
 * A connection to a host's Task Scheduler. Every call does on that host what the real call does, with all it leaves
 * there, and throws `WindowsError` as the real one fails.
 */
export interface TaskService {
  /** `as`: the account and password that the task runs under, where the caller gives them. */
  register(
    path: string,
    definition: TaskDefinition,
    how: 'create' | 'update' | 'create-or-update',
    as?: { user?: string; password?: string },
  ): Promise<RegisteredTask>
  /** `last-run`: only when it last ran, as clients ask that wait for its end. */
  get(path: string, only?: 'last-run'): Promise<RegisteredTask>
  /** All tasks below a folder, `\` for the root. */
  list(folder: string): Promise<RegisteredTask[]>
  delete(path: string): Promise<void>
  run(path: string): Promise<void>
  stop(path: string): Promise<void>
  setEnabled(path: string, enabled: boolean): Promise<void>
}

/** One row of the process table. */
export interface ProcessEntry {
  pid: number
  parentPid: number
  /** File name of the image, such as `cmd.exe`. */
  name: string
  commandLine: string
  /** Milliseconds since 1970 on the host's clock. */
  startedAt: number
}

/** The world of one running process on an emulated host. */
export interface ProgramContext {
  /** Arguments as the program parses them from its command line, program name left out. */
  argv: string[]
  commandLine: string
  hostName: string
  user: { name: string; domain: string; sid: string; elevated: boolean; canDelegate: boolean }
  environment: Record<string, string>
  stdout(text: string): void
  stderr(text: string): void
  /** One line of standard input without its line end; null at the end of the input. */
  readLine(): Promise<string | null>
  /** The host's own clock: milliseconds since 1970, UTC, skew included. */
  now(): number
  /** Minutes east of UTC. */
  timeZoneMinutes: number
  /** Aborts when the process is killed. */
  signal: AbortSignal
  /** Lab time passes; ends early when the process is killed. */
  sleep(ms: number): Promise<void>
  connectTasks(address: TaskServiceAddress): Promise<TaskService>
  /** A process on another host, as WinRM (`wsman`) or DCOM starts one for a CIM session: the tasks it reaches are local there. */
  connectCim(
    host: string | undefined,
    protocol: 'wsman' | 'dcom',
    credentials?: Credentials,
  ): Promise<{ tasks: TaskService; hostName: string }>
  /** The provider host process (WmiPrvSE) that the ScheduledTasks module calls on this host. */
  localCim(): Promise<{ tasks: TaskService; hostName: string }>
  /** Runs a child process and waits for it; its streams are those given, else this process's. Gives the exit code, unsigned 32-bit. */
  spawn(commandLine: string, streams?: Partial<Pick<ProgramContext, 'stdout' | 'stderr' | 'readLine'>>): Promise<number>
  /** A text file of this host; throws `WindowsError` 0x80070002 when there is none. */
  readFile(path: string): Promise<Buffer>
  writeFile(path: string, content: Buffer): Promise<void>
  fileExists(path: string): boolean
  removeFile(path: string): Promise<void>
  /** A copy keeps what the file is: a copied program runs under its new name. */
  copyFile?(from: string, to: string): Promise<void>
  /** The process itself. */
  pid?: number
  /** What runs on this host, by process id. */
  processes?(): ProcessEntry[]
}

/** A program: gets its context, gives its exit code (any 32-bit number). */
export type Program = (context: ProgramContext) => Promise<number>
