/** Whether the rule in an analytic's file is the one it was. */
import { createHash } from 'node:crypto'
import type { Implementation } from '../model/analytic.ts'

/** Hash of all that decides what a rule does: 64 hexadecimal digits. */
export function ruleFingerprint({ language, query, rule }: Implementation): string {
  const { index, interval, from, enabled } = rule!
  return createHash('sha256')
    .update(JSON.stringify([language, query, index, interval, from, enabled]))
    .digest('hex')
}

/** The rules of analytics by rule_id. */
export function rulesOf<A extends { implementations: Implementation[] }>(
  analytics: readonly A[],
): Map<string, { analytic: A; implementation: Implementation & { rule: NonNullable<Implementation['rule']> } }> {
  const found = new Map()
  for (const analytic of analytics) {
    for (const implementation of analytic.implementations) {
      if (implementation.rule !== undefined) found.set(implementation.rule.rule_id, { analytic, implementation })
    }
  }
  return found
}
