/** The one stream of what happens in a run. Progress and reports read it; nothing below the CLI prints. */
import type { CheckRecord, RunRecord, StepRecord, TestRecord } from './run-record.ts'
import type { Phase } from './words.ts'

export type RunEvent =
  | { type: 'run-started'; record: RunRecord; lanes: number }
  | { type: 'test-started'; test: string }
  | { type: 'step-started'; test: string; phase: Phase; host: string; command: string }
  | { type: 'step-finished'; test: string; step: StepRecord }
  /** The steps of the test ended; its checks now wait for the SIEM. */
  | { type: 'test-executed'; test: string; status: TestRecord['execution']['status'] }
  | { type: 'cleanup-finished'; test: string; cleanup: TestRecord['cleanup'] }
  | { type: 'waiting'; checks: number; labTime: number }
  | { type: 'siem-trouble'; reason: string }
  | { type: 'sensor-trouble'; reason: string }
  | { type: 'check-judged'; test: string; check: CheckRecord }
  | { type: 'test-finished'; test: TestRecord }
  | { type: 'interrupted' }
  | { type: 'run-finished'; record: RunRecord }

export type RunListener = (event: RunEvent) => void
