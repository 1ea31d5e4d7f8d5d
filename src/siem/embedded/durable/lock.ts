/** One server a folder: a file that names the process which holds it. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pid } from 'node:process'
import { FolderError } from './folder-error.ts'

/** Takes the folder. Throws when a living process holds it. Returns what gives it back. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock')
  const holder = await holderOf(path)
  if (holder !== null) throw new FolderError(`${folder} is in use by another embedded SIEM (process ${holder})`)
  held.add(path)
  await writeFile(path, String(pid), { mode: 0o600 })
  return async () => {
    held.delete(path)
    await rm(path, { force: true })
  }
}

/** Locks of this process: a number alone could be that of one that was killed and whose number we got. */
const held = new Set<string>()

/** The living process that holds a lock; null when there is none. A process that was killed left its file behind. */
async function holderOf(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const holder = Number(text)
  if (!Number.isInteger(holder) || holder <= 0) return null
  try {
    process.kill(holder, 0)
    return holder === pid && !held.has(path) ? null : holder
  } catch {
    return null
  }
}
