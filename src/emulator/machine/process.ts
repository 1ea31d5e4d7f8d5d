/** Processes of an emulated host. */
import { createHash } from 'node:crypto'
import type { LogonSession } from './accounts.ts'
import type { Binary } from './binaries.ts'
import type { Timeline } from './timeline.ts'

export interface HostProcess {
  pid: number
  /** Sysmon's ProcessGuid, with braces. */
  guid: string
  image: string
  binary: Binary
  commandLine: string
  workingDirectory: string
  session: LogonSession
  parent: HostProcess | null
  timeline: Timeline
  /** Lab milliseconds. */
  startedAt: number
  endedAt: number | null
  /** Aborts when the process is killed; its reason is the exit code. */
  killer: AbortController
  /** What is to be closed when the process ends, such as its connections. */
  closers: (() => void)[]
}

/** The table of what runs, with the ids of what is to run. */
export class ProcessTable {
  readonly #running = new Map<number, HostProcess>()
  readonly #machine: string
  #lastPid: number
  #count = 0

  constructor(hostName: string) {
    const digest = createHash('sha256').update(hostName.toLowerCase()).digest()
    this.#machine = digest.subarray(0, 4).toString('hex')
    this.#lastPid = 600
  }

  /** The next free process id: a multiple of four that is not in use, as on Windows. */
  nextPid(): number {
    do {
      // Steps that look random and still visit every slot, so that two ids in a row are not neighbours.
      this.#lastPid = 600 + ((this.#lastPid - 600 + 4 * 277) % (4 * 8000))
    } while (this.#running.has(this.#lastPid))
    return this.#lastPid
  }

  /** Sysmon's form: machine, second of the start in two halves, then a count. */
  guidFor(startedAt: number): string {
    const second = Math.floor(startedAt / 1000)
      .toString(16)
      .padStart(8, '0')
    this.#count += 1
    const count = this.#count.toString(16).padStart(4, '0').slice(-4)
    return `{${this.#machine}-${second.slice(4)}-${second.slice(0, 4)}-${count}-000000000700}`
  }

  add(process: HostProcess): void {
    this.#running.set(process.pid, process)
  }

  remove(process: HostProcess): void {
    this.#running.delete(process.pid)
  }

  find(pid: number): HostProcess | undefined {
    return this.#running.get(pid)
  }

  all(): HostProcess[] {
    return [...this.#running.values()]
  }

  childrenOf(parent: HostProcess): HostProcess[] {
    return this.all().filter((process) => process.parent === parent)
  }

  /** Asks a process, and with `tree` all it started, to end. */
  kill(process: HostProcess, exitCode: number, tree: boolean): void {
    if (tree) for (const child of this.childrenOf(process)) this.kill(child, exitCode, true)
    process.killer.abort(exitCode)
  }
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('\\') + 1)
