/** Another host's Task Scheduler, reached by MS-TSCH over TCP or over the pipe. */

import type { Machine } from '../machine/machine.ts'
import type { Timeline } from '../machine/timeline.ts'
import type { RegisteredTask, TaskService, TaskServiceAddress } from '../program.ts'
import type { TaskDefinition } from '../tasks/definition.ts'
import type { Client, LabNetwork } from './network.ts'
import { RPC_UNAVAILABLE, SMB } from './network.ts'
import { type RpcConnection, TASK_OPERATIONS, type TaskOperation } from './rpc.ts'

const INTERFACE = 'ITaskSchedulerService'

/** Connects a client to a server's Task Scheduler. Throws `WindowsError` as the connection fails. */
export function connectRemoteTasks(
  network: LabNetwork,
  client: Client,
  server: Machine,
  { over = 'tcp', credentials, sourcePort }: TaskServiceAddress,
): TaskService {
  const { timeline } = client.process
  const ends = over === 'tcp' ? connectTcp(network, client, server, sourcePort) : connectPipe(network, client, server)
  const rpc = network.rpc(INTERFACE, ends)
  rpc.bind(timeline)
  rpc.alterContext(timeline)
  const session = network.logon(client, server, ends, credentials)
  const service = new RemoteTaskService(rpc, timeline, server.taskService({ session, process: null }, timeline))
  service.greet()
  return service
}

function connectTcp(network: LabNetwork, client: Client, server: Machine, sourcePort: number | undefined) {
  const open = server.config.firewall.remoteTasks
  network.askEndpointMapper(client, server, open)
  // With DisableRpcOverTcp the service registers no TCP endpoint: the mapper has none to give.
  if (!server.config.rpc.overTcp) throw RPC_UNAVAILABLE()
  return network.connect(client, server, {
    port: server.ports.schedule,
    process: server.services.schedule,
    open,
    ...(sourcePort === undefined ? {} : { sourcePort }),
  })
}

/** The pipe is served by the kernel's SMB server, which is who owns the connection. */
function connectPipe(network: LabNetwork, client: Client, server: Machine) {
  return network.connect(client, server, { port: SMB, process: server.services.system, open: true })
}

class RemoteTaskService implements TaskService {
  readonly #rpc: RpcConnection
  readonly #timeline: Timeline
  readonly #there: TaskService
  #opened = false

  constructor(rpc: RpcConnection, timeline: Timeline, there: TaskService) {
    this.#rpc = rpc
    this.#timeline = timeline
    this.#there = there
  }

  #call(operation: TaskOperation): void {
    this.#rpc.request(this.#timeline, operation, TASK_OPERATIONS[operation])
  }

  greet(): void {
    this.#call('SchRpcHighestVersion')
  }

  /** The client opens the folder before it does anything in it; once a connection. */
  #openFolder(): void {
    if (!this.#opened) this.#call('SchRpcEnumTasks')
    this.#opened = true
  }

  async register(
    path: string,
    definition: TaskDefinition,
    how: 'create' | 'update' | 'create-or-update',
    as?: { user?: string; password?: string },
  ): Promise<RegisteredTask> {
    this.#openFolder()
    this.#call('SchRpcRegisterTask')
    return this.#there.register(path, definition, how, as)
  }

  async get(path: string): Promise<RegisteredTask> {
    this.#openFolder()
    this.#call('SchRpcRetrieveTask')
    const task = await this.#there.get(path)
    this.#call('SchRpcGetTaskInfo')
    this.#call('SchRpcGetLastRunInfo')
    return task
  }

  async list(folder: string): Promise<RegisteredTask[]> {
    this.#call('SchRpcEnumFolders')
    this.#openFolder()
    const tasks = await this.#there.list(folder)
    for (const _ of tasks) this.#call('SchRpcRetrieveTask')
    return tasks
  }

  async delete(path: string): Promise<void> {
    this.#openFolder()
    this.#call('SchRpcDelete')
    return this.#there.delete(path)
  }

  async run(path: string): Promise<void> {
    this.#openFolder()
    this.#call('SchRpcRun')
    return this.#there.run(path)
  }

  async stop(path: string): Promise<void> {
    this.#openFolder()
    this.#call('SchRpcStop')
    return this.#there.stop(path)
  }

  async setEnabled(path: string, enabled: boolean): Promise<void> {
    this.#openFolder()
    this.#call('SchRpcEnableTask')
    return this.#there.setEnabled(path, enabled)
  }
}
