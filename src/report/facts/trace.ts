/** The trace of one check, stage by stage: executed → logged → matched → alerted. */
import type { CheckRecord, TestRecord } from '../../model/run-record.ts'
import type { Stage } from '../../model/words.ts'
import { duration, timeOfDay } from '../time.ts'

/** `reached`; `broken`: the expected trace stops here; `quiet`: not reached, and it need not be; `unknown`: nobody could say. */
export type StageState = 'reached' | 'broken' | 'quiet' | 'unknown'

export interface TraceStage {
  name: 'executed' | 'logged' | 'matched' | 'alerted'
  state: StageState
  /** When and how, in a few words; empty when there is nothing to say. */
  detail: string
}

const DEPTH = { unknown: 0, unseen: 0, logged: 1, matched: 2, alerted: 3 } as const

/** The stage of the track that each stage of a breakage belongs to. */
const BREAKS_AT: Record<Stage, number> = { execution: 0, telemetry: 1, logic: 2, rule: 3, alert: 3 }

export function traceOf(test: TestRecord, check: CheckRecord): TraceStage[] {
  const depth = DEPTH[check.verdict]
  const breaksAt = check.outcome === 'expected' || check.brokenStage === null ? null : BREAKS_AT[check.brokenStage]
  const stateOf = (position: number): StageState => {
    if (position === breaksAt) return 'broken'
    if (position === 0) return executedState(test)
    if (position <= depth) return 'reached'
    return check.verdict === 'unknown' ? 'unknown' : 'quiet'
  }
  return [
    { name: 'executed', state: stateOf(0), detail: executedDetail(test) },
    { name: 'logged', state: stateOf(1), detail: depth >= 1 ? loggedDetail(check) : '' },
    { name: 'matched', state: stateOf(2), detail: matchedDetail(check) },
    { name: 'alerted', state: stateOf(3), detail: depth >= 3 ? alertedDetail(check) : '' },
  ]
}

const executedState = (test: TestRecord): StageState =>
  test.execution.startedAt === null
    ? 'unknown'
    : test.execution.status === test.execution.expected
      ? 'reached'
      : 'broken'

function executedDetail({ execution }: TestRecord): string {
  if (execution.startedAt === null) return execution.status
  const status = execution.status === execution.expected && execution.status !== 'completed' ? ' as stated' : ''
  return `${execution.status}${status} at ${timeOfDay(execution.endedAt ?? execution.startedAt)}`
}

function loggedDetail({ evidence, latencyMs }: CheckRecord): string {
  const { length } = evidence.events
  const found = length === 0 ? '' : length === 1 ? '1 event' : `${length} events`
  return [found, after(latencyMs?.executionToEvent, 'execution')].filter(Boolean).join(', ')
}

function matchedDetail({ implementations }: CheckRecord): string {
  const matching = implementations.filter(({ matched }) => matched === true).map(({ language }) => language)
  return matching.length === 0 ? '' : `in ${matching.join(', ')}`
}

function alertedDetail({ latencyMs, late }: CheckRecord): string {
  return [late ? 'late' : '', after(latencyMs?.total, 'execution')].filter(Boolean).join(', ')
}

const after = (ms: number | null | undefined, what: string): string =>
  ms === null || ms === undefined ? '' : `${duration(Math.abs(ms))} ${ms < 0 ? 'before' : 'after'} ${what}`
