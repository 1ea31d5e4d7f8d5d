/** What a reader of records tells. */
import type { InputProblem } from './damage.ts'

export interface RecordSink {
  /** Called for every record: its value, its number from 1 and the byte it begins at. */
  onRecord(value: Record<string, unknown>, record: number, offset: number): void
  /** Called for what is wrong; `lost` when it cost a record, whose number the problem then has. */
  onProblem(problem: InputProblem, lost: boolean): void
}
