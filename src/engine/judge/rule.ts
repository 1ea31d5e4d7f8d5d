/** What a rule's state says about an alert that did not come. */
import type { Implementation } from '../../model/analytic.ts'
import { parseDuration } from '../../model/duration.ts'
import type { RuleState } from '../ports.ts'

/** A rule's detection window, milliseconds: one interval and its look-back. */
export function detectionWindowMs(state: RuleState | undefined, implementation: Implementation): number {
  if (state !== undefined && !state.missing) return state.intervalMs + state.lookBackMs
  const { rule } = implementation
  if (rule === undefined) return 0
  return (parseDuration(rule.interval) ?? 0) + (parseDuration(rule.from.slice('now-'.length)) ?? 0)
}

export interface RuleFinding {
  /** It was there, enabled, and ran without an error after the test. */
  ran: boolean
  /** The fact that shows it. */
  fact: string
}

/** `since`: lab time of the test's last event. `unshipped`: the events that match are a sensor's, and not in the SIEM. */
export function findingOf(
  implementation: Implementation,
  state: RuleState | undefined,
  since: number,
  unshipped = false,
): RuleFinding {
  if (implementation.rule === undefined)
    return { ran: false, fact: 'the analytic has no implementation that is a rule' }
  const name = `rule ${implementation.rule.rule_id}`
  if (unshipped)
    return { ran: false, fact: `${name} cannot see it: the sensor's events are not written into the SIEM (ship)` }
  if (state === undefined) return { ran: false, fact: `nothing is known of ${name}` }
  if (state.missing) return { ran: false, fact: `the SIEM has no ${name}` }
  if (!state.enabled) return { ran: false, fact: `${name} is disabled` }
  const last = state.lastExecution
  if (last === null) return { ran: false, fact: `${name} has never run` }
  const at = new Date(last.at).toISOString()
  if (last.status === 'failed' || last.status === 'partial failure') {
    return {
      ran: false,
      fact: `the last run of ${name}, at ${at}, ended as ${last.status}: ${last.message ?? 'no message'}`,
    }
  }
  if (last.at < since) return { ran: false, fact: `${name} has not run since ${at}, before the test's last event` }
  return { ran: true, fact: `${name} ran at ${at} and gave no alert${driftOf(implementation, state)}` }
}

function driftOf({ query }: Implementation, state: RuleState): string {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim()
  if (state.query === null || plain(state.query) === plain(query)) return ''
  return "; the query it runs is not the one in the analytic's file"
}
