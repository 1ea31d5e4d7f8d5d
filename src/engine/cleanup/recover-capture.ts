/** Ends what a run that did not end left capturing on a sensor, and reads back that nothing of it is there. */
import type { JournalCapture } from '../../model/journal.ts'
import { problemOf } from '../execute/command.ts'
import type { Journal, NamedHost, Transport } from '../ports.ts'
import { END_CAPTURE } from '../sensing/capture-command.ts'

/** Real time. */
const TIMEOUT_MS = 30_000

/** Null when nothing is left, and the journal says so from now on; else why that is not known. */
export async function recoverCapture(
  capture: JournalCapture,
  options: { hosts: readonly NamedHost[]; transport: Transport; journal: Journal; signal: AbortSignal },
): Promise<string | null> {
  const host = options.hosts.find(({ name }) => name === capture.sensor)
  if (host === undefined) return `the lab has no host ${capture.sensor} any more`
  const command = { text: END_CAPTURE, shell: 'sh' as const, stdin: `${capture.id}\n` }
  const { end, stdout, stderr } = await options.transport.run(host, command, {
    timeoutMs: TIMEOUT_MS,
    signal: options.signal,
  })
  const problem = problemOf(end)
  if (problem !== null) return problem
  if (stdout.trim() !== 'absent') return stdout.trim() === 'present' ? 'it is still there' : stderr.trim().slice(0, 300)
  await options.journal.captured(capture.id)
  return null
}
