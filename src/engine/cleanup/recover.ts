/** Undoes, after a run that did not end, what its journal says is still on hosts. */
import type { Clock } from '../../model/clock.ts'
import type { JournalEntry } from '../../model/journal.ts'
import type { TestRecord } from '../../model/run-record.ts'
import type { Journal, NamedHost, Transport } from '../ports.ts'
import { redactor } from '../redact.ts'
import { cleanUp } from './clean-up.ts'

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

/** Runs each entry's clean-up steps, last change first, and reads the state back; verified entries are closed in the journal. */
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
        ? await clock.busy(() => cleanUp(context, { entry, hosts, made: true, onStep: () => {} }))
        : { status: 'failed' as const, verified: false, reason: `the lab has no host ${missing[1]} any more` }
    if (cleanup.verified) await journal.close(entry.test)
    recovered.push({ entry, cleanup })
  }
  return recovered
}
