/** Starts the emulated hosts of a lab: machines on one network, each behind an SSH server of its own. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2, { type ParsedKey } from 'ssh2'
import type { Clock } from '../model/clock.ts'
import { EmulatedHost, type Host } from '../model/lab.ts'
import { Directory, netbios } from './machine/accounts.ts'
import { Machine } from './machine/machine.ts'
import { LabNetwork } from './network/network.ts'
import type { Program } from './program.ts'
import { builtInPrograms } from './programs/catalogue.ts'
import type { SystemProgram } from './programs/context.ts'
import { startCapture } from './sensors/network-sensor.ts'
import type { RawRecord } from './sensors/record.ts'
import { attachSensors } from './sensors/sensor.ts'
import { hostKey } from './ssh/host-key.ts'
import { startSshServer } from './ssh/server.ts'

export interface EmulatedLabOptions {
  /** Hosts by name; only those with `emulated` are started. Passwords are the passwords themselves, keys paths of files. */
  hosts: Record<string, Host>
  /** Gets what the sensor on the lab's network captures, as a pcap file, frame by frame. Without it nobody listens. */
  capture?: (bytes: Buffer) => void
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
  const hosts = Object.entries(options.hosts).flatMap(([key, host]) => (host.emulated ? [withIdentity(key, host)] : []))
  const shared: Shared = {
    options,
    directory: directoryOf(hosts),
    network: new LabNetwork(options.capture === undefined ? null : startCapture(options.capture)),
    programs: new Map<string, SystemProgram>(Object.entries({ ...builtInPrograms, ...options.programs })),
  }
  const running: RunningHost[] = []
  const stop = async () => void (await Promise.all(running.map((host) => host.stop())))
  try {
    for (const [index, host] of hosts.entries()) running.push(await startHost(host, addressOf(index), shared))
  } catch (error) {
    await stop()
    throw error
  }
  return { hosts: Object.fromEntries(running.map(({ id, started }) => [id, started])), stop }
}

interface NamedHost extends Host {
  /** Its key in the lab file. */
  id: string
  name: string
  domain: string
  user: string
}

interface Shared {
  options: EmulatedLabOptions
  directory: Directory
  network: LabNetwork
  programs: ReadonlyMap<string, SystemProgram>
}

interface RunningHost {
  id: string
  started: StartedHost
  stop(): Promise<void>
}

const withIdentity = (id: string, host: Host): NamedHost => ({
  ...host,
  id,
  name: host.hostname ?? id,
  domain: netbios(host.domain ?? DOMAIN),
  user: host.user ?? USER,
})

/** The accounts of all hosts. A host that names no password shares the account of its user, or gets one for this run. */
function directoryOf(hosts: NamedHost[]): Directory {
  const directory = new Directory()
  for (const { name } of hosts) directory.addComputer(name)
  for (const { user, password, domain, name } of hosts) {
    if (password !== undefined) directory.add(user, password, domain, name)
  }
  for (const { user, domain, name } of hosts) {
    if (directory.lookup(user, name) === null) directory.add(user, randomUUID(), domain, name)
  }
  return directory
}

async function startHost(host: NamedHost, address: string, shared: Shared): Promise<RunningHost> {
  const { options, directory, network, programs } = shared
  const { id, name, domain, user } = host
  const dataDir = options.dataDir === undefined ? null : join(options.dataDir, id)
  const config = EmulatedHost.parse(host.emulated)
  const ip = config.ip ?? address
  const { clock } = options
  const machine = new Machine({ key: id, name, domain, ip, config, clock, directory, network, programs, dataDir })
  network.add(machine)
  attachSensors(machine, (record) => void options.ship([record], config.faults.ingestDelayMs ?? 0))
  const identity = hostKey(dataDir === null ? null : join(dataDir, 'ssh_host_ed25519_key'))
  const server = await startSshServer({
    machine,
    privateKey: identity.privateKey,
    user,
    authorizedKeys: host.key === undefined ? [] : [readKey(host.key)],
    port: host.port ?? 0,
    controllerIp: CONTROLLER_IP,
  })
  const account = directory.lookup(user, name)
  const password = (account && directory.passwordOf(account.sid)) ?? ''
  return {
    id,
    started: { address: '127.0.0.1', port: server.port, hostKey: identity.fingerprint, user, password, ip },
    async stop() {
      machine.scheduler.stopAll()
      await server.stop()
    },
  }
}

function readKey(path: string): ParsedKey {
  const key = ssh2.utils.parseKey(readFileSync(path))
  if (key instanceof Error) throw new Error(`${path}: ${key.message}`)
  return Array.isArray(key) ? (key[0] as ParsedKey) : key
}
