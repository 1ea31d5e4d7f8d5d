/** One host over SSH: one connection that all its commands share, and a queue in front of it. */
import type { Command, CommandEnd, CommandResult, NamedHost } from '../../engine/ports.ts'
import { Slots } from '../slots.ts'
import type { ConnectOptions } from './connect.ts'
import { Connection, MaybeSent, NotSent } from './connection.ts'
import { follow } from './follow.ts'
import { type HostShell, invocationOf } from './host-shell.ts'
import { announceGroup, groupKillLine, killTreeLine, withoutAnnouncement } from './kill.ts'
import { Unreachable } from './unreachable.ts'

/** OpenSSH allows 10 sessions a connection; two are left for ending commands that run too long. */
const DEFAULT_CONCURRENCY = 8
/** Real time that ending a command on the host may take. */
const KILL_LIMIT_MS = 10_000

type Outcome = Omit<CommandResult, 'durationMs'>

const without = (end: CommandEnd): Outcome => ({ end, stdout: '', stderr: '' })

/** Waits no longer than until `signal` aborts. @throws {NotSent} when it did */
function unlessAborted<T>(waiting: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new NotSent('interrupted'))
    signal?.addEventListener('abort', abort, { once: true })
    waiting.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort))
  })
}

export class SshHost {
  readonly #host: NamedHost
  readonly #options: ConnectOptions
  readonly #slots: Slots
  #connection: Promise<Connection> | undefined
  #refusal: Unreachable | undefined

  constructor(host: NamedHost, options: ConnectOptions) {
    this.#host = host
    this.#options = options
    this.#slots = new Slots(host.concurrency ?? DEFAULT_CONCURRENCY)
  }

  async run(command: Command, options: { timeoutMs: number; signal?: AbortSignal }): Promise<CommandResult> {
    if (!(await this.#slots.take(options.signal))) return { ...without({ kind: 'interrupted' }), durationMs: 0 }
    const started = performance.now()
    try {
      const outcome = await this.#runOnce(command, options)
      return { ...outcome, durationMs: performance.now() - started }
    } finally {
      this.#slots.release()
    }
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined)
    connection?.end()
  }

  /** A connection that turns out to be gone before the command was sent is replaced once. */
  async #runOnce(command: Command, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Outcome> {
    for (let tries = 0; ; tries += 1) {
      if (options.signal?.aborted) return without({ kind: 'interrupted' })
      try {
        const connection = await unlessAborted(this.#connected(), options.signal)
        const shell = await unlessAborted(connection.shell(), options.signal)
        return await this.#runOver(connection, shell, command, options)
      } catch (error) {
        if (error instanceof Unreachable) return without({ kind: 'unreachable', reason: error.message })
        if (error instanceof MaybeSent) return without({ kind: 'lost', reason: error.message })
        if (!(error instanceof NotSent)) throw error
        if (options.signal?.aborted) return without({ kind: 'interrupted' })
        if (tries > 0) return without({ kind: 'unreachable', reason: `${this.#host.name}: ${error.message}` })
      }
    }
  }

  async #runOver(
    connection: Connection,
    shell: HostShell,
    command: Command,
    { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Outcome> {
    const { line, stdin } = invocationOf(this.#host, shell, command)
    const posix = shell.kind === 'sh'
    const sent = posix ? announceGroup(line) : line
    const channel = await connection.exec(sent, signal)
    const killing = posix ? groupKillLine(channel) : async () => killTreeLine(shell, sent)
    const kill = async () => this.#kill(connection, await killing())
    const outcome = await follow(channel, { stdin, encoding: shell.encoding, timeoutMs, signal, kill })
    return posix ? { ...outcome, stderr: withoutAnnouncement(outcome.stderr) } : outcome
  }

  /** Runs what ends a command, over a channel of its own. Never fails: the caller closes the command's channel anyway. */
  async #kill(connection: Connection, line: string | null): Promise<void> {
    if (line === null) return
    const signal = AbortSignal.timeout(KILL_LIMIT_MS)
    try {
      const killer = await connection.exec(line, signal)
      await follow(killer, { stdin: '', encoding: 'utf8', timeoutMs: KILL_LIMIT_MS, signal, kill: async () => {} })
    } catch {
      // The connection went: nothing more can be done from here.
    }
  }

  /** The connection there is, or a new one; commands that find it gone at the same time share the new one. */
  #connected(): Promise<Connection> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal)
    this.#connection ??= this.#connect()
    return this.#connection
  }

  #connect(): Promise<Connection> {
    const forget = () => {
      if (this.#connection === connection) this.#connection = undefined
    }
    const connection = Connection.to(this.#host, this.#options, forget)
    connection.catch((error: unknown) => {
      if (error instanceof Unreachable && error.lasting) this.#refusal = error
      forget()
    })
    return connection
  }
}
