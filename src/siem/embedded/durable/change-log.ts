/**
 * The file of changes: one line each, a checksum and its JSON. A change is acknowledged only after the line is on disk;
 * changes of many requests share one sync. Opening replays the file, drops a torn last line and packs the rest.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Change, ChangeLog } from '../store/changes.ts'
import type { Store } from '../store/store.ts'
import { FolderError } from './folder-error.ts'
import { lockFolder } from './lock.ts'
import { changesOf } from './snapshot.ts'

const NAME = 'changes.log'
/** Only who runs the server may read what it keeps: its key is among it. */
const MODE = 0o600
/** A file with less waste than this is left as it is. */
const MIN_WASTE_BYTES = 1024 * 1024
const WRITE_BYTES = 1024 * 1024

export class DurableLog implements ChangeLog {
  readonly #file: FileHandle
  readonly #unlock: () => Promise<void>
  #pending: string[] = []
  #writing: Promise<void> | null = null
  /** Why the disk refused: from then on nothing more is acknowledged. */
  #failure: unknown = null

  private constructor(file: FileHandle, unlock: () => Promise<void>) {
    this.#file = file
    this.#unlock = unlock
  }

  /** Fills the store from the folder, which is made when it is missing. Throws when it is damaged or in use. */
  static async open(folder: string, store: Store): Promise<DurableLog> {
    await mkdir(folder, { recursive: true })
    const unlock = await lockFolder(folder)
    try {
      const path = join(folder, NAME)
      const { kept, whole } = await replay(path, store)
      if (kept < whole) await truncate(path, kept)
      await pack(folder, path, store, kept)
      const file = await open(path, 'a', MODE)
      await syncFolder(folder)
      return new DurableLog(file, unlock)
    } catch (error) {
      await unlock()
      throw error
    }
  }

  append(change: Change): void {
    this.#pending.push(lineOf(change))
  }

  /** Resolves when all that was appended so far is on disk. Rejects when the disk refuses. */
  async settled(): Promise<void> {
    // A write that is under way took its lines before ours; ours go with the next.
    while (this.#pending.length > 0 || this.#writing !== null) {
      if (this.#failure !== null) break
      this.#writing ??= this.#write().finally(() => {
        this.#writing = null
      })
      await this.#writing
    }
    if (this.#failure !== null) throw this.#failure
  }

  async #write(): Promise<void> {
    const lines = this.#pending
    this.#pending = []
    try {
      await this.#file.appendFile(lines.join(''))
      await this.#file.datasync()
    } catch (error) {
      this.#failure = error
    }
  }

  async close(): Promise<void> {
    await this.settled().catch(() => {})
    await this.#file.close()
    await this.#unlock()
  }
}

function lineOf(change: Change): string {
  const json = JSON.stringify(change)
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

/** The change of a line without its end; null when it is torn or damaged. */
function changeOf(line: string): Change | null {
  const json = line.slice(9)
  if (line[8] !== ' ' || crc32(json) !== Number.parseInt(line.slice(0, 8), 16)) return null
  return JSON.parse(json) as Change
}

/** Applies every whole line: how many bytes they are, of how many. Throws when a line before the last is damaged. */
async function replay(path: string, store: Store): Promise<{ kept: number; whole: number }> {
  let kept = 0
  let whole = 0
  let broken = false
  const apply = (line: string) => {
    if (broken) throw new FolderError(`${path} is damaged at byte ${kept}: more follows a line that is not whole`)
    const change = changeOf(line)
    if (change === null) {
      broken = true
      return
    }
    store.apply(change)
    kept += Buffer.byteLength(line) + 1
  }
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: WRITE_BYTES }) as AsyncIterable<Buffer>) {
      whole += chunk.length
      const last = chunk.lastIndexOf(10)
      if (last === -1) {
        rest = Buffer.concat([rest, chunk])
        continue
      }
      const lines = Buffer.concat([rest, chunk.subarray(0, last)]).toString('utf8')
      rest = Buffer.from(chunk.subarray(last + 1))
      for (const line of lines.split('\n')) apply(line)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return { kept, whole }
}

/** Writes the file anew when more than half of it speaks of what is no longer there. */
async function pack(folder: string, path: string, store: Store, size: number): Promise<void> {
  let live = 0
  for (const change of changesOf(store)) live += lineOf(change).length
  if (size - live < Math.max(MIN_WASTE_BYTES, live)) return
  const next = `${path}.new`
  const file = await open(next, 'w', MODE)
  let batch = ''
  for (const change of changesOf(store)) {
    batch += lineOf(change)
    if (batch.length < WRITE_BYTES) continue
    await file.appendFile(batch)
    batch = ''
  }
  await file.appendFile(batch)
  await file.sync()
  await file.close()
  await rename(next, path)
  await syncFolder(folder)
}

/** Makes the names in a folder as safe as the files' contents. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}
