/** The event that came nearest to what a stage looks for. */
import type { EventDocument } from '../../model/event.ts'
import type { Stage } from '../plan.ts'
import { keysReader } from '../sequence/join-key.ts'
import { categoryTest, timeReader } from '../sequence/stage-test.ts'
import { type Clause, type Clauses, clausesOf, countHeld, evaluateClauses } from './clauses.ts'

/** A stage with what is needed to say how near an event comes to it. */
export class StageExplainer {
  readonly stage: Stage
  readonly #clauses: Clause[]
  readonly #isOfCategory: (source: unknown) => boolean
  readonly keysOf: ReturnType<typeof keysReader>

  constructor(stage: Stage, query: string) {
    this.stage = stage
    this.#clauses = clausesOf(stage, query)
    this.#isOfCategory = categoryTest(stage)
    this.keysOf = keysReader(stage.keys)
  }

  get kindName(): string {
    return this.stage.category === null ? 'event' : `${this.stage.category} event`
  }

  explain(event: EventDocument): Clauses {
    return evaluateClauses(this.#clauses, event.source)
  }

  matches(event: EventDocument): boolean {
    return this.#isOfCategory(event.source) && countHeld(this.#clauses, event.source) === this.#clauses.length
  }

  /** Of the events of the stage's category the one that holds most clauses; `prefer` decides between equals, higher first. */
  nearest(events: readonly EventDocument[], prefer: (event: EventDocument) => number = () => 0): EventDocument | null {
    let best: { event: EventDocument; held: number; rank: number } | null = null
    for (const event of events) {
      if (!this.#isOfCategory(event.source)) continue
      const held = countHeld(this.#clauses, event.source)
      if (best !== null && held < best.held) continue
      const rank = prefer(event)
      if (best === null || held > best.held || rank > best.rank) best = { event, held, rank }
    }
    return best?.event ?? null
  }
}

export const timeOf = timeReader()

/** A span of time as people read it: `21.2 s`. */
export function spanText(ms: number): string {
  const whole = Math.abs(ms)
  if (whole < 1_000) return `${Math.round(whole)} ms`
  if (whole < 10_000) return `${Number((whole / 1_000).toFixed(2))} s`
  if (whole < 120_000) return `${Number((whole / 1_000).toFixed(1))} s`
  if (whole < 7_200_000) return `${Number((whole / 60_000).toFixed(1))} min`
  return `${Number((whole / 3_600_000).toFixed(1))} h`
}
