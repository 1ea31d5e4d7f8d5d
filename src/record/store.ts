/** A run's record on disk: written as the run goes, whole at any moment, read back against its schema. */
import { readFile } from 'node:fs/promises'
import { RunRecord } from '../model/run-record.ts'
import { openLiveFile } from './live-file.ts'

export const RECORD_FILE = 'run.json'

export interface RecordStore {
  /** Writes the record soon; the first is on disk when it returns, before anything of the run can have begun. */
  save(record: RunRecord): void
  /** Writes what is left to write, at once. Throws what a write threw. */
  close(): Promise<void>
}

/** `run.json` in `folder`, which is made when it is missing. Throws when it cannot be written. */
export const openRecordStore = (folder: string): Promise<RecordStore> =>
  openLiveFile(folder, RECORD_FILE, (record: RunRecord) => `${JSON.stringify(record, null, 2)}\n`)

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
