/**
 * A command's exit status. A quick host's status comes in one packet with the answer that the command was started, so
 * it has to be listened for before anybody who waits for that answer gets a turn.
 */
import type { ClientChannel } from 'ssh2'

export interface ExitStatus {
  code: number | null
  signal: string | undefined
}

const seen = new WeakMap<ClientChannel, ExitStatus>()

/** Call it where the channel is handed over, in the same turn of the event loop. */
export function watchExit(channel: ClientChannel): void {
  channel.once('exit', (code: number | null, signal?: string) => seen.set(channel, { code, signal }))
}

/** What the host said so far; undefined when it said nothing. */
export const exitOf = (channel: ClientChannel): ExitStatus | undefined => seen.get(channel)
