/** Samples: for each join key, sets of different events, one a stage, in any order. */
import type { Found, Plan } from '../plan.ts'
import type { Value } from '../predicate/expression.ts'
import { isDate } from '../predicate/field-types.ts'
import { type Key, keysReader, orderOfKeys } from './join-key.ts'
import { stageTest } from './stage-test.ts'

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
    const keysOf = keysReader(stage.keys)
    for (const event of events) {
      const source = document(event)
      if (!test(source)) continue
      for (const key of keysOf(source)) {
        let group = groups.get(key.text)
        if (group === undefined) {
          group = { key, stages: plan.stages.map(() => []) }
          groups.set(key.text, group)
        }
        group.stages[index]!.push(event)
      }
    }
  }
  return [...groups.values()]
    .filter(({ stages }) => stages.every((stage) => stage.length > 0))
    .sort((a, b) => orderOfKeys(a.key, b.key))
    .flatMap(({ key, stages }) =>
      distinctSets(stages, perKey).map((found) => ({ events: found, joinKeys: shownKeys(plan, key) })),
    )
}

/** An aggregation gives dates as milliseconds. */
const shownKeys = ({ stages: [first] }: Plan & { shape: 'sample' }, { values, ranks }: Key): Value[] =>
  values.map((value, index) => (isDate(first!.keys[index]!.field.type) ? ranks[index]! : value))

/** Up to `most` choices of one event a stage, no event twice in a choice. */
export function distinctSets<Event>(stages: Event[][], most: number): Event[][] {
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
