/** Follows a started command to its end. */
import iconv from 'iconv-lite'
import type { ClientChannel } from 'ssh2'
import type { CommandEnd } from '../../engine/ports.ts'
import { exitCodeOfSignal } from '../exit-code.ts'
import { Output } from '../output.ts'
import { type ExitStatus, exitOf } from './exit-status.ts'

/** After the exit status a child that still holds the output keeps the channel open: so long without output is its end. */
const QUIET_AFTER_EXIT_MS = 1_000
/** A killed command has so long to close its channel, then it is closed from here. */
const CLOSE_AFTER_KILL_MS = 2_000

export interface FollowOptions {
  stdin: string
  encoding: string
  timeoutMs: number
  signal: AbortSignal | undefined
  /** Ends the command's processes on the host. */
  kill: () => Promise<void>
}

export function follow(
  channel: ClientChannel,
  { stdin, encoding, timeoutMs, signal, kill }: FollowOptions,
): Promise<{ end: CommandEnd; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const stdout = new Output()
    const stderr = new Output()
    let cutShort: 'timed-out' | 'interrupted' | undefined
    let quiet: NodeJS.Timeout | undefined

    const finish = () => {
      clearTimeout(limit)
      clearTimeout(quiet)
      signal?.removeEventListener('abort', onAbort)
      channel.close()
      const end: CommandEnd = cutShort === undefined ? endOf(exitOf(channel)) : { kind: cutShort }
      resolve({ end, stdout: stdout.text(encoding), stderr: stderr.text(encoding) })
    }
    const restartQuiet = () => {
      if (exitOf(channel) === undefined) return
      clearTimeout(quiet)
      quiet = setTimeout(finish, QUIET_AFTER_EXIT_MS)
    }
    const cut = async (how: 'timed-out' | 'interrupted') => {
      if (cutShort !== undefined) return
      cutShort = how
      clearTimeout(quiet)
      clearTimeout(limit)
      await kill()
      quiet = setTimeout(finish, CLOSE_AFTER_KILL_MS)
    }
    const onAbort = () => void cut('interrupted')
    const limit = setTimeout(() => void cut('timed-out'), timeoutMs)
    signal?.addEventListener('abort', onAbort, { once: true })

    channel.on('data', (chunk: Buffer) => {
      stdout.add(chunk)
      restartQuiet()
    })
    channel.stderr.on('data', (chunk: Buffer) => {
      stderr.add(chunk)
      restartQuiet()
    })
    // Output may still arrive after `exit`: `close` is the end.
    channel.once('exit', restartQuiet)
    restartQuiet()
    channel.once('close', finish)
    // A host that closes its side early is no error of the command's.
    channel.on('error', () => {})
    channel.end(stdin === '' ? undefined : iconv.encode(stdin, encoding))
    if (signal?.aborted) onAbort()
  })
}

/** What a channel's exit status says of its command. */
export function endOf(exit: ExitStatus | undefined): CommandEnd {
  if (exit === undefined) return { kind: 'lost', reason: 'it ended without an exit status' }
  if (exit.code === null) return { kind: 'exited', exitCode: exitCodeOfSignal(exit.signal) }
  // Windows' exit codes travel unsigned: 0x80004005 arrives as 2147500037.
  return { kind: 'exited', exitCode: exit.code | 0 }
}
