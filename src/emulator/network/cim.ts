/** CIM sessions: a provider host (WmiPrvSE) on the far side does the work, and calls the scheduler there, locally. */
import type { LogonSession } from '../machine/accounts.ts'
import { NETWORK_SERVICE } from '../machine/accounts.ts'
import type { Machine } from '../machine/machine.ts'
import type { HostProcess } from '../machine/process.ts'
import type { Timeline } from '../machine/timeline.ts'
import { untilKilled } from '../machine/until-killed.ts'
import type { Credentials, TaskService } from '../program.ts'
import { SILENT } from '../shell/io.ts'
import { type Client, type Connection, type LabNetwork, WINRM } from './network.ts'
import { INTERFACES, type RpcInterface } from './packets/interfaces.ts'
import { wsmanCall, wsmanLogon } from './packets/ws-management.ts'
import type { RpcConnection } from './rpc.ts'
import { connectMapper, realmOf, rpcOver, securityOf } from './rpc-client.ts'
import { WINDOWS_COM } from './rpc-dialect.ts'

export interface CimSession {
  tasks: TaskService
  hostName: string
}

interface Call {
  opnum: number
  /** Bytes of parameters, as recorded. */
  asks: number
  answers: number
}

/** RemoteCreateInstance of the activator on port 135: makes the object and says where it is. */
const ACTIVATION: Call = { opnum: 4, asks: 808, answers: 908 }

/** Interfaces that a client of WMI calls on the provider's port, in order, each with what it calls. */
const DCOM: { interface: RpcInterface; calls: Call[] }[] = [
  // RemQueryInterface
  { interface: INTERFACES.IRemUnknown2, calls: [{ opnum: 3, asks: 72, answers: 64 }] },
  // EstablishPosition, NTLMLogin
  {
    interface: INTERFACES.IWbemLevel1Login,
    calls: [
      { opnum: 3, asks: 44, answers: 12 },
      { opnum: 6, asks: 160, answers: 176 },
    ],
  },
  // GetObject, ExecMethod
  {
    interface: INTERFACES.IWbemServices,
    calls: [
      { opnum: 6, asks: 144, answers: 21_800 },
      { opnum: 24, asks: 7_116, answers: 1_156 },
    ],
  },
]

/** Bytes of XML that a session's first call and its answer take. */
const WSMAN_CALL = { asks: 1_508, answers: 2_216 }

export function connectRemoteCim(
  network: LabNetwork,
  client: Client,
  server: Machine,
  protocol: 'wsman' | 'dcom',
  credentials?: Credentials,
): CimSession {
  const { timeline } = client.process
  const connect = protocol === 'wsman' ? connectWsman : connectDcom
  return providerSession(server, connect(network, client, server, credentials), timeline)
}

/** The session that the module's commands use without `-CimSession`. */
export function localCim(machine: Machine, session: LogonSession, timeline: Timeline): CimSession {
  return providerSession(machine, session, timeline)
}

/** WS-Management is HTTP, served by the kernel. */
function connectWsman(network: LabNetwork, client: Client, server: Machine, credentials?: Credentials): LogonSession {
  const ends = network.connect(client, server, { port: WINRM, process: server.services.system, open: true })
  const host = server.name.toLowerCase()
  const { ask, answer } = wsmanLogon(host, realmOf(server))
  ends.stream.send('client', ask)
  const session = network.logon(client, server, ends, credentials)
  ends.stream.send('server', answer)
  const call = wsmanCall(host, WSMAN_CALL.asks, WSMAN_CALL.answers)
  client.process.timeline.step(1)
  ends.stream.send('client', call.ask)
  ends.stream.send('server', call.answer)
  return session
}

function connectDcom(network: LabNetwork, client: Client, server: Machine, credentials?: Credentials): LogonSession {
  const mapper = connectMapper(network, client, server, true)
  const activator = com(client, server, mapper, credentials)
  activator.bind(INTERFACES.IRemoteSCMActivator)
  const session = activator.authenticate(() => network.logon(client, server, mapper, credentials))
  callOn(activator, ACTIVATION)
  const { port, process } = { port: server.ports.winmgmt, process: server.services.winmgmt }
  const rpc = com(client, server, network.connect(client, server, { port, process, open: true }), credentials)
  for (const [index, { interface: called, calls }] of DCOM.entries()) {
    if (index === 0) {
      rpc.bind(called)
      rpc.authenticate(() => session)
    } else rpc.addContext(called)
    for (const call of calls) callOn(rpc, call)
  }
  return session
}

const com = (client: Client, server: Machine, ends: Connection, credentials?: Credentials): RpcConnection =>
  rpcOver(client, ends, securityOf(client, server, credentials), { dialect: WINDOWS_COM })

const callOn = (rpc: RpcConnection, { opnum, asks, answers }: Call): void => rpc.call(opnum, asks).answer(answers)

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
