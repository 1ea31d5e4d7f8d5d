/** What a reader of records tells. */
import type { InputProblem } from './damage.ts'

export interface RecordSink {
  /**
   * Called for every record: its value, its number from 1, the byte it begins at, and who of those that look for events
   * may want it, as numbers that a sieve was given; null or absent for everybody.
   */
  onRecord(value: Record<string, unknown>, record: number, offset: number, wanted?: readonly number[] | null): void
  /** Called for what is wrong; `lost` when it cost a record, whose number the problem then has. */
  onProblem(problem: InputProblem, lost: boolean): void
}
