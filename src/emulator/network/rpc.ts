/** DCE/RPC as the lab's network sees it: interfaces, operations, and the messages of one connection. */
import type { Endpoint } from '../machine/changes.ts'
import type { Timeline } from '../machine/timeline.ts'

/** Operation numbers of MS-TSCH, ITaskSchedulerService. */
export const TASK_OPERATIONS = {
  SchRpcHighestVersion: 0,
  SchRpcRegisterTask: 1,
  SchRpcRetrieveTask: 2,
  SchRpcEnumFolders: 6,
  SchRpcEnumTasks: 7,
  SchRpcStop: 11,
  SchRpcRun: 12,
  SchRpcDelete: 13,
  SchRpcGetLastRunInfo: 16,
  SchRpcGetTaskInfo: 17,
  SchRpcEnableTask: 19,
} as const
export type TaskOperation = keyof typeof TASK_OPERATIONS

/** One client message with its answer. */
export interface RpcMessage {
  /** Lab milliseconds. */
  at: number
  action: string
  interface: string
  /** Absent for bind and alter_context, which call nothing. */
  opnum?: number
  source: Endpoint
  destination: Endpoint
}

/** A client's side of one RPC connection; what it sends passes the network's sensor. */
export class RpcConnection {
  readonly #see: (message: RpcMessage) => void
  readonly #interface: string
  readonly #ends: { source: Endpoint; destination: Endpoint }

  constructor(see: (message: RpcMessage) => void, name: string, ends: { source: Endpoint; destination: Endpoint }) {
    this.#see = see
    this.#interface = name
    this.#ends = ends
  }

  bind(timeline: Timeline): void {
    this.#send(timeline, 'dce_rpc_bind')
  }

  alterContext(timeline: Timeline): void {
    this.#send(timeline, 'dce_rpc_alter_context')
  }

  request(timeline: Timeline, operation: string, opnum: number): void {
    this.#send(timeline, operation, opnum)
  }

  #send(timeline: Timeline, action: string, opnum?: number): void {
    this.#see({
      at: timeline.step(1),
      action,
      interface: this.#interface,
      ...(opnum === undefined ? {} : { opnum }),
      ...this.#ends,
    })
  }
}
