/** Another host's Task Scheduler, reached by MS-TSCH over TCP or over the pipe. */

import type { LogonSession } from '../machine/accounts.ts'
import type { Machine } from '../machine/machine.ts'
import type { RegisteredTask, TaskService, TaskServiceAddress } from '../program.ts'
import type { TaskDefinition } from '../tasks/definition.ts'
import { renderTaskXml } from '../tasks/xml.ts'
import type { Client, LabNetwork } from './network.ts'
import { SMB } from './network.ts'
import { INTERFACES } from './packets/interfaces.ts'
import type { RpcConnection } from './rpc.ts'
import { computerOf, dialectOf, mapEndpoint, rpcOver, securityOf } from './rpc-client.ts'
import type { RpcDialect } from './rpc-dialect.ts'
import { SmbPipe } from './smb-pipe.ts'
import { type Asked, Parameters, TASK_CALLS, type TaskOperation } from './task-calls.ts'

const INTERFACE = INTERFACES.ITaskSchedulerService
const PIPE = 'atsvc'

/** Connects a client to a server's Task Scheduler. Throws `WindowsError` as the connection fails. */
export async function connectRemoteTasks(
  network: LabNetwork,
  { machine, process }: Client,
  server: Machine,
  address: TaskServiceAddress,
): Promise<TaskService> {
  const raw = address.client === 'raw'
  const client = { machine, process, raw }
  const connect = address.over === 'pipe' ? connectPipe : connectTcp
  const { rpc, session } = connect(network, client, server, address)
  const there = server.taskService({ session, process: null }, process.timeline)
  const service = new RemoteTaskService(rpc, client, there)
  await service.greet()
  return service
}

interface Bound {
  rpc: RpcConnection
  session: LogonSession
}

function connectTcp(network: LabNetwork, client: Client, server: Machine, address: TaskServiceAddress): Bound {
  const open = server.config.firewall.remoteTasks
  // With DisableRpcOverTcp the service registers no TCP endpoint: the mapper has none to give.
  const registered = server.config.rpc.overTcp ? server.ports.schedule : null
  const port = mapEndpoint(network, client, server, { interface: INTERFACE, port: registered, open })
  const { credentials, sourcePort } = address
  const ends = network.connect(client, server, {
    port,
    process: server.services.schedule,
    open,
    ...(sourcePort === undefined ? {} : { sourcePort }),
  })
  const rpc = rpcOver(client, ends, securityOf(client, server, credentials))
  rpc.bind(INTERFACE)
  const session = rpc.authenticate(() => network.logon(client, server, ends, credentials))
  return { rpc, session }
}

/** The pipe is served by the kernel's SMB server, which is who owns the connection. */
function connectPipe(network: LabNetwork, client: Client, server: Machine, address: TaskServiceAddress): Bound {
  const { process } = client
  const ends = network.connect(client, server, { port: SMB, process: server.services.system, open: true })
  const credentials = address.credentials ?? process.session.credentials ?? { user: '', password: '' }
  const named = { ...computerOf(server), ip: server.ip }
  const pipe = new SmbPipe({ stream: ends.stream, server: named, credentials, pipe: PIPE })
  process.closers.unshift(() => pipe.close())
  const session = pipe.open(() => network.logon(client, server, ends, address.credentials))
  const rpc = rpcOver(client, ends, securityOf(client, server, credentials), {
    carrier: pipe,
    secondaryAddress: `\\PIPE\\${PIPE}`,
  })
  rpc.bind(INTERFACE)
  return { rpc, session: rpc.authenticate(() => session) }
}

const NOTHING: Asked = { path: '', xml: '', user: '', names: [] }
const ROOT = '\\'

/** What only Windows' own client asks beside what its user wants, a library's leaves out. */
class RemoteTaskService implements TaskService {
  readonly #rpc: RpcConnection
  readonly #dialect: RpcDialect
  readonly #there: TaskService
  readonly #chatty: boolean
  #opened = false

  constructor(rpc: RpcConnection, client: Client, there: TaskService) {
    this.#rpc = rpc
    this.#dialect = dialectOf(client)
    this.#there = there
    this.#chatty = !client.raw
  }

  /** Asks for the version of the service, as Windows' client does first. */
  async greet(): Promise<void> {
    if (this.#chatty) await this.#call('SchRpcHighestVersion', {}, async () => {})
  }

  async register(
    path: string,
    definition: TaskDefinition,
    how: 'create' | 'update' | 'create-or-update',
    as?: { user?: string; password?: string },
  ): Promise<RegisteredTask> {
    await this.#openFolder()
    const asked = { path, xml: renderTaskXml(definition), user: as?.user ?? '' }
    return this.#call('SchRpcRegisterTask', asked, () => this.#there.register(path, definition, how, as))
  }

  async get(path: string, only?: 'last-run'): Promise<RegisteredTask> {
    await this.#openFolder()
    const read = () => this.#there.get(path)
    if (only === 'last-run') return this.#call('SchRpcGetLastRunInfo', { path }, read)
    const task = await this.#call('SchRpcRetrieveTask', { path }, read)
    if (this.#chatty) {
      await this.#call('SchRpcGetTaskInfo', { path }, read)
      await this.#call('SchRpcGetLastRunInfo', { path }, read)
    }
    return task
  }

  async list(folder: string): Promise<RegisteredTask[]> {
    await this.#call('SchRpcEnumFolders', { path: folder }, async () => {})
    const tasks = await this.#call('SchRpcEnumTasks', { path: folder }, () => this.#there.list(folder))
    this.#opened = true
    for (const task of tasks) await this.#call('SchRpcRetrieveTask', { path: task.path }, async () => task)
    return tasks
  }

  async delete(path: string): Promise<void> {
    await this.#openFolder()
    return this.#call('SchRpcDelete', { path }, () => this.#there.delete(path))
  }

  async run(path: string): Promise<void> {
    await this.#openFolder()
    return this.#call('SchRpcRun', { path }, () => this.#there.run(path))
  }

  async stop(path: string): Promise<void> {
    await this.#openFolder()
    return this.#call('SchRpcStop', { path }, () => this.#there.stop(path))
  }

  async setEnabled(path: string, enabled: boolean): Promise<void> {
    await this.#openFolder()
    return this.#call('SchRpcEnableTask', { path }, () => this.#there.setEnabled(path, enabled))
  }

  /** Windows' client lists the folder before it does anything in it; once a connection. */
  async #openFolder(): Promise<void> {
    if (this.#opened || !this.#chatty) return
    this.#opened = true
    await this.#call('SchRpcEnumTasks', { path: ROOT }, () => this.#there.list(ROOT))
  }

  /** A call around the work that it makes the server do. What fails there is answered too: with its result alone. */
  async #call<T>(operation: TaskOperation, about: Partial<Asked>, work: () => Promise<T>): Promise<T> {
    const { opnum, asks, answers } = TASK_CALLS[operation]
    const asked = { ...NOTHING, ...about }
    const parameters = () => new Parameters(this.#dialect.word)
    const pending = this.#rpc.call(opnum, asks(parameters(), asked).length)
    try {
      const result = await work()
      pending.answer(answers(parameters(), { ...asked, ...answered(result) }).length)
      return result
    } catch (error) {
      pending.answer(answers(parameters(), NOTHING).length)
      throw error
    }
  }
}

/** What an answer is long by. */
function answered(result: unknown): Partial<Asked> {
  if (Array.isArray(result)) return { names: result.map(({ path }: RegisteredTask) => path.slice(1)) }
  return result === undefined ? {} : { xml: (result as RegisteredTask).xml }
}
