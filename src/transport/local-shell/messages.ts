/** What the transport and its launcher say to each other. */
import type { CommandResult } from '../../engine/ports.ts'
import type { ShellRequest } from './run-shell.ts'

export type ToLauncher =
  | ({ type: 'run'; id: number } & Omit<ShellRequest, 'environment'> & { environment: Record<string, string> })
  | { type: 'interrupt'; id: number }

export interface FromLauncher {
  id: number
  result: CommandResult
}
