/** The job of `tocsin cleanup`, from the journals to the exit code. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ScaledClock } from '../../clock/scaled-clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { type Recovered, recover } from '../../engine/cleanup/recover.ts'
import { refusals } from '../../engine/plan/authorization.ts'
import type { Lab } from '../../model/lab.ts'
import { continueJournal, type JournalState, openJournals, readJournal } from '../../record/journal.ts'
import { createTransport } from '../../transport/router.ts'
import { type Io, UsageError } from '../io.ts'
import { readLabFile } from '../lab/lab-file.ts'
import { namedHosts } from '../lab/open-lab.ts'

interface Options {
  reports: string
  authorization?: string
}

/** 0 when nothing is left, 3 when something is or may be. */
export async function cleanupCommand(run: string | undefined, options: Options, io: Io): Promise<number> {
  const journals = (await journalsOf(run, options, io)).filter(({ open }) => open.length > 0)
  if (journals.length === 0) {
    io.stdout.write('Nothing to clean up.\n')
    return 0
  }
  let left = 0
  for (const journal of journals) left += await undo(journal, options, io)
  return left === 0 ? 0 : 3
}

async function journalsOf(run: string | undefined, { reports }: Options, io: Io): Promise<JournalState[]> {
  if (run === undefined) return openJournals(resolve(io.cwd, reports))
  const folder = [resolve(io.cwd, reports, run), resolve(io.cwd, run)].find((path) =>
    existsSync(join(path, 'journal.jsonl')),
  )
  if (folder === undefined)
    throw new UsageError(`no run "${run}" with a journal\n  name the id of a run below ${reports}, or its folder`)
  const journal = await readJournal(folder)
  return journal === null ? [] : [journal]
}

/** Undoes one run's entries; gives the number of those that are not known to be undone. */
async function undo(journal: JournalState, options: Options, io: Io): Promise<number> {
  io.stdout.write(`Run ${journal.run}\n`)
  const writer = continueJournal(journal)
  if (journal.lab === null) {
    for (const { test } of journal.open) await writer.close(test)
    io.stdout.write('  Its embedded lab ended with it: nothing is left.\n')
    return 0
  }
  if (!existsSync(journal.lab)) {
    io.stderr.write(`  Its lab file ${journal.lab} is gone, so its hosts are not known\n`)
    return journal.open.length
  }
  const { lab, secrets, authorization } = await readLabFile({ lab: journal.lab, ...options }, io)
  const touched = new Set(journal.open.flatMap(({ hosts }) => Object.values(hosts)))
  const hosts = namedHosts(lab)
  const refused = refusals(
    hosts.filter(({ name }) => touched.has(name)),
    authorization,
    Date.now(),
  )
  if (refused.length > 0)
    throw new UsageError(refused.map(({ message, mend }) => `${message}${mend ? `\n  ${mend}` : ''}`).join('\n'))
  const interrupt = new AbortController()
  const ignore = io.onInterrupt(() => interrupt.abort())
  const transport = createTransport({ environment: io.env })
  try {
    const recovered = await recover({
      entries: journal.open,
      hosts,
      transport,
      clock: clockOf(lab),
      journal: writer,
      secrets,
      signal: interrupt.signal,
    })
    for (const each of recovered) io.stdout.write(`  ${lineOf(each)}\n`)
    return recovered.filter(({ cleanup }) => !isClean(cleanup)).length
  } finally {
    ignore()
    await transport.close()
  }
}

const isClean = ({ status, verified }: Recovered['cleanup']): boolean => status !== 'failed' && verified

function lineOf({ entry, cleanup }: Recovered): string {
  const names = entry.changes.map(({ name }) => name).join(', ')
  if (!isClean(cleanup)) return `${entry.test}: NOT CLEAN: ${cleanup.reason ?? 'it could not be verified'} (${names})`
  return `${entry.test}: ${cleanup.status === 'not-needed' ? 'nothing was there' : 'undone, and read back'} (${names})`
}

function clockOf({ clock }: Lab) {
  return clock?.origin === undefined
    ? systemClock()
    : new ScaledClock({ scale: clock.scale, origin: Date.parse(clock.origin) })
}
