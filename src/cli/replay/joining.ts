/** What several events must share to be a match, and what of it has been seen of each stage: enough to leave the rest unread. */

import { type JoinValues, joinNeeds } from '../../language/literals/join.ts'
import { type Plan, type Stage, stagesOf } from '../../language/plan.ts'
import type { Value } from '../../language/predicate/expression.ts'
import { keysReader } from '../../language/sequence/join-key.ts'
import type { Needs, OriginsOf } from '../../model/needs.ts'

/** Of more values that join events, none is looked for. */
const MOST_VALUES = 100

export class Joining {
  /** In their order; last what ends a sequence. */
  readonly stages: readonly Stage[]
  readonly #until: Stage | null
  readonly #keysOf: ReturnType<typeof keysReader>[]
  /** By stage, then by position in the key; null for more than are looked for. Undefined before the first. */
  #seen: (Set<Value> | null)[][]

  constructor(plan: Plan) {
    this.#until = plan.shape === 'sequence' ? plan.until : null
    this.stages = this.#until === null ? stagesOf(plan) : [...stagesOf(plan), this.#until]
    this.#keysOf = this.stages.map(({ keys }) => keysReader(keys))
    this.#seen = []
  }

  /** Whether every match has an event of a stage. */
  isRequired(stage: number): boolean {
    const found = this.stages[stage]!
    return !found.missing && found !== this.#until
  }

  /** An event is what a stage looks for. */
  note(stage: number, document: unknown): void {
    for (const { values } of this.#keysOf[stage]!(document)) {
      this.#seen[stage] ??= values.map(() => new Set())
      const seen = this.#seen[stage]
      for (const [position, value] of values.entries()) {
        if (seen[position]?.add(value).size === MOST_VALUES) seen[position] = null
      }
    }
  }

  /** Whether an event was seen that can be a stage's part of a match. */
  hasSeen(stage: number): boolean {
    return this.#seen[stage] !== undefined
  }

  /** What an event of one stage needs so that it can match with those seen of another; null when that cannot be said. */
  needsWith(stage: number, other: number): ((originsOf: OriginsOf) => Needs) | null {
    const values: JoinValues = this.#seen[other]!.map((seen) => (seen === null || seen.has(null) ? null : [...seen]))
    if (values.every((known) => known === null)) return null
    return (originsOf) => joinNeeds(this.stages[stage]!, values, originsOf)
  }

  forget(): void {
    this.#seen = []
  }
}
