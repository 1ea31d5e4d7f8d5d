/** A capture that the lab itself makes of a test: an emulated lab sees its own wire. */
import type { CaptureRecord } from '../../model/run-record.ts'

export interface Tap {
  /** Ends the capture; gives what became of it. Never throws. */
  stop(): Promise<CaptureRecord>
}
