/** Starts a command that is listened to while it runs, over a connection of its own: it may go on as long as the run. */
import { StringDecoder } from 'node:string_decoder'
import type { ClientChannel } from 'ssh2'
import type { Command, CommandEnd, CommandListener, NamedHost, RunningCommand } from '../../engine/ports.ts'
import { endedCommand } from '../ended-command.ts'
import type { ConnectOptions } from './connect.ts'
import { Connection } from './connection.ts'
import { exitOf } from './exit-status.ts'
import { endOf } from './follow.ts'
import { invocationOf } from './host-shell.ts'
import {
  announceGroup,
  groupKillLine,
  isAnnounced,
  killTreeLine,
  LONGEST_GREETING,
  withoutAnnouncement,
} from './kill.ts'
import { Unreachable } from './unreachable.ts'

/** After the exit status a child that still holds the output keeps the channel open for so long at most. */
const DRAIN_MS = 1_000
/** Real time that ending a command on the host may take. */
const KILL_LIMIT_MS = 10_000

/** Never throws for what a host or a network does. */
export async function startOverSsh(
  host: NamedHost,
  command: Omit<Command, 'stdin'>,
  listener: CommandListener,
  options: ConnectOptions,
): Promise<RunningCommand> {
  let connection: Connection | undefined
  try {
    connection = await Connection.to(host, options, () => {})
    const shell = await connection.shell()
    const { line, stdin } = invocationOf(host, shell, command)
    const posix = shell.kind === 'sh'
    const sent = posix ? announceGroup(line) : line
    const channel = await connection.exec(sent)
    const killLine = posix ? groupKillLine(channel) : async () => killTreeLine(shell, sent)
    const running = new SshCommand(connection, channel, killLine)
    listenTo(channel, listener, posix)
    if (stdin !== '') running.write(stdin)
    return running
  } catch (error) {
    connection?.end()
    if (error instanceof Unreachable) return endedCommand({ kind: 'unreachable', reason: error.message })
    return endedCommand({ kind: 'lost', reason: (error as Error).message })
  }
}

/** What the host announces of itself on stderr is no part of what the command says. */
function listenTo(channel: ClientChannel, listener: CommandListener, announces: boolean): void {
  const decoder = new StringDecoder('utf8')
  let held = ''
  let holding = announces
  const hear = (text: string, isLast = false) => {
    held += text
    if (holding && !isLast && !isAnnounced(held) && held.length < LONGEST_GREETING) return
    const said = holding ? withoutAnnouncement(held) : held
    holding = false
    held = ''
    if (said !== '') listener.stderr(said)
  }
  channel.on('data', (chunk: Buffer) => listener.stdout(chunk))
  channel.stderr.on('data', (chunk: Buffer) => hear(decoder.write(chunk)))
  channel.once('close', () => hear(decoder.end(), true))
}

class SshCommand implements RunningCommand {
  readonly ended: Promise<CommandEnd>
  readonly #connection: Connection
  readonly #channel: ClientChannel
  readonly #killLine: () => Promise<string | null>

  constructor(connection: Connection, channel: ClientChannel, killLine: () => Promise<string | null>) {
    this.#connection = connection
    this.#channel = channel
    this.#killLine = killLine
    // A host that closes its side early is no error of the command's.
    channel.on('error', () => {})
    this.ended = new Promise((resolve) => {
      const drained = () => setTimeout(() => channel.close(), DRAIN_MS).unref()
      channel.once('exit', drained)
      if (exitOf(channel) !== undefined) drained()
      channel.once('close', () => {
        connection.end()
        resolve(endOf(exitOf(channel)))
      })
    })
  }

  write(text: string): void {
    if (this.#channel.writable) this.#channel.write(text)
  }

  endInput(): void {
    if (this.#channel.writable) this.#channel.end()
  }

  /** The connection is closed in the end, whatever became of the attempt. */
  async kill(): Promise<CommandEnd> {
    const limit = setTimeout(() => this.#connection.end(), KILL_LIMIT_MS)
    try {
      const line = await this.#killLine()
      if (line !== null) {
        const killer = await this.#connection.exec(line, AbortSignal.timeout(KILL_LIMIT_MS))
        killer.resume().stderr.resume()
        killer.end()
        await new Promise((resolve) => killer.once('close', resolve))
      }
    } catch {
      // The connection went: nothing more can be done from here.
    }
    this.#channel.close()
    const end = await this.ended
    clearTimeout(limit)
    return end
  }
}
