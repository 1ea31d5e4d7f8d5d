/** Clean-up journals on disk: `journal.jsonl` in a run's folder, one line a fact, only ever added to. */
import { type FileHandle, mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Journal } from '../engine/ports.ts'
import { type JournalCapture, type JournalEntry, JournalLine } from '../model/journal.ts'

export const JOURNAL_FILE = 'journal.jsonl'

/** What a journal says is still to be undone. */
export interface JournalState {
  path: string
  run: string
  /** The lab file that the run used; null when its lab ended with it. */
  lab: string | null
  /** Identity of the process that ran it, for who can tell whether it is still there. */
  process: string | null
  open: JournalEntry[]
  /** Captures that may still go on. */
  captures: JournalCapture[]
}

/** Whether anything may be left on hosts. */
export const isOpen = ({ open, captures }: JournalState): boolean => open.length + captures.length > 0

/**
 * Starts a run's journal. `lab`: path of the lab file, null when the lab ends with the run. Throws `EEXIST` when the folder
 * has a journal: what one run left must not be read as another's.
 */
export async function openJournal(
  folder: string,
  run: { id: string; lab: string | null; process?: string | null },
): Promise<Journal> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, JOURNAL_FILE)
  const { id, lab, process = null } = run
  await writeFile(path, textOf({ type: 'run', run: id, at: new Date().toISOString(), lab, process }), {
    flag: 'wx',
    flush: true,
  })
  return journalOn(new LineWriter(path))
}

/** A journal to go on writing to: `tocsin cleanup` closes the entries it undid. */
export const continueJournal = ({ path }: JournalState): Journal => journalOn(new LineWriter(path, '\n'))

function journalOn(lines: LineWriter): Journal {
  const now = () => new Date().toISOString()
  return {
    open: (entry) => lines.add({ type: 'opened', at: now(), entry }),
    close: (test) => lines.add({ type: 'closed', at: now(), test }),
    capturing: (capture) => lines.add({ type: 'capturing', at: now(), capture }),
    captured: (id) => lines.add({ type: 'captured', at: now(), capture: id }),
  }
}

const textOf = (line: JournalLine): string => `${JSON.stringify(line)}\n`

/** Adds lines and syncs them to disk; those that come during one sync share the next. */
class LineWriter {
  readonly #path: string
  #before: string
  #pending: string[] = []
  #next: Promise<void> | null = null
  #last: Promise<void> = Promise.resolve()

  /** `before` comes before the first line: it ends a line that may have been cut. */
  constructor(path: string, before = '') {
    this.#path = path
    this.#before = before
  }

  /** Resolves once the line is on disk. */
  add(line: JournalLine): Promise<void> {
    this.#pending.push(textOf(line))
    if (this.#next === null) {
      this.#next = this.#last.catch(() => {}).then(() => this.#write())
      this.#last = this.#next
    }
    return this.#next
  }

  async #write(): Promise<void> {
    this.#next = null
    const text = this.#before + this.#pending.join('')
    this.#before = ''
    this.#pending = []
    let file: FileHandle | undefined
    try {
      file = await open(this.#path, 'a')
      await file.appendFile(text)
      await file.datasync()
    } finally {
      await file?.close()
    }
  }
}

/** Reads the journal of one run's folder; null when there is none. What is no line of a journal is left out. */
export async function readJournal(folder: string): Promise<JournalState | null> {
  const path = join(folder, JOURNAL_FILE)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (text === null) return null
  const state: JournalState = { path, run: '', lab: null, process: null, open: [], captures: [] }
  for (const line of text.split('\n').flatMap(parseLine)) {
    if (line.type === 'run') {
      state.run = line.run
      state.lab = line.lab
      state.process = line.process
    } else if (line.type === 'opened') state.open.push(line.entry)
    else if (line.type === 'closed') state.open = state.open.filter(({ test }) => test !== line.test)
    else if (line.type === 'capturing') state.captures.push(line.capture)
    else state.captures = state.captures.filter(({ id }) => id !== line.capture)
  }
  return state
}

/** The last line of a run that was killed may be cut: whatever it was about had not begun. */
function parseLine(text: string): JournalLine[] {
  try {
    const parsed = JournalLine.safeParse(JSON.parse(text))
    return parsed.success ? [parsed.data] : []
  } catch {
    return []
  }
}

/** The journals with open entries of all runs below a reports folder, by folder name. */
export async function openJournals(reports: string): Promise<JournalState[]> {
  const names = await readdir(reports).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const states = await Promise.all(names.sort().map((name) => readJournal(join(reports, name))))
  return states.filter((state) => state !== null && isOpen(state)) as JournalState[]
}
