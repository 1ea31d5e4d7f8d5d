/** What a program on an emulated host is given: the contract of `program.ts` over one machine and one process. */

import { FileSystem } from '../machine/files.ts'
import type { LaunchOptions } from '../machine/launch.ts'
import type { Machine } from '../machine/machine.ts'
import { baseName, type HostProcess } from '../machine/process.ts'
import { connectRemoteCim, localCim } from '../network/cim.ts'
import { connectRemoteTasks } from '../network/remote-tasks.ts'
import { type ProcessEntry, type ProgramContext, WindowsError } from '../program.ts'
import { parseArguments } from '../shell/argv.ts'
import { crlf } from '../shell/io.ts'

/** A program that also sees its machine; those of the contract are such programs that do not look. */
export type SystemProgram = (context: ProgramContext, machine: Machine, process: HostProcess) => Promise<number>

const TASK_LIBRARY = 'C:\\Windows\\System32\\taskschd.dll'

export function createContext(machine: Machine, process: HostProcess, options: LaunchOptions): ProgramContext {
  const { session, killer, timeline } = process
  const { identity } = session
  const { io } = options
  const client = { machine, process }
  const live = (write: (text: string) => void) => (text: string) => {
    if (!killer.signal.aborted) write(crlf(text))
  }
  const resolve = (path: string) => FileSystem.resolve(machine.expand(path), process.workingDirectory)
  const environment = {
    ...machine.environment,
    USERNAME: identity.name,
    USERDOMAIN: identity.domain,
    ...options.environment,
  }
  return {
    argv: parseArguments(process.commandLine),
    commandLine: process.commandLine,
    hostName: machine.computer,
    user: { ...identity, elevated: session.elevated, canDelegate: session.credentials !== null },
    environment,
    stdout: live(io.stdout),
    stderr: live(io.stderr),
    readLine: () => io.stdin.readLine(),
    now: () => machine.hostTime(timeline.step()),
    timeZoneMinutes: machine.timeZoneMinutes,
    signal: killer.signal,
    sleep: (ms) => machine.clock.sleep(ms, killer.signal),
    async connectTasks(address) {
      const server = machine.network.resolve(address.host ?? '', client)
      if (address.client !== 'raw')
        machine.report({ kind: 'image-loaded', at: timeline.step(), process, image: TASK_LIBRARY })
      if (server !== machine) return connectRemoteTasks(machine.network, client, server, address)
      if (address.credentials !== undefined) {
        throw new WindowsError(0x80070534, 'User credentials are not allowed on the local machine')
      }
      return machine.taskService({ session, process }, timeline)
    },
    async connectCim(host, protocol, credentials) {
      const server = machine.network.resolve(host ?? '', client)
      if (server === machine) return localCim(machine, session, timeline)
      return connectRemoteCim(machine.network, client, server, protocol, credentials)
    },
    localCim: async () => localCim(machine, session, timeline),
    async spawn(commandLine, { readLine, ...output } = {}) {
      const child = machine.launch(commandLine, {
        session,
        parent: process,
        timeline: timeline.fork(),
        workingDirectory: process.workingDirectory,
        environment,
        io: { ...io, ...output, ...(readLine === undefined ? {} : { stdin: { readLine } }) },
        awaited: true,
      })
      if (child.process.binary.graphical) return 0
      const exitCode = await child.done
      timeline.join(child.process.timeline)
      return exitCode
    },
    readFile: async (path) => machine.files.read(resolve(path)).content,
    async writeFile(path, content) {
      writeFile(machine, process, resolve(path), content)
    },
    fileExists: (path) => machine.files.find(resolve(path)) !== undefined,
    async removeFile(path) {
      machine.files.remove(resolve(path))
    },
    async copyFile(from, to) {
      const { content, binary } = machine.files.read(resolve(from))
      writeFile(machine, process, resolve(to), content, binary)
    },
    pid: process.pid,
    processes: () => listProcesses(machine),
  }
}

function listProcesses(machine: Machine): ProcessEntry[] {
  return machine.processes
    .all()
    .sort((a, b) => a.pid - b.pid)
    .map((process) => ({
      pid: process.pid,
      parentPid: process.parent?.pid ?? 0,
      name: baseName(process.image),
      commandLine: process.commandLine,
      startedAt: machine.hostTime(process.startedAt),
    }))
}

/** Writes a file as a process does: it is seen when it is new or written over. */
export function writeFile(
  machine: Machine,
  process: HostProcess,
  path: string,
  content: Buffer,
  binary?: Parameters<FileSystem['write']>[3],
): void {
  const at = process.timeline.step()
  machine.files.write(path, content, at, binary)
  machine.report({ kind: 'file-created', at, process, path, created: at })
}
