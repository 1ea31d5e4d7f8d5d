/** A run's record on disk: written as the run goes, whole at any moment, read back against its schema. */
import type { RunRecord } from '../model/run-record.ts'

export interface RecordStore {
  /** Writes the record soon; several calls within the delay become one write. */
  save(record: RunRecord): void
  /** Writes what is left to write, at once. Throws what the last write threw. */
  close(): Promise<void>
}

/** `run.json` in `folder`, which is made when it is missing. Throws when it cannot be written. */
export function openRecordStore(_folder: string): Promise<RecordStore> {
  return Promise.reject(new Error('not yet'))
}

/** Reads a record file; throws an Error whose message says what is wrong with it. */
export function readRecord(_path: string): Promise<RunRecord> {
  return Promise.reject(new Error('not yet'))
}
