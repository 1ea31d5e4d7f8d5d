/** The run record itself, for programs. */
import type { RunRecord } from '../model/run-record.ts'

export const renderJson = (record: RunRecord): string => `${JSON.stringify(record, null, 2)}\n`
