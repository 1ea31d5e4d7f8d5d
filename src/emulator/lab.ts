/** Starts the emulated hosts of a lab: machines on one network, each behind an SSH server of its own. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2, { type ParsedKey } from 'ssh2'
import type { Clock } from '../model/clock.ts'
import { EmulatedHost, type Host } from '../model/lab.ts'
import { Directory } from './machine/accounts.ts'
import { Machine } from './machine/machine.ts'
import { LabNetwork } from './network/network.ts'
import type { Program } from './program.ts'
import { builtInPrograms } from './programs/catalogue.ts'
import type { SystemProgram } from './programs/context.ts'
import { networkRecord } from './sensors/network-sensor.ts'
import type { RawRecord } from './sensors/record.ts'
import { attachSensors } from './sensors/sensor.ts'
import { hostKey } from './ssh/host-key.ts'
import { startSshServer } from './ssh/server.ts'

export interface EmulatedLabOptions {
  /** Hosts by name; only those with `emulated` are started. Passwords are the passwords themselves, keys paths of files. */
  hosts: Record<string, Host>
  networkSensor: boolean
  clock: Clock
  /** Gets records as they are written; `delayMs` is how much later the host's agent sends them. */
  ship: (records: RawRecord[], delayMs: number) => Promise<void>
  /** Programs by file name in lower case, such as `powershell.exe`, beside those built in. */
  programs?: Record<string, Program>
  /** Where task stores and host keys lie; without it they are gone with the lab. */
  dataDir?: string
}

export interface StartedHost {
  address: string
  port: number
  /** `SHA256:…` */
  hostKey: string
  user: string
  /** The user's password; one made up for this run where the lab names none. */
  password: string
  /** The address that telemetry shows. */
  ip: string
}

export interface EmulatedLab {
  hosts: Record<string, StartedHost>
  stop(): Promise<void>
}

const DOMAIN = 'LAB'
const USER = 'operator'
/** Where the commands come from, as far as telemetry shows: an address of the lab that no host has. */
const CONTROLLER_IP = '10.20.0.5'
const addressOf = (index: number): string => `10.20.0.${11 + index}`

export async function startEmulatedLab(options: EmulatedLabOptions): Promise<EmulatedLab> {
  const { clock, ship } = options
  const directory = new Directory()
  const network = new LabNetwork(options.networkSensor ? (message) => void ship([networkRecord(message)], 0) : null)
  const hosts = Object.entries(options.hosts).filter(([, { emulated }]) => emulated !== undefined)
  const users = hosts.map(([key, host]) => {
    directory.addComputer(host.hostname ?? key)
    const user = host.user ?? USER
    const password = host.password ?? randomUUID()
    return { user, password }
  })
  for (const [index, [key, host]] of hosts.entries()) {
    const { user, password } = users[index]!
    // A host without a password of its own adds no account that another host has already.
    if (host.password === undefined && directory.lookup(user, host.hostname ?? key) !== null) continue
    directory.add(user, password, host.domain ?? DOMAIN, host.hostname ?? key)
  }
  const programs = programsOf(options.programs ?? {})
  const started: Record<string, StartedHost> = {}
  const stops: (() => Promise<void>)[] = []
  for (const [index, [key, host]] of hosts.entries()) {
    const dataDir = options.dataDir === undefined ? null : join(options.dataDir, key)
    const machine = new Machine({
      key,
      name: host.hostname ?? key,
      domain: (host.domain ?? DOMAIN).split('.')[0]!.toUpperCase(),
      ip: host.emulated?.ip ?? addressOf(index),
      config: EmulatedHost.parse(host.emulated),
      clock,
      directory,
      network,
      programs,
      dataDir,
    })
    network.add(machine)
    attachSensors(machine, (record) => void ship([record], machine.config.faults.ingestDelayMs ?? 0))
    const identity = hostKey(dataDir === null ? null : join(dataDir, 'ssh_host_ed25519_key'))
    const { user } = users[index]!
    const server = await startSshServer({
      machine,
      privateKey: identity.privateKey,
      user,
      authorizedKeys: host.key === undefined ? [] : [readKey(host.key)],
      port: host.port ?? 0,
      controllerIp: CONTROLLER_IP,
    })
    stops.push(async () => {
      machine.scheduler.stopAll()
      await server.stop()
    })
    const { password } = users[index]!
    started[key] = {
      address: '127.0.0.1',
      port: server.port,
      hostKey: identity.fingerprint,
      user,
      password,
      ip: machine.ip,
    }
  }
  return { hosts: started, stop: async () => void (await Promise.all(stops.map((stop) => stop()))) }
}

function programsOf(added: Record<string, Program>): ReadonlyMap<string, SystemProgram> {
  return new Map<string, SystemProgram>([...Object.entries(builtInPrograms), ...Object.entries(added)])
}

function readKey(path: string): ParsedKey {
  const key = ssh2.utils.parseKey(readFileSync(path))
  if (key instanceof Error) throw new Error(`${path}: ${key.message}`)
  return Array.isArray(key) ? (key[0] as ParsedKey) : key
}
