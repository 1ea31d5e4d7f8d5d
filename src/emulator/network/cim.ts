/** CIM sessions: a provider host (WmiPrvSE) on the far side does the work, and calls the scheduler there, locally. */
import type { LogonSession } from '../machine/accounts.ts'
import { NETWORK_SERVICE } from '../machine/accounts.ts'
import type { Machine } from '../machine/machine.ts'
import type { HostProcess } from '../machine/process.ts'
import type { Timeline } from '../machine/timeline.ts'
import { untilKilled } from '../machine/until-killed.ts'
import type { Credentials, TaskService } from '../program.ts'
import { SILENT } from '../shell/io.ts'
import { type Client, type LabNetwork, WINRM } from './network.ts'

export interface CimSession {
  tasks: TaskService
  hostName: string
}

/** Interfaces that a DCOM client of WMI binds, in order: activation, then login and services on the provider's port. */
const DCOM = [
  { interface: 'IRemoteSCMActivator', operation: 'RemoteCreateInstance', opnum: 4 },
  { interface: 'IWbemLevel1Login', operation: 'NTLMLogin', opnum: 6 },
  { interface: 'IWbemServices', operation: 'ExecMethod', opnum: 24 },
] as const

export function connectRemoteCim(
  network: LabNetwork,
  client: Client,
  server: Machine,
  protocol: 'wsman' | 'dcom',
  credentials?: Credentials,
): CimSession {
  const { timeline } = client.process
  const session =
    protocol === 'wsman'
      ? network.logon(client, server, connectWsman(network, client, server), credentials)
      : connectDcom(network, client, server, credentials)
  return providerSession(server, session, timeline)
}

/** The session that the module's commands use without `-CimSession`. */
export function localCim(machine: Machine, session: LogonSession, timeline: Timeline): CimSession {
  return providerSession(machine, session, timeline)
}

/** WS-Management is HTTP, served by the kernel. */
function connectWsman(network: LabNetwork, client: Client, server: Machine) {
  return network.connect(client, server, { port: WINRM, process: server.services.system, open: true })
}

function connectDcom(network: LabNetwork, client: Client, server: Machine, credentials?: Credentials): LogonSession {
  const { timeline } = client.process
  const [activation, ...calls] = DCOM
  const mapper = network.connect(client, server, { port: 135, process: server.services.rpc, open: true })
  const session = network.logon(client, server, mapper, credentials)
  const activator = network.rpc(activation.interface, mapper)
  activator.bind(timeline)
  activator.request(timeline, activation.operation, activation.opnum)
  const ends = network.connect(client, server, {
    port: server.ports.winmgmt,
    process: server.services.winmgmt,
    open: true,
  })
  for (const [index, call] of calls.entries()) {
    const rpc = network.rpc(call.interface, ends)
    if (index === 0) rpc.bind(timeline)
    else rpc.alterContext(timeline)
    rpc.request(timeline, call.operation, call.opnum)
  }
  return session
}

function providerSession(machine: Machine, session: LogonSession, timeline: Timeline): CimSession {
  const process = providerHost(machine, timeline)
  machine.report({
    kind: 'image-loaded',
    at: timeline.step(),
    process,
    image: 'C:\\Windows\\System32\\taskschd.dll',
  })
  return { tasks: machine.taskService({ session, process }, timeline), hostName: machine.computer }
}

const IMAGE = 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe'

/** The provider host that runs, else a new one. It stays, as the real one does for a while. */
function providerHost(machine: Machine, timeline: Timeline): HostProcess {
  const running = machine.processes.all().find(({ image }) => image === IMAGE)
  if (running !== undefined) return running
  const { process } = machine.launch(`${IMAGE.toLowerCase()} -secured -Embedding`, {
    session: machine.sessions.service(NETWORK_SERVICE),
    parent: machine.services.launcher,
    timeline: timeline.fork(),
    workingDirectory: 'C:\\Windows\\system32',
    io: SILENT,
    awaited: true,
    program: untilKilled,
  })
  return process
}
