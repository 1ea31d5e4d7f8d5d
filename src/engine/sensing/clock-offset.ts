/** How far a host's clock is ahead of the run's, asked of one process that is already running. */
import type { Clock } from '../../model/clock.ts'
import type { ClockOffset } from '../../model/run-record.ts'
import type { Command, NamedHost, Transport } from '../ports.ts'

/** The sample with the shortest way there and back is the one that counts. */
const SAMPLES = 7
/** Real time for all of it, the start of the process included. */
const LIMIT_MS = 10_000

/** Each answers a line of input with the milliseconds, or nanoseconds, since 1970. */
const ASK: Record<'windows' | 'other', Omit<Command, 'stdin'>> = {
  windows: {
    shell: 'powershell',
    text: 'while ($null -ne [Console]::In.ReadLine()) { [Console]::Out.WriteLine([DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()) }',
  },
  other: { shell: 'sh', text: 'while read -r line; do date +%s%N; done' },
}

/** Null when the host does not say: what is not measured is not taken off. */
export async function clockOffset(
  host: NamedHost,
  { transport, clock }: { transport: Transport; clock: Clock },
): Promise<ClockOffset | null> {
  // What runs on this machine reads the run's own clock.
  if (host.transport !== 'ssh') return { host: host.name, offsetMs: 0, roundTripMs: 0 }
  let heard = ''
  let hear = () => {}
  const listener = {
    stdout: (chunk: Buffer) => {
      heard += chunk.toString('latin1')
      if (heard.includes('\n')) hear()
    },
    stderr: () => {},
  }
  const running = await transport.start(host, ASK[host.os === 'windows' ? 'windows' : 'other'], listener)
  const limit = setTimeout(() => void running.kill(), LIMIT_MS)
  const over = running.ended.then(() => false)
  let best: ClockOffset | null = null
  try {
    // One more than counts: the first waits for the process to start.
    for (let sample = 0; sample <= SAMPLES; sample += 1) {
      heard = ''
      const answered = new Promise<boolean>((resolve) => {
        hear = () => resolve(true)
      })
      const asked = performance.now()
      running.write('\n')
      if (!(await Promise.race([answered, over]))) break
      const roundTripMs = performance.now() - asked
      const theirs = millisecondsOf(heard)
      if (theirs === null) break
      const offsetMs = theirs - (clock.now() - roundTripMs / 2)
      if (best === null || roundTripMs < best.roundTripMs) best = { host: host.name, offsetMs, roundTripMs }
    }
  } finally {
    running.endInput()
    await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, 500))])
    await running.kill()
    clearTimeout(limit)
  }
  return best === null ? null : { ...best, offsetMs: round(best.offsetMs), roundTripMs: round(best.roundTripMs) }
}

const round = (ms: number): number => Math.round(ms * 10) / 10

/** Nanoseconds have 19 digits until the year 2286. */
function millisecondsOf(line: string): number | null {
  const digits = /^(\d{13,19})\r?\n/.exec(line)?.[1]
  if (digits === undefined) return null
  return digits.length === 13 ? Number(digits) : Number(digits) / 1_000_000
}
