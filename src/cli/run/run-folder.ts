/** The folder of a run: made, proved to be writable, and its own. What an earlier run wrote there is kept. */
import { constants } from 'node:fs'
import { access, mkdir, readFile, rename, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Journal } from '../../engine/ports.ts'
import { CAPTURES_FOLDER } from '../../model/run-record.ts'
import { isOpen, JOURNAL_FILE, openJournal, readJournal } from '../../record/journal.ts'
import { RECORD_FILE } from '../../record/store.ts'
import { formats } from '../../report/formats.ts'
import { type Io, UsageError } from '../io.ts'
import { isRunning, processIdentity } from '../process-identity.ts'
import { newRunId } from './run-id.ts'

/** Makes a folder and proves that it can be written; gives its absolute path. `option`: what it was named by. */
export async function prepareFolder(asked: string, io: Io, option = '--out'): Promise<string> {
  const folder = resolve(io.cwd, asked)
  return orRefused(`${option} ${asked}`, async () => {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK | constants.X_OK)
    return folder
  })
}

/** Takes a folder for a run: its journal is the claim, which only one run can make. */
export async function claimFolder(
  asked: string,
  run: { id: string; lab: string | null },
  io: Io,
): Promise<{ folder: string; journal: Journal }> {
  const folder = await prepareFolder(asked, io)
  return orRefused(`--out ${asked}`, async () => {
    await setAside(folder, asked, io)
    const journal = await openJournal(folder, { ...run, process: processIdentity(process.pid) })
    return { folder, journal }
  })
}

/** Moves what an earlier run wrote into a folder of its own below. Throws `UsageError` when that run is not done with. */
async function setAside(folder: string, asked: string, io: Io): Promise<void> {
  const earlier = await readJournal(folder)
  if (earlier !== null && earlier.process !== null && isRunning(earlier.process)) {
    throw new UsageError(`--out ${asked}: run ${earlier.run} is still going there\n  name another folder`)
  }
  if (earlier !== null && isOpen(earlier) && earlier.lab !== null) {
    throw new UsageError(
      `--out ${asked}: run ${earlier.run} left something on hosts, and its journal is there\n  run \`tocsin cleanup ${asked}\` first, or name another folder`,
    )
  }
  if (earlier === null && !(await exists(join(folder, RECORD_FILE)))) return
  const name = await idOfRecord(folder)
  await mkdir(join(folder, name), { recursive: true })
  // The journal goes last: until then another attempt finds the rest.
  for (const file of [...Object.values(formats).map(({ file }) => file), CAPTURES_FOLDER, JOURNAL_FILE]) {
    await rename(join(folder, file), join(folder, name, file)).catch(unlessMissing)
  }
  io.stderr.write(`The run that was in ${asked} is now in ${join(asked, name)}\n`)
}

/** The run's id where its record gives one that is a file name; else a name of the record's time. */
async function idOfRecord(folder: string): Promise<string> {
  const path = join(folder, RECORD_FILE)
  try {
    const { id } = JSON.parse(await readFile(path, 'utf8')) as { id?: unknown }
    if (typeof id === 'string' && /^[\w-]{1,100}$/.test(id)) return id
  } catch {
    // No record, or none of ours.
  }
  return newRunId(
    await stat(path).then(
      ({ mtime }) => mtime,
      () => new Date(),
    ),
  )
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Runs it; what the file system refuses is a mistake in the option, which `asked` quotes. */
async function orRefused<T>(asked: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
    const why =
      code === 'ENOSPC'
        ? 'its disk is full'
        : code === 'EEXIST'
          ? 'another run has just begun there, or it is a file'
          : denied
            ? 'it cannot be written'
            : 'it cannot be made'
    throw new UsageError(`${asked}: ${why} (${code})\n  name a folder that you may write`)
  }
}
