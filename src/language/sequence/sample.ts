/** Samples: for each join key, sets of different events, one a stage, in any order. */
import type { Found, Plan } from '../plan.ts'
import { order } from '../predicate/compare.ts'
import type { Value } from '../predicate/expression.ts'
import { type Key, keyReader, stageTest } from './stage-test.ts'

/** The samples by ascending join key; for each key at most `perKey`. */
export function sampleMatches<Event>(
  plan: Plan & { shape: 'sample' },
  events: readonly Event[],
  document: (event: Event) => unknown,
  perKey: number,
): Found<Event>[] {
  const groups = new Map<string, { key: Key; stages: Event[][] }>()
  for (const [index, stage] of plan.stages.entries()) {
    const test = stageTest(stage)
    const keyOf = keyReader(stage.keys)
    for (const event of events) {
      const source = document(event)
      if (!test(source)) continue
      const key = keyOf(source)
      if (key === null) continue
      let group = groups.get(key.text)
      if (group === undefined) {
        group = { key, stages: plan.stages.map(() => []) }
        groups.set(key.text, group)
      }
      group.stages[index]!.push(event)
    }
  }
  return [...groups.values()]
    .filter(({ stages }) => stages.every((stage) => stage.length > 0))
    .sort((a, b) => orderOfKeys(a.key.values, b.key.values))
    .flatMap(({ key, stages }) =>
      distinctSets(stages, perKey).map((found) => ({ events: found, joinKeys: key.values })),
    )
}

/** Nulls first, as a composite aggregation orders its buckets. */
function orderOfKeys(left: Value[], right: Value[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? null
    if (a === b) continue
    if (a === null) return -1
    if (b === null) return 1
    const found = order(a, b) ?? 0
    if (found !== 0) return found
  }
  return 0
}

/** Up to `most` choices of one event a stage, no event twice in a choice. */
function distinctSets<Event>(stages: Event[][], most: number): Event[][] {
  const found: Event[][] = []
  const choose = (chosen: Event[]): void => {
    const stage = stages[chosen.length]
    if (stage === undefined) {
      found.push(chosen)
      return
    }
    for (const event of stage) {
      if (found.length >= most) return
      if (!chosen.includes(event)) choose([...chosen, event])
    }
  }
  choose([])
  return found
}
