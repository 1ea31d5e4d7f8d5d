/** What a run takes. */
import type { Authorization } from '../model/authorization.ts'
import type { Clock } from '../model/clock.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { LabKind } from '../model/words.ts'
import type { RunListener } from './events.ts'
import type { Evidence } from './evidence.ts'
import type { Plan, PlannedTest } from './plan/planned.ts'
import type { Journal, Judge, Siem, Transport } from './ports.ts'
import type { SensingOptions } from './sensing/sensors.ts'
import type { Tap } from './sensing/tap.ts'

export interface RunOptions {
  /** Names the run in its record and its markers: the same id that `plan` was given. */
  id: string
  /** A plan without problems. */
  plan: Plan
  lab: {
    name: string
    kind: LabKind
    /** Lab seconds a real second; for a clock that leaps the mean so far. Asked whenever the record is saved. */
    timeScale(): number
  }
  tool: { version: string }
  authorization: Authorization | null
  transport: Transport
  siem: Siem
  judge: Judge
  /** Must not be kept busy by the caller while the run lasts. */
  clock: Clock
  journal: Journal
  /** Absent: the lab has no network sensor. */
  sensing?: SensingOptions
  /** Begins the capture that the lab itself makes of a test. Absent: it makes none. */
  tap?: (test: PlannedTest) => Tap
  /** Tests that execute at the same time; waiting for the SIEM counts for nothing. */
  concurrency: number
  /** Texts that must not reach the record or an event. */
  secrets: string[]
  /** Ctrl-C: nothing more is started, steps are ended, hosts are cleaned up, what was not judged is `unknown`. */
  signal: AbortSignal
  listen: RunListener
  /** Gets the record whenever it changed, always the same object; writing it down in good time is the callee's part. */
  save: (record: RunRecord) => void
  /** Gets all that judging a test again takes, once its checks are judged; must not throw. Absent: nothing is gathered. */
  keep?: (evidence: Evidence) => Promise<void>
  /** Shortest lab time between two looks at the SIEM, milliseconds. Default 500; on a scaled clock 500 × scale is right. */
  pollMs?: number
  /** Real time, milliseconds since 1970. */
  realNow?: () => number
}
