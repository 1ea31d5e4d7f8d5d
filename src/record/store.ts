/** A run's record on disk: written as the run goes, whole at any moment, read back against its schema. */
import { renameSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RunRecord } from '../model/run-record.ts'

export const RECORD_FILE = 'run.json'

/** Real time within which several changes become one write. */
const DELAY_MS = 200

export interface RecordStore {
  /**
   * Writes the record soon; several calls within the delay become one write. The first is on disk when it returns, before
   * anything of the run can have begun; it throws what the write threw.
   */
  save(record: RunRecord): void
  /** Writes what is left to write, at once. Throws what a write threw. */
  close(): Promise<void>
}

/** `run.json` in `folder`, which is made when it is missing. Throws when it cannot be written. */
export async function openRecordStore(folder: string): Promise<RecordStore> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, RECORD_FILE)
  let latest: RunRecord | null = null
  let begun = false
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    // The text is made when its turn has come: a slow disk does not pile up old ones. After a failure it is tried again.
    writing = writing
      .catch(() => {})
      .then(async () => {
        if (latest === null) return
        const record = latest
        latest = null
        try {
          await replace(folder, path, textOf(record))
        } catch (error) {
          latest ??= record
          throw error
        }
      })
    // Reported by close(); a failed write must not end the run that it is about.
    writing.catch(() => {})
    return writing
  }
  return {
    save(record) {
      if (!begun) {
        begun = true
        writeFileSync(join(folder, asideName), textOf(record), { flush: true })
        renameSync(join(folder, asideName), path)
        return
      }
      latest = record
      timer ??= setTimeout(write, DELAY_MS)
    },
    close: write,
  }
}

const textOf = (record: RunRecord): string => `${JSON.stringify(record, null, 2)}\n`

/** Whoever reads meanwhile, or after a crash, finds the old file or the new one, never a part. */
async function replace(folder: string, path: string, text: string): Promise<void> {
  await writeFile(join(folder, asideName), text, { flush: true })
  await rename(join(folder, asideName), path)
}

const asideName = `.${RECORD_FILE}.part`

/** Reads a record file; throws an Error whose message says what is wrong with it. */
export async function readRecord(path: string): Promise<RunRecord> {
  const text = await readFile(path, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`)
  }
  const parsed = RunRecord.safeParse(value)
  if (parsed.success) return parsed.data
  const mistakes = parsed.error.issues
    .slice(0, 5)
    .map(({ path: at, message }) => `${at.join('.') || 'record'}: ${message}`)
  throw new Error(`${path} is no record of a run (tocsin.run/1): ${mistakes.join('; ')}`)
}
