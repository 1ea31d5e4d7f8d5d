/** Which rules a recorded run is judged by: as they were deployed then, unless their file was changed since. */
import type { Analytic, Implementation } from '../../../model/analytic.ts'
import { parseDuration } from '../../../model/duration.ts'
import type { RecordedRule, Recording } from '../../../model/recording.ts'
import { ruleFingerprint, rulesOf } from '../../rule-fingerprint.ts'

/** A rule to create at a time. */
export interface Deployment {
  /** Lab milliseconds: its runs then fall when they fell in the recorded run. */
  at: number
  /** With the one implementation that is deployed. */
  analytic: Analytic
  /** In place of the rule's own. */
  interval: string | null
}

/** `from`: lab time before which no rule need have run. A rule that the SIEM did not have is left out. */
export function deploymentsOf(recording: Recording, analytics: readonly Analytic[], from: number): Deployment[] {
  const states = new Map(recording.rules.map((state) => [state.ruleId, state]))
  return [...rulesOf(analytics)].flatMap(([ruleId, { analytic, implementation }]) => {
    const state = states.get(ruleId)
    if (state === undefined || state.file !== ruleFingerprint(implementation)) {
      const interval = recording.detectionInterval
      const intervalMs = parseDuration(interval ?? implementation.rule.interval)!
      return { at: phased(state, intervalMs, from), analytic: deployedAs(analytic, implementation), interval }
    }
    if (state.missing) return []
    const rule = {
      ...implementation.rule,
      enabled: state.enabled,
      interval: seconds(state.intervalMs),
      from: `now-${seconds(state.lookBackMs)}`,
    }
    const deployed = { ...implementation, query: state.query ?? implementation.query, rule }
    return { at: phased(state, state.intervalMs, from), analytic: deployedAs(analytic, deployed), interval: null }
  })
}

/** The last time before `from` at which the rule ran, had it always run at this interval. */
function phased(state: RecordedRule | undefined, intervalMs: number, from: number): number {
  const ran = state?.lastExecution?.at
  return ran === undefined ? from : ran - Math.ceil((ran - from) / intervalMs) * intervalMs
}

const deployedAs = (analytic: Analytic, implementation: Implementation): Analytic => ({
  ...analytic,
  implementations: [implementation],
})

const seconds = (ms: number): string => `${Math.round(ms / 1_000)}s`
