/** What the end of one command means for its test. */
import type { StepRecord } from '../../model/run-record.ts'
import type { ExecutionStatus } from '../../model/words.ts'
import type { CommandEnd } from '../ports.ts'
import { problemOf } from './command.ts'
import { preventedBy } from './prevention.ts'

export interface StepVerdict {
  status: ExecutionStatus
  /** Null when it completed. */
  reason: string | null
  /** False when nobody can say how far the command got. */
  certain: boolean
}

/** `first`: no command of the test has run before this one. */
export function judgeStep(
  end: CommandEnd,
  step: StepRecord,
  { exitCodes, first }: { exitCodes: readonly number[]; first: boolean },
): StepVerdict {
  const reason = `${problemOf(end)} (on ${step.host})`
  switch (end.kind) {
    case 'exited':
      return judgeExit(step, exitCodes)
    case 'timed-out':
      return { status: 'timed-out', reason, certain: true }
    case 'interrupted':
    case 'lost':
      return { status: 'interrupted', reason, certain: false }
    case 'unreachable':
      return { status: first ? 'skipped' : 'interrupted', reason, certain: false }
  }
}

function judgeExit(step: StepRecord, exitCodes: readonly number[]): StepVerdict {
  if (exitCodes.some((code) => (code | 0) === step.exitCode))
    return { status: 'completed', reason: null, certain: true }
  const refused = preventedBy(step)
  const exit = exitText(step)
  if (refused !== null) return { status: 'prevented', reason: `${refused}: ${exit}`, certain: true }
  return { status: 'failed', reason: exit, certain: true }
}

/** How a command ended, with the first thing it said: errors first. */
export function exitText({ exitCode, host, stdout, stderr }: StepRecord): string {
  const said = firstLine(stderr) ?? firstLine(stdout)
  return `exit code ${exitCode} on ${host}${said === null ? '' : `: ${said}`}`
}

function firstLine(text: string): string | null {
  const line = text.split(/\r?\n/).find((candidate) => candidate.trim() !== '')
  return line?.trim().slice(0, 300) ?? null
}
