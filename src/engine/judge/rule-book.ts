/** What the SIEM said last of the rules that checks wait for. */
import { parseDuration } from '../../model/duration.ts'
import type { RuleState, Siem } from '../ports.ts'
import { primaryOf } from './indices.ts'
import type { WatchedCheck } from './watched-test.ts'

export class RuleBook {
  readonly states = new Map<string, RuleState>()
  readonly #siem: Siem
  #readAt = Number.NEGATIVE_INFINITY

  constructor(siem: Siem) {
    this.#siem = siem
  }

  /** Asks for the rules if one is not known, or if what is known is older than `freshMs` of lab time. */
  async refresh(ruleIds: string[], now: number, freshMs: number): Promise<void> {
    const known = ruleIds.every((id) => this.states.has(id))
    if (ruleIds.length === 0 || (known && now - this.#readAt <= freshMs)) return
    for (const state of await this.#siem.rules(ruleIds)) this.states.set(state.ruleId, state)
    this.#readAt = now
  }
}

/** The rule of a check's analytic; a list, since it may have none. */
export function ruleIdsOf({ planned }: WatchedCheck): string[] {
  const { rule } = primaryOf(planned.analytic)
  return rule === undefined ? [] : [rule.rule_id]
}

/** Milliseconds; null for an analytic without a rule. */
export function intervalOf(check: WatchedCheck, rules: ReadonlyMap<string, RuleState>): number | null {
  const { rule } = primaryOf(check.planned.analytic)
  if (rule === undefined) return null
  const state = rules.get(rule.rule_id)
  return state === undefined || state.missing ? parseDuration(rule.interval) : state.intervalMs
}
