/** Undoes, after a run that did not end, what its journal says is still on hosts. */
import type { Clock } from '../../model/clock.ts'
import type { JournalEntry } from '../../model/journal.ts'
import type { TestRecord } from '../../model/run-record.ts'
import type { CommandContext } from '../execute/command.ts'
import type { Journal, NamedHost, Transport } from '../ports.ts'
import { redactor } from '../redact.ts'
import { cleanUp } from './clean-up.ts'
import { readBack } from './read-back.ts'

/** Real time for reading one entry's changes before anything is done about them. */
const READING_LIMIT_MS = 60_000

export interface RecoverOptions {
  entries: JournalEntry[]
  /** Hosts of the journal's lab file, passwords resolved. */
  hosts: NamedHost[]
  transport: Transport
  clock: Clock
  journal: Journal
  secrets: string[]
  /** Ends it after the entry that is being undone. */
  signal: AbortSignal
}

/** One entry and what became of it; `cleanup.reason` says why when it is not verified. */
export interface Recovered {
  entry: JournalEntry
  cleanup: TestRecord['cleanup']
}

/**
 * Reads of each entry, last change first, what is there; runs its clean-up steps unless that is nothing, and reads again.
 * Verified entries are closed in the journal.
 */
export async function recover(options: RecoverOptions): Promise<Recovered[]> {
  const { transport, clock, journal, signal } = options
  const context = { transport, clock, redact: redactor(options.secrets), listen: () => {} }
  const byName = new Map(options.hosts.map((host) => [host.name, host]))
  const recovered: Recovered[] = []
  for (const entry of options.entries.toReversed()) {
    if (signal.aborted) break
    const hosts = new Map<string, NamedHost>()
    for (const [role, name] of Object.entries(entry.hosts)) {
      const host = byName.get(name)
      if (host !== undefined) hosts.set(role, host)
    }
    const missing = Object.entries(entry.hosts).find(([role]) => !hosts.has(role))
    const cleanup =
      missing === undefined
        ? await clock.busy(() => undo(context, entry, hosts))
        : { status: 'failed' as const, verified: false, reason: `the lab has no host ${missing[1]} any more` }
    if (cleanup.verified) await journal.close(entry.test)
    recovered.push({ entry, cleanup })
  }
  return recovered
}

async function undo(
  context: CommandContext,
  entry: JournalEntry,
  hosts: ReadonlyMap<string, NamedHost>,
): Promise<TestRecord['cleanup']> {
  if (await nothingThere(context, entry, hosts)) return { status: 'not-needed', verified: true, reason: null }
  return cleanUp(context, { entry, hosts, made: true, onStep: () => {} })
}

/** Whether all that the entry may have changed can be read back, and is absent. */
async function nothingThere(
  { transport }: CommandContext,
  { changes }: JournalEntry,
  hosts: ReadonlyMap<string, NamedHost>,
): Promise<boolean> {
  if (changes.length === 0 || changes.some(({ kind }) => kind === 'none')) return false
  const signal = AbortSignal.timeout(READING_LIMIT_MS)
  const found = await Promise.all(
    changes.map(async (change) => {
      const host = hosts.get(change.host)
      return host === undefined ? null : readBack(change, host, { transport, signal })
    }),
  )
  return found.every((state) => state?.state === 'absent')
}
