/** The job of `tocsin cleanup`, from the journals to the exit code. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { anchoredClock } from '../../clock/anchored-clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { type Recovered, recover } from '../../engine/cleanup/recover.ts'
import { recoverCapture } from '../../engine/cleanup/recover-capture.ts'
import { refusals } from '../../engine/plan/authorization.ts'
import { continueJournal, isOpen, type JournalState, openJournals, readJournal } from '../../record/journal.ts'
import { createTransport } from '../../transport/router.ts'
import { type Io, UsageError } from '../io.ts'
import { readLabFile } from '../lab/lab-file.ts'
import { namedHosts } from '../lab/open-lab.ts'
import { printable, terminalText } from '../printable.ts'
import { isRunning } from '../process-identity.ts'

interface Options {
  reports: string
  authorization?: string
}

/** 0 when nothing is left, 3 when something is or may be, 130 when it was interrupted. */
export async function cleanupCommand(run: string | undefined, options: Options, io: Io): Promise<number> {
  const journals = (await readable(() => journalsOf(run, options, io))).filter(isOpen)
  const ended = journals.filter(({ process }) => process === null || !isRunning(process))
  for (const going of journals.filter((journal) => !ended.includes(journal))) {
    if (run !== undefined)
      throw new UsageError(`run ${going.run} is still going\n  end it first: it cleans up after itself`)
    io.stdout.write(`Run ${printable(going.run)} is still going: it is left alone.\n`)
  }
  if (ended.length === 0) {
    io.stdout.write('Nothing to clean up.\n')
    return 0
  }
  const interrupt = new AbortController()
  const ignore = io.onInterrupt(() => interrupt.abort())
  let left = 0
  for (const journal of ended) left += await undo(journal, options, { io, signal: interrupt.signal })
  ignore()
  if (interrupt.signal.aborted) return 130
  return left === 0 ? 0 : 3
}

/** What the file system refuses is said as it is. */
async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`the journals cannot be read: ${(error as Error).message}`)
  }
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

interface Context {
  io: Io
  signal: AbortSignal
}

/** Undoes one run's entries; gives the number of those that are not known to be undone. What stops it does not stop the next. */
async function undo(journal: JournalState, options: Options, context: Context): Promise<number> {
  const { io, signal } = context
  if (signal.aborted) return leftIn(journal)
  io.stdout.write(`Run ${printable(journal.run || journal.path)}\n`)
  try {
    return await undoEntries(journal, options, context)
  } catch (error) {
    const lines = (error as Error).message.trimEnd().split('\n')
    io.stderr.write(lines.map((line) => `  ${terminalText(line, io.colour)}\n`).join(''))
    return leftIn(journal)
  }
}

/** The number of things that may be left on hosts. */
const leftIn = ({ open, captures }: JournalState): number => open.length + captures.length

async function undoEntries(journal: JournalState, options: Options, { io, signal }: Context): Promise<number> {
  if (journal.run === '') throw new UsageError('The first line of its journal is damaged, so its lab is not known')
  const writer = continueJournal(journal)
  if (journal.lab === null) {
    for (const { test } of journal.open) await writer.close(test)
    for (const { id } of journal.captures) await writer.captured(id)
    io.stdout.write('  Its embedded lab ended with it: nothing is left.\n')
    return 0
  }
  if (!existsSync(journal.lab)) {
    throw new UsageError(
      `Its lab file ${journal.lab} is gone, so its hosts are not known\n  put it back (a lab of \`tocsin lab up\`: start it again with the same --data)`,
    )
  }
  const { lab, secrets, authorization } = readLabFile({ lab: journal.lab, ...options }, io)
  const touched = new Set([
    ...journal.open.flatMap(({ hosts }) => Object.values(hosts)),
    ...journal.captures.map(({ sensor }) => sensor),
  ])
  const hosts = namedHosts(lab)
  const refused = refusals(
    hosts.filter(({ name }) => touched.has(name)),
    authorization,
    Date.now(),
  )
  if (refused.length > 0)
    throw new UsageError(refused.map(({ message, mend }) => `${message}${mend ? `\n  ${mend}` : ''}`).join('\n'))
  const transport = createTransport({ environment: io.env })
  try {
    const recovered = await recover({
      entries: journal.open,
      hosts,
      transport,
      clock: anchoredClock(lab) ?? systemClock(),
      journal: writer,
      secrets,
      signal,
    })
    for (const each of recovered) io.stdout.write(`  ${lineOf(each)}\n`)
    let left = journal.open.length - recovered.filter(({ cleanup }) => isClean(cleanup)).length
    for (const capture of journal.captures) {
      const reason = await recoverCapture(capture, { hosts, transport, journal: writer, signal })
      if (reason !== null) left += 1
      const what = reason === null ? 'nothing captures there any more' : `NOT CLEAN: ${reason}`
      io.stdout.write(`  ${printable(`${capture.test}: ${what} (sensor ${capture.sensor})`)}\n`)
    }
    return left
  } finally {
    await transport.close()
  }
}

const isClean = ({ status, verified }: Recovered['cleanup']): boolean => status !== 'failed' && verified

function lineOf({ entry, cleanup }: Recovered): string {
  const names = entry.changes.map(({ name }) => name).join(', ')
  const what = isClean(cleanup)
    ? cleanup.status === 'not-needed'
      ? 'nothing was there'
      : 'undone, and read back'
    : `NOT CLEAN: ${cleanup.reason ?? 'it could not be verified'}`
  return printable(`${entry.test}: ${what} (${names})`)
}
