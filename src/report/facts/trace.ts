/** The trace of one check, stage by stage: executed → logged → matched → alerted. */
import type { CheckRecord, TestRecord } from '../../model/run-record.ts'
import type { Stage } from '../../model/words.ts'
import { count } from '../text.ts'
import { duration, timeOfDay } from '../time.ts'
import { isFalsePositive } from '../words.ts'

/** `reached`; `broken`: the trace breaks here; `quiet`: not reached, and it need not be; `unknown`: nobody could say. */
export type StageState = 'reached' | 'broken' | 'quiet' | 'unknown'

export interface TraceStage {
  name: 'executed' | 'logged' | 'matched' | 'alerted'
  state: StageState
  /** What happened there, when and how, in a few words. */
  detail: string
}

const DEPTH = { unknown: 0, unseen: 0, logged: 1, matched: 2, alerted: 3 } as const

/** The stage of the trace at which each kind of breakage shows. */
const BREAKS_AT: Record<Stage, number> = { execution: 0, telemetry: 1, logic: 2, rule: 3, alert: 3 }

const NOT_REACHED: Record<Exclude<StageState, 'reached'>, string> = {
  broken: 'broke here',
  quiet: 'not reached',
  unknown: 'unknown',
}

export function traceOf(test: TestRecord, check: CheckRecord): TraceStage[] {
  const depth = DEPTH[check.verdict]
  const breaksAt = breakOf(check, depth)
  const stage = (position: number, name: TraceStage['name'], reached: string): TraceStage => {
    const isReached = position === 0 ? test.execution.startedAt !== null : position <= depth
    const missing = check.verdict === 'unknown' ? 'unknown' : 'quiet'
    const state = position === breaksAt ? 'broken' : isReached ? 'reached' : missing
    return { name, state, detail: isReached ? reached : state === 'reached' ? '' : NOT_REACHED[state] }
  }
  return [
    stage(0, 'executed', executed(test)),
    stage(1, 'logged', logged(test, check)),
    stage(2, 'matched', matched(check)),
    stage(3, 'alerted', alerted(test, check)),
  ]
}

/** Where the trace breaks; a false positive went too far, so it is marked where it ended. */
function breakOf(check: CheckRecord, depth: number): number | null {
  if (check.outcome === 'expected' || check.brokenStage === null) return null
  return isFalsePositive(check) ? depth : BREAKS_AT[check.brokenStage]
}

function executed({ execution: { status, expected, startedAt, endedAt } }: TestRecord): string {
  const asStated = status === expected && status !== 'completed' ? ' as stated' : ''
  const time = endedAt ?? startedAt
  return `${status}${asStated}${time === null ? '' : ` at ${timeOfDay(time)}`}`
}

function logged(test: TestRecord, { evidence, latencyMs }: CheckRecord): string {
  const { length } = evidence.events
  return joined(length > 0 ? count(length, 'event') : '', when(test, latencyMs?.executionToEvent))
}

function matched({ implementations }: CheckRecord): string {
  const languages = implementations.filter((implementation) => implementation.matched).map(({ language }) => language)
  return languages.length === 0 ? '' : `in ${languages.join(', ')}`
}

const alerted = (test: TestRecord, { latencyMs, late }: CheckRecord): string =>
  joined(late ? 'late' : '', when(test, latencyMs?.total))

/**
 * When something was, so long after the start of the step that caused it. The record does not say which step that was,
 * so the time of day is known only of a test with one step.
 */
function when({ execution }: TestRecord, ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return ''
  const starts = execution.steps.filter(({ phase }) => phase === 'test').map(({ startedAt }) => Date.parse(startedAt))
  const time = starts.length === 1 ? ` at ${timeOfDay(new Date(starts[0]! + ms).toISOString())}` : ''
  return `${duration(Math.abs(ms))} ${ms < 0 ? 'before' : 'after'} its step${time}`
}

const joined = (...parts: string[]): string => parts.filter((part) => part !== '').join(', ')
