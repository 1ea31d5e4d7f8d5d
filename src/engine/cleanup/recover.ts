/** Undoes, after a run that did not end, what its journal says is still on hosts. */
import type { Clock } from '../../model/clock.ts'
import type { JournalEntry } from '../../model/journal.ts'
import type { TestRecord } from '../../model/run-record.ts'
import type { Journal, NamedHost, Transport } from '../ports.ts'

export interface RecoverOptions {
  entries: JournalEntry[]
  /** Hosts of the journal's lab file, passwords resolved. */
  hosts: NamedHost[]
  transport: Transport
  clock: Clock
  journal: Journal
  secrets: string[]
  signal: AbortSignal
}

/** One entry and what became of it; `cleanup.reason` says why when it is not verified. */
export interface Recovered {
  entry: JournalEntry
  cleanup: TestRecord['cleanup']
}

/** Runs each entry's clean-up steps and reads the state back; verified entries are closed in the journal. */
export function recover(_options: RecoverOptions): Promise<Recovered[]> {
  return Promise.reject(new Error('not yet'))
}
