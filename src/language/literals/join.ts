/** What the raw record of an event needs so that it can share a join key with events that are known. */
import { allNeeds, anyNeeds, type Needs, NOTHING, type OriginsOf } from '../../model/needs.ts'
import type { Stage } from '../plan.ts'
import type { Value } from '../predicate/expression.ts'
import { leafNeeds } from './leaf.ts'

/** By position in the join key the values that known events have there; null when they are too many to say, or one is none. */
export type JoinValues = readonly (readonly Value[] | null)[]

/** Whatever a stage matches with such a key has them. */
export function joinNeeds({ keys, span }: Stage, values: JoinValues, originsOf: OriginsOf): Needs {
  return allNeeds(
    keys.map(({ field }, position) => {
      const known = values[position] ?? null
      if (known === null) return NOTHING
      return anyNeeds(
        known.map((value) => {
          const right = { kind: 'literal' as const, value, span }
          return leafNeeds({ kind: 'compare', operator: '==', left: field, right, span }, true, originsOf)
        }),
      )
    }),
  )
}
