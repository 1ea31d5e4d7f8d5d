/** What a live run looks like at this moment, kept from its events. */
import type { RunEvent } from '../../model/run-event.ts'
import type { Outcome, Phase } from '../../model/words.ts'

export interface RunningStep {
  test: string
  phase: Phase
  host: string
  command: string
}

export interface ProgressState {
  tests: number
  executed: number
  checks: number
  judged: number
  outcomes: Record<Outcome, number>
  /** The step that runs now, by test. */
  running: Map<string, RunningStep>
  /** Lab time of the last look at the SIEM; null before the first. */
  labTime: number | null
  interrupted: boolean
}

export const newProgress = (): ProgressState => ({
  tests: 0,
  executed: 0,
  checks: 0,
  judged: 0,
  outcomes: { expected: 0, unexpected: 0, 'known-gap': 0, inconclusive: 0 },
  running: new Map(),
  labTime: null,
  interrupted: false,
})

/** Takes an event into the state. */
export function follow(state: ProgressState, event: RunEvent): void {
  switch (event.type) {
    case 'run-started':
      state.tests = event.record.tests.length
      state.checks = event.record.tests.reduce((sum, test) => sum + test.checks.length, 0)
      break
    case 'step-started':
      state.running.set(event.test, event)
      break
    case 'step-finished':
      state.running.delete(event.test)
      break
    case 'test-executed':
      state.executed += 1
      break
    case 'waiting':
      state.labTime = event.labTime
      break
    case 'check-judged':
      state.judged += 1
      state.outcomes[event.check.outcome] += 1
      break
    case 'interrupted':
      state.interrupted = true
      break
  }
}
