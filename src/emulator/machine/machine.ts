/** One emulated Windows host: what it has, and the one place through which whatever happens on it is told. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../model/clock.ts'
import type { EmulatedHost } from '../../model/lab.ts'
import type { LabNetwork } from '../network/network.ts'
import type { Credentials } from '../program.ts'
import type { SystemProgram } from '../programs/context.ts'
import { TaskCache } from '../tasks/cache.ts'
import { LocalTaskService } from '../tasks/local-service.ts'
import { TaskScheduler } from '../tasks/scheduler.ts'
import { type StoredTask, TaskStore } from '../tasks/store.ts'
import { renderTaskXml } from '../tasks/xml.ts'
import { type Account, type Directory, type Identity, netbios } from './accounts.ts'
import type { Change, TaskClient } from './changes.ts'
import { baseEnvironment, expandVariables } from './environment.ts'
import { FileSystem } from './files.ts'
import { type Launched, type LaunchOptions, launch } from './launch.ts'
import { ProcessTable } from './process.ts'
import { bootServices, type ServicePorts, type Services, servicePorts } from './services.ts'
import { Sessions } from './sessions.ts'
import type { Timeline } from './timeline.ts'

export interface MachineOptions {
  /** The host's key in the lab file. */
  key: string
  /** The name its telemetry carries. */
  name: string
  domain: string
  ip: string
  config: EmulatedHost
  clock: Clock
  directory: Directory
  network: LabNetwork
  /** Programs by the original name of their binary, lower case. */
  programs: ReadonlyMap<string, SystemProgram>
  dataDir: string | null
}

/** How long the host has been up when the lab starts. */
const UPTIME_MS = 3 * 3_600_000

export class Machine {
  readonly key: string
  readonly name: string
  /** NetBIOS name: what `hostname` prints. */
  readonly computer: string
  readonly domain: string
  readonly ip: string
  readonly config: EmulatedHost
  readonly clock: Clock
  readonly directory: Directory
  readonly network: LabNetwork
  readonly programs: ReadonlyMap<string, SystemProgram>
  readonly environment: Record<string, string>
  readonly files: FileSystem
  readonly processes: ProcessTable
  readonly sessions: Sessions
  readonly services: Services
  readonly ports: ServicePorts
  readonly tasks: TaskStore
  readonly cache: TaskCache
  readonly scheduler: TaskScheduler
  readonly bootedAt: number
  /** Minutes east of UTC. */
  readonly timeZoneMinutes: number
  #listeners: ((change: Change) => void)[] = []
  #nextPort: number

  constructor(options: MachineOptions) {
    const { config, clock, name } = options
    this.key = options.key
    this.name = name
    this.computer = netbios(name)
    this.domain = options.domain
    this.ip = options.ip
    this.config = config
    this.clock = clock
    this.directory = options.directory
    this.network = options.network
    this.programs = options.programs
    this.bootedAt = clock.now() - UPTIME_MS
    this.timeZoneMinutes = offsetMinutes(config.timeZoneOffset)
    this.environment = baseEnvironment(this.computer)
    this.files = new FileSystem(this.bootedAt)
    this.processes = new ProcessTable(name)
    this.sessions = new Sessions(config.loggedOn.flatMap((user) => this.lookup(user) ?? []))
    this.services = bootServices(this.processes, this.sessions, this.bootedAt, clock)
    this.ports = servicePorts(config.rpc.dynamicPorts)
    this.#nextPort = config.rpc.dynamicPorts[0] + 1_000
    if (options.dataDir !== null) mkdirSync(options.dataDir, { recursive: true })
    this.tasks = new TaskStore(options.dataDir === null ? null : join(options.dataDir, 'tasks.json'))
    this.cache = new TaskCache(this)
    this.scheduler = new TaskScheduler(this, clock)
    for (const task of this.tasks.all()) this.scheduler.arm(task)
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener)
  }

  /** Tells whoever watches this host what has just happened on it. */
  report(change: Change): void {
    for (const listener of this.#listeners) listener(change)
  }

  /** The host's own clock for a moment of lab time, UTC. */
  hostTime(at: number): number {
    return at + this.config.skewMs
  }

  /** The host's wall clock for a moment of lab time. */
  localTime(at: number): number {
    return this.hostTime(at) + this.timeZoneMinutes * 60_000
  }

  /** The moment of lab time at which the host's wall clock shows `local`. */
  labTime(local: number): number {
    return local - this.timeZoneMinutes * 60_000 - this.config.skewMs
  }

  lookup(user: string): Identity | null {
    return this.directory.lookup(user, this.computer)
  }

  authenticate(credentials: Credentials): Account | null {
    return this.directory.authenticate(credentials, this.computer)
  }

  /** A port of the host's dynamic range that nothing listens on. */
  nextSourcePort(): number {
    const [low, high] = this.config.rpc.dynamicPorts
    do {
      this.#nextPort = this.#nextPort >= high || this.#nextPort < low ? low : this.#nextPort + 1
    } while (high > low + 1 && Object.values(this.ports).includes(this.#nextPort))
    return this.#nextPort
  }

  expand(text: string): string {
    return expandVariables(text, this.environment, 'keep')
  }

  xmlOf(task: StoredTask): string {
    return renderTaskXml(task.definition)
  }

  taskService(client: TaskClient, timeline: Timeline): LocalTaskService {
    return new LocalTaskService(this, client, timeline)
  }

  /** Starts a program. Throws `WindowsError` 0x80070002 when there is none of that name. */
  launch(commandLine: string, options: LaunchOptions): Launched {
    return launch(this, commandLine, options)
  }
}

function offsetMinutes(text: string): number {
  const [hours, minutes] = text.slice(1).split(':').map(Number)
  return (text.startsWith('-') ? -1 : 1) * (hours! * 60 + minutes!)
}
