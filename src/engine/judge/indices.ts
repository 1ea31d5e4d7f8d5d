/** Which events an implementation reads, by the index they lie in. */
import type { Analytic, Implementation } from '../../model/analytic.ts'

/** `.ds-<data stream>-<date>-<generation>`: what Elasticsearch calls the index behind a data stream. */
const BACKING_INDEX = /^\.ds-(.+)-\d{4}\.\d{2}\.\d{2}-\d{6}$/

/** The implementation that is deployed, else the first: the one that a verdict speaks of. */
export const primaryOf = (analytic: Analytic): Implementation =>
  analytic.implementations.find(({ rule }) => rule !== undefined) ?? analytic.implementations[0]!

/** Index patterns that an implementation reads; everything when neither it nor the analytic's rule says. */
export const indicesOf = (analytic: Analytic, implementation: Implementation): string[] =>
  implementation.index ?? implementation.rule?.index ?? primaryOf(analytic).rule?.index ?? ['*']

/** The data stream that an index stands behind; null for a plain index. */
export const streamBehind = (index: string): string | null => BACKING_INDEX.exec(index)?.[1] ?? null

/** Whether an index, or the data stream it stands behind, is meant by one of the patterns. */
export function indexMatches(patterns: readonly string[], index: string): boolean {
  const stream = streamBehind(index)
  return patterns.some((pattern) => {
    const expression = expressionOf(pattern)
    return expression.test(index) || (stream !== null && expression.test(stream))
  })
}

const expressions = new Map<string, RegExp>()

function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern)
  if (known !== undefined) return known
  const literal = pattern.split(/\*+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${literal.join('.*')}$`)
  expressions.set(pattern, expression)
  return expression
}
