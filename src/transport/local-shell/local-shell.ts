/** Runs POSIX shell commands on this machine, by a launcher that is started with the first of them. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CommandResult, Transport } from '../../engine/ports.ts'
import { endedCommand, notHere } from '../ended-command.ts'
import type { FromLauncher, ToLauncher } from './messages.ts'

export interface LocalShellOptions {
  /** What commands find in their environment, besides their own additions. */
  environment: NodeJS.ProcessEnv
}

export function createLocalShellTransport({ environment }: LocalShellOptions): Transport {
  let launcher: Launcher | undefined
  return {
    run(host, command, { timeoutMs, signal }) {
      if (command.shell !== 'sh') {
        const reason = `${host.name} is a POSIX shell on this machine: it has no ${command.shell}`
        return Promise.resolve({ end: { kind: 'unreachable', reason }, stdout: '', stderr: '', durationMs: 0 })
      }
      if (launcher === undefined || launcher.ended) launcher = new Launcher(environment)
      const { text, stdin, environment: additions = {} } = command
      return launcher.run({ text, stdin, timeoutMs, environment: additions }, signal)
    },
    start: async ({ name }) => endedCommand(notHere(name)),
    async close() {
      await launcher?.close()
    },
  }
}

type Request = Omit<Extract<ToLauncher, { type: 'run' }>, 'type' | 'id'>

class Launcher {
  ended = false
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, (result: CommandResult) => void>()
  #lastId = 0

  constructor(environment: NodeJS.ProcessEnv) {
    const path = fileURLToPath(new URL('./launcher.js', import.meta.url))
    this.#process = fork(path, { env: environment, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    this.#process.on('message', ({ id, result }: FromLauncher) => this.#settle(id, result))
    this.#process.once('error', () => this.#end())
    this.#process.once('exit', () => this.#end())
  }

  run(request: Request, signal: AbortSignal | undefined): Promise<CommandResult> {
    this.#lastId += 1
    const id = this.#lastId
    const started = performance.now()
    return new Promise((resolve) => {
      const interrupt = () => this.#send({ type: 'interrupt', id })
      signal?.addEventListener('abort', interrupt, { once: true })
      this.#waiting.set(id, (result) => {
        signal?.removeEventListener('abort', interrupt)
        resolve({ ...result, durationMs: result.durationMs || performance.now() - started })
      })
      this.#send({ type: 'run', id, ...request })
      if (signal?.aborted) interrupt()
    })
  }

  /** Ends what still runs, then the launcher. */
  async close(): Promise<void> {
    if (this.ended) return
    for (const id of this.#waiting.keys()) this.#send({ type: 'interrupt', id })
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    while (this.#waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    if (this.#process.connected) this.#process.disconnect()
    await ended
  }

  #send(message: ToLauncher): void {
    // A launcher that is gone answers through `exit`.
    if (this.#process.connected) this.#process.send(message, () => {})
  }

  #settle(id: number, result: CommandResult): void {
    const settle = this.#waiting.get(id)
    this.#waiting.delete(id)
    settle?.(result)
  }

  #end(): void {
    this.ended = true
    const end = { kind: 'lost', reason: 'the process that starts commands on this machine ended' } as const
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { end, stdout: '', stderr: '', durationMs: 0 })
  }
}
