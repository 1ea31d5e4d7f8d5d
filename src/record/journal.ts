/** Clean-up journals on disk: `journal.jsonl` in a run's folder. */
import type { Journal } from '../engine/ports.ts'
import type { JournalEntry } from '../model/journal.ts'

/** What a journal says is still to be undone. */
export interface JournalState {
  path: string
  run: string
  /** The lab file that the run used, or null for the embedded lab of that run. */
  lab: string | null
  open: JournalEntry[]
}

/** Starts a run's journal. `lab`: path of the lab file, null when the lab ends with the run. */
export function openJournal(_folder: string, _run: { id: string; lab: string | null }): Promise<Journal> {
  return Promise.reject(new Error('not yet'))
}

/** Reads the journal of one run's folder; null when there is none. A torn last line is left out. */
export function readJournal(_folder: string): Promise<JournalState | null> {
  return Promise.reject(new Error('not yet'))
}

/** The journals with open entries of all runs below a reports folder, oldest run first. */
export function openJournals(_reports: string): Promise<JournalState[]> {
  return Promise.reject(new Error('not yet'))
}

/** A journal to go on writing to: `tocsin cleanup` closes the entries it undid. */
export function continueJournal(_state: JournalState): Journal {
  throw new Error('not yet')
}
