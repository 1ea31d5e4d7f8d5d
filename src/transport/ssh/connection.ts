/** A connection that is logged in: opens channels within the host's limit and knows the host's shell. */
import type { Client, ClientChannel } from 'ssh2'
import type { NamedHost } from '../../engine/ports.ts'
import { type ConnectOptions, connect } from './connect.ts'
import { watchExit } from './exit-status.ts'
import { type HostShell, probeShell } from './host-shell.ts'
import { Unreachable } from './unreachable.ts'

/** The connection went before the command was sent: it may be sent over another one. */
export class NotSent extends Error {
  override name = 'NotSent'
}

/** The connection went while the command was being sent: whether it ran is unknown. */
export class MaybeSent extends Error {
  override name = 'MaybeSent'
}

/** How long a host that refuses channels may do so while none of ours is open. */
const REFUSAL_PATIENCE_MS = 2_000
const REFUSAL_RETRY_MS = 100

export class Connection {
  closed = false
  readonly #client: Client
  readonly #host: NamedHost
  readonly #timeoutMs: number
  #shell: Promise<HostShell> | undefined
  #open = 0
  readonly #onChannelClosed = new Set<() => void>()

  private constructor(client: Client, host: NamedHost, { connectTimeoutMs }: ConnectOptions, onClose: () => void) {
    this.#client = client
    this.#timeoutMs = connectTimeoutMs
    this.#host = host
    // Every command waits on it while it is being sent.
    client.setMaxListeners(0)
    client.once('close', () => {
      this.closed = true
      onClose()
      this.#wake()
    })
  }

  /** @throws {Unreachable} */
  static async to(host: NamedHost, options: ConnectOptions, onClose: () => void): Promise<Connection> {
    return new Connection(await connect(host, options), host, options, onClose)
  }

  /** The host's shell, asked for when it is first needed. @throws {NotSent | Unreachable} when the connection went meanwhile, or no answer comes */
  shell(): Promise<HostShell> {
    this.#shell ??= this.#answered(probeShell(this.#host, (line) => this.#ask(line)))
    return this.#shell
  }

  /** A host that starts commands and never ends them must not hold the run. */
  async #answered(shell: Promise<HostShell>): Promise<HostShell> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new Unreachable(`${this.#host.name} did not answer within ${this.#timeoutMs / 1000} s which shell it has`),
        )
        this.end()
      }, this.#timeoutMs)
    })
    try {
      return await Promise.race([shell, late])
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * Starts a command. A host that allows no further session is asked again as soon as one of ours ended.
   * @throws {NotSent | MaybeSent | Unreachable}
   */
  async exec(line: string, signal?: AbortSignal): Promise<ClientChannel> {
    const giveUp = Date.now() + REFUSAL_PATIENCE_MS
    for (;;) {
      const channel = await this.#tryExec(line)
      if (channel !== null) return channel
      if (signal?.aborted) throw new NotSent('interrupted')
      if (this.#open === 0 && Date.now() > giveUp) {
        throw new Unreachable(`${this.#host.name} refuses to open a session`)
      }
      await this.#channelClosed()
    }
  }

  end(): void {
    this.#client.end()
  }

  /** Null when the host refused the channel. */
  #tryExec(line: string): Promise<ClientChannel | null> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new NotSent('the connection was lost'))
      // A connection that breaks now answers nothing any more.
      const lost = () => reject(new MaybeSent('the connection was lost'))
      this.#client.once('close', lost)
      try {
        this.#client.exec(line, (error, channel) => {
          this.#client.off('close', lost)
          if (error === undefined || error === null) {
            this.#track(channel)
            resolve(channel)
          } else if (/channel open failure/i.test(error.message)) resolve(null)
          else if (/unable to exec/i.test(error.message)) {
            reject(new Unreachable(`${this.#host.name} refuses to run commands`, { lasting: true }))
          } else reject(new MaybeSent(error.message))
        })
      } catch (error) {
        this.#client.off('close', lost)
        reject(new NotSent((error as Error).message))
      }
    })
  }

  #track(channel: ClientChannel): void {
    watchExit(channel)
    this.#open += 1
    channel.once('close', () => {
      this.#open -= 1
      this.#wake()
    })
  }

  #wake(): void {
    for (const wake of this.#onChannelClosed) wake()
    this.#onChannelClosed.clear()
  }

  /** Also ends after a while by itself: sessions of others than this connection may count against the limit. */
  #channelClosed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, REFUSAL_RETRY_MS)
      this.#onChannelClosed.add(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  async #ask(line: string): Promise<Buffer> {
    const channel = await this.exec(line)
    const chunks: Buffer[] = []
    channel.on('data', (chunk: Buffer) => chunks.push(chunk))
    channel.stderr.resume()
    channel.end()
    await new Promise((resolve) => channel.once('close', resolve))
    if (this.closed) throw new NotSent('the connection was lost')
    return Buffer.concat(chunks)
  }
}
