/** The network between the lab's hosts: names, connections, and what a sensor on it sees. */
import { type LogonSession, newSession, splitUser } from '../machine/accounts.ts'
import type { Endpoint } from '../machine/changes.ts'
import type { Machine } from '../machine/machine.ts'
import type { HostProcess } from '../machine/process.ts'
import { type Credentials, WindowsError } from '../program.ts'
import { Gateway } from './gateway.ts'
import type { Frame } from './packets/frame.ts'
import { TcpStream } from './packets/tcp-stream.ts'
import { WireClock } from './packets/wire-clock.ts'

export const SMB = 445
export const WINRM = 5985

export const RPC_UNAVAILABLE = () => new WindowsError(0x800706ba, 'The RPC server is unavailable.')
const PATH_NOT_FOUND = () => new WindowsError(0x80070035, 'The network path was not found.')
const ACCESS_DENIED = () => new WindowsError(0x80070005, 'Access is denied.')
const LOGON_FAILURE = () => new WindowsError(0x8007052e, 'The user name or password is incorrect.')

/** A process that talks to other hosts. */
export interface Client {
  machine: Machine
  process: HostProcess
  /** It speaks with a protocol library of its own, not with Windows'. */
  raw?: boolean
}

export interface Connection {
  /** As the server sees it. */
  source: Endpoint
  destination: Endpoint
  stream: TcpStream
}

export class LabNetwork {
  readonly #machines: Machine[] = []
  readonly #sensor: ((frame: Frame) => void) | null
  readonly #gateways = new Map<string, Gateway>()
  readonly #clocks = new WeakMap<HostProcess, WireClock>()

  constructor(sensor: ((frame: Frame) => void) | null) {
    this.#sensor = sensor
  }

  add(machine: Machine): void {
    this.#machines.push(machine)
  }

  /** The host of a name or address, seen from another: null when there is none. */
  #find(name: string, from: Machine): Machine | null {
    const wanted = name.replace(/^\\\\/, '').toLowerCase()
    if (['', '.', 'localhost', '127.0.0.1', '::1'].includes(wanted)) return from
    const names = ({ key, name: full, computer, domain, ip }: Machine) => [
      key,
      full,
      computer,
      `${computer}.${domain}`,
      `${full}.${domain}`,
      ip,
    ]
    return this.#machines.find((machine) => names(machine).some((known) => known.toLowerCase() === wanted)) ?? null
  }

  /** Looks a host up as a client does: asks for the name unless it is an address. Throws 0x80070035 when nobody has it. */
  resolve(name: string, { machine, process }: Client): Machine {
    const found = this.#find(name, machine)
    if (found === null) throw PATH_NOT_FOUND()
    if (found !== machine && !/^[\d.]+$/.test(name)) {
      process.timeline.step()
      const at = process.timeline.step()
      machine.report({ kind: 'name-resolved', at, process, name: name.replace(/^\\\\/, ''), address: found.ip })
    }
    return found
  }

  /**
   * Opens a TCP connection; both ends see it, and the sensor where it listens. It ends with the client's process. Throws
   * 0x800706BA when the server's firewall drops it.
   */
  connect(
    { machine, process, raw = false }: Client,
    server: Machine,
    to: { port: number; process: HostProcess; open: boolean; sourcePort?: number },
  ): Connection {
    const inside = { ip: machine.ip, port: to.sourcePort ?? machine.nextSourcePort() }
    const source = this.#beyondGateway(machine, inside)
    const destination = { ip: server.ip, port: to.port }
    const { timeline } = process
    const bound = timeline.step(1)
    const outbound = { kind: 'connection', direction: 'outbound', source: inside, destination } as const
    machine.report({ kind: 'port-bound', at: bound, process, port: inside.port })
    machine.report({ ...outbound, at: bound, process, established: to.open })
    const observed = machine.config.wire.observed || server.config.wire.observed
    const see = observed ? this.#sensor : null
    const stream = new TcpStream({ client: source, server: destination, clock: this.#clockOf(process), see })
    stream.open(to.open)
    if (!to.open) throw RPC_UNAVAILABLE()
    const inbound = { kind: 'connection', direction: 'inbound', source, destination } as const
    server.report({ ...inbound, at: timeline.step(1), process: to.process, established: true })
    // A program that just ends leaves its connections to be reset; a careful library closes them.
    process.closers.push(() => stream.close(raw ? 'finish' : 'reset'))
    return { source, destination, stream }
  }

  #clockOf(process: HostProcess): WireClock {
    const clock = this.#clocks.get(process) ?? new WireClock(process.timeline)
    this.#clocks.set(process, clock)
    return clock
  }

  #beyondGateway({ config }: Machine, inside: Endpoint): Endpoint {
    const { gateway } = config.wire
    if (gateway === undefined) return inside
    const known = this.#gateways.get(gateway.ip) ?? new Gateway(gateway)
    this.#gateways.set(gateway.ip, known)
    return known.translate()
  }

  /**
   * Logs the client on at the server, as `given` or as whom its own session can speak for. The session ends with the
   * client's process. Throws 0x80070005 without credentials or for a filtered local administrator, 0x8007052E for wrong ones.
   */
  logon(client: Client, server: Machine, ends: Connection, given?: Credentials): LogonSession {
    const { timeline, session: own, closers } = client.process
    const credentials = given ?? own.credentials
    if (credentials === null) throw ACCESS_DENIED()
    const account = server.authenticate(credentials)
    if (account === null) {
      const { name, domain = credentials.domain ?? '' } = splitUser(credentials.user)
      const reason = server.lookup(credentials.user) === null ? 'unknown-user' : 'password'
      server.report({ kind: 'logon-failed', at: timeline.step(1), user: name, domain, source: ends.source, reason })
      throw LOGON_FAILURE()
    }
    // Local administrators get a filtered token over the network (LocalAccountTokenFilterPolicy is off).
    const elevated = account.domain !== server.computer
    const session = newSession(account, 'network', { source: ends.source, elevated, ntlm: client.raw ?? false })
    server.report({ kind: 'logon', at: timeline.step(1), session })
    closers.push(() => server.report({ kind: 'logoff', at: timeline.step(1), session }))
    return session
  }
}
