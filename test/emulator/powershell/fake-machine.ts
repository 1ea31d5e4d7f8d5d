/** A machine in memory, as much of it as a program sees: a task store, files, programs that only say their command line. */

import { powershell } from '../../../src/emulator/powershell/powershell.ts'
import {
  type Credentials,
  type ProgramContext,
  type RegisteredTask,
  type TaskService,
  type TaskServiceAddress,
  WindowsError,
} from '../../../src/emulator/program.ts'
import type { TaskDefinition } from '../../../src/emulator/tasks/definition.ts'

const NOW = Date.UTC(2026, 0, 15, 12, 30, 5)

const NOT_FOUND = () => new WindowsError(0x80070002, 'The system cannot find the file specified.')
const EXISTS = () => new WindowsError(0x800700b7, 'Cannot create a file when that file already exists.')

export class FakeMachine {
  readonly tasks = new Map<string, RegisteredTask>()
  readonly files = new Map<string, Buffer>()
  /** How it was reached: `local`, `cim`, or an address. */
  readonly connections: (string | TaskServiceAddress)[] = []
  readonly cimSessions: { host: string | undefined; protocol: string; credentials: Credentials | undefined }[] = []
  /** Accounts that registrations named. */
  readonly accounts: ({ user?: string; password?: string } | undefined)[] = []
  /** Programs by name: what they print and their exit code. Others are not found. */
  programs: Record<
    string,
    (commandLine: string, input: string[]) => { stdout?: string; stderr?: string; exitCode?: number }
  > = {}
  spawned: string[] = []
  slept = 0
  timeZoneMinutes = 60

  add(path: string, definition: TaskDefinition): RegisteredTask {
    const task: RegisteredTask = {
      path,
      definition,
      state: 'Ready',
      lastRun: null,
      lastResult: 267_011,
      nextRun: null,
      xml: `<Task>${path}</Task>`,
    }
    this.tasks.set(path.toLowerCase(), task)
    return task
  }

  service(): TaskService {
    const get = (path: string) => {
      const task = this.tasks.get(path.toLowerCase())
      if (task === undefined) throw NOT_FOUND()
      return task
    }
    return {
      register: async (path, definition, how, as) => {
        const exists = this.tasks.has(path.toLowerCase())
        if (exists && how === 'create') throw EXISTS()
        if (!exists && how === 'update') throw NOT_FOUND()
        this.accounts.push(as)
        return this.add(path, definition)
      },
      get: async (path) => get(path),
      list: async (folder) => [...this.tasks.values()].filter(({ path }) => path.startsWith(folder)),
      delete: async (path) => {
        get(path)
        this.tasks.delete(path.toLowerCase())
      },
      run: async (path) => {
        get(path).state = 'Running'
      },
      stop: async (path) => {
        get(path).state = 'Ready'
      },
      setEnabled: async (path, enabled) => {
        get(path).state = enabled ? 'Ready' : 'Disabled'
      },
    }
  }

  /** Runs PowerShell as `powershell.exe` with these arguments. */
  async run(argv: string[], input: string[] = []): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    let stdout = ''
    let stderr = ''
    const lines = [...input]
    const context: ProgramContext = {
      argv,
      commandLine: `powershell.exe ${argv.join(' ')}`,
      hostName: 'ws1',
      user: { name: 'operator', domain: 'LAB', sid: 'S-1-5-21-1', elevated: true, canDelegate: true },
      environment: { COMPUTERNAME: 'WS1', TEMP: 'C:\\Temp' },
      stdout: (text) => {
        stdout += text
      },
      stderr: (text) => {
        stderr += text
      },
      readLine: async () => lines.shift() ?? null,
      now: () => NOW + this.slept,
      timeZoneMinutes: this.timeZoneMinutes,
      signal: new AbortController().signal,
      sleep: async (ms) => {
        this.slept += ms
      },
      connectTasks: async (address) => {
        this.connections.push(address.host === undefined ? 'local' : address)
        if (address.host === 'unknown') throw new WindowsError(0x80070035, 'The network path was not found.')
        return this.service()
      },
      connectCim: async (host, protocol, credentials) => {
        this.cimSessions.push({ host, protocol, credentials })
        if (credentials?.password === 'wrong') throw new WindowsError(0x80070005, 'Access is denied.')
        return { tasks: this.service(), hostName: host ?? 'ws1' }
      },
      localCim: async () => {
        this.connections.push('cim')
        return { tasks: this.service(), hostName: 'ws1' }
      },
      spawn: async (commandLine, streams) => {
        this.spawned.push(commandLine)
        const name = /^"?([^"\s]+)/
          .exec(commandLine)![1]!
          .toLowerCase()
          .replace(/\.exe$/, '')
        const program = this.programs[name]
        if (program === undefined) throw NOT_FOUND()
        const given: string[] = []
        if (streams?.readLine !== undefined) {
          for (let line = await streams.readLine(); line !== null; line = await streams.readLine()) given.push(line)
        }
        const result = program(commandLine, given)
        if (result.stdout !== undefined) (streams?.stdout ?? context.stdout)(result.stdout)
        if (result.stderr !== undefined) (streams?.stderr ?? context.stderr)(result.stderr)
        return (result.exitCode ?? 0) >>> 0
      },
      readFile: async (path) => {
        const content = this.files.get(path.toLowerCase())
        if (content === undefined) throw NOT_FOUND()
        return content
      },
      writeFile: async (path, content) => {
        this.files.set(path.toLowerCase(), content)
      },
      fileExists: (path) => this.files.has(path.toLowerCase()),
      removeFile: async (path) => {
        this.files.delete(path.toLowerCase())
      },
      copyFile: async (from, to) => {
        this.files.set(to.toLowerCase(), this.files.get(from.toLowerCase())!)
      },
    }
    return { exitCode: (await powershell(context)) | 0, stdout, stderr }
  }

  /** Runs a script as `-EncodedCommand`. */
  script(text: string, input: string[] = []) {
    return this.run(
      ['-NoProfile', '-NonInteractive', '-EncodedCommand', Buffer.from(text, 'utf16le').toString('base64')],
      input,
    )
  }
}

/** A definition with one action and no trigger. */
export const plainDefinition = (command = 'cmd.exe'): TaskDefinition => ({
  registrationInfo: {},
  triggers: [],
  principal: { userId: 'S-1-5-18', logonType: 'ServiceAccount', runLevel: 'LeastPrivilege' },
  settings: { enabled: true, hidden: false, startWhenAvailable: false },
  actions: [{ command }],
})
