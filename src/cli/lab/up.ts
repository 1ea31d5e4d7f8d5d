/** `tocsin lab up`: the emulated hosts and the SIEM as a process of their own. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { ScaledClock } from '../../clock/scaled-clock.ts'
import { FolderError } from '../../siem/embedded/durable/folder-error.ts'
import { type Io, UsageError } from '../io.ts'
import { loadRun } from '../run/load.ts'
import { keptClock } from './kept-clock.ts'
import { openLab } from './open-lab.ts'

/** Lab seconds a real second where the lab file says nothing: a detection window of a quarter of an hour takes 15 s. */
const DEFAULT_SCALE = 60

/** What the file system says of a folder that cannot be written. */
const FOLDER_CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENOSPC'])

export async function labUp(options: { lab?: string; scenarios?: string; data?: string }, io: Io): Promise<number> {
  const { lab, analytics } = loadRun(options, io)
  const foreign = Object.entries(lab.hosts).filter(([, host]) => host.emulated === undefined || host.port !== undefined)
  if (foreign.length > 0 || lab.siem.url !== undefined) {
    const names = [...foreign.map(([name]) => name), ...(lab.siem.url === undefined ? [] : ['the SIEM'])]
    throw new UsageError(
      `lab up runs emulated hosts and its own SIEM, but ${names.join(', ')} is somewhere else\n  leave out address, port and siem.url`,
    )
  }
  const folder = await dataFolder(options.data, io)
  const { open, anchor } = await opened()
  const path = join(folder, 'lab.yml')
  const clock = { scale: anchor.scale, origin: new Date(anchor.origin).toISOString() }
  // It holds passwords and keys: for its owner only.
  await writeFile(path, stringify({ ...open.lab, clock }), { mode: 0o600 })
  io.stdout.write(`${JSON.stringify({ lab: path })}\n`)
  await new Promise<void>((resolve) => {
    io.onInterrupt(resolve)
  })
  await open.stop()
  return 0

  async function opened() {
    try {
      const anchor = await keptClock(folder, lab.clock?.scale ?? DEFAULT_SCALE, Date.now())
      const onTrouble = (reason: string) => void io.stderr.write(`SIEM: ${reason}\n`)
      const open = await openLab({ lab, analytics, dataDir: folder, clock: new ScaledClock(anchor), onTrouble })
      return { open, anchor }
    } catch (error) {
      if (isFolderTrouble(error)) throw new UsageError(`--data ${options.data ?? folder}: ${error.message}`)
      throw error
    }
  }
}

/** Whose folder it is can mend it: it is in use, damaged, or not to be written. */
const isFolderTrouble = (error: unknown): error is Error =>
  error instanceof FolderError ||
  (error instanceof Error && FOLDER_CODES.has((error as NodeJS.ErrnoException).code ?? ''))

async function dataFolder(asked: string | undefined, io: Io): Promise<string> {
  try {
    if (asked === undefined) return await mkdtemp(join(tmpdir(), 'tocsin-lab-'))
    const folder = resolve(io.cwd, asked)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return folder
  } catch (error) {
    throw new UsageError(`--data ${asked}: it cannot be made: ${(error as Error).message}`)
  }
}
