/** What can happen on an emulated host. Sensors see these and nothing else. */
import type { LogonSession } from './accounts.ts'
import type { HostProcess } from './process.ts'

export interface Endpoint {
  ip: string
  port: number
}

/** Who called the Task Scheduler: a process of this host, or somebody over the network. */
export interface TaskClient {
  session: LogonSession
  process: HostProcess | null
}

/** Steps in the life of one run of a task, as TaskScheduler/Operational tells them apart. */
export type RunStep =
  | 'triggered-by-time'
  | 'triggered-by-user'
  | 'process-created'
  | 'started'
  | 'action-started'
  | 'action-completed'
  | 'completed'
  | 'action-failed'
  | 'start-failed'
  | 'not-logged-on'
  | 'terminated'

export interface TaskRun {
  step: RunStep
  path: string
  instance: string
  user: string
  action: string
  process: HostProcess | null
  result: number
}

/** `at` is lab time in milliseconds. */
export type Change = { at: number } & (
  | { kind: 'process-started'; process: HostProcess }
  | { kind: 'process-ended'; process: HostProcess; exitCode: number }
  | { kind: 'image-loaded'; process: HostProcess; image: string }
  | { kind: 'name-resolved'; process: HostProcess; name: string; address: string }
  | { kind: 'port-bound'; process: HostProcess; port: number }
  | {
      kind: 'connection'
      process: HostProcess
      direction: 'inbound' | 'outbound'
      source: Endpoint
      destination: Endpoint
      /** False when the other end never answered: the filtering platform let it go out, no connection came of it. */
      established: boolean
    }
  | { kind: 'logon'; session: LogonSession }
  | { kind: 'logon-failed'; user: string; domain: string; source: Endpoint; reason: 'password' | 'unknown-user' }
  | { kind: 'logoff'; session: LogonSession }
  | { kind: 'file-created'; process: HostProcess; path: string; created: number }
  | {
      kind: 'registry'
      process: HostProcess
      operation: 'CreateKey' | 'DeleteKey' | 'SetValue' | 'DeleteValue'
      target: string
      /** As Sysmon shows it; only for values that are set. */
      details?: string
    }
  | {
      kind: 'task'
      operation: 'created' | 'updated' | 'deleted' | 'enabled' | 'disabled'
      path: string
      xml: string
      /** The principal's user as the definition spells it. */
      runsAs: string
      client: TaskClient
    }
  | { kind: 'task-run'; run: TaskRun }
)
