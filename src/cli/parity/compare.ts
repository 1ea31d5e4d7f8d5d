/** The implementations of an analytic over the same events: where they differ, and why. */
import type { CompiledQuery } from '../../language/compile.ts'
import { isOfKind } from '../../language/event-kind.ts'
import { recordName } from '../../language/explain/name.ts'
import { stageTest } from '../../language/sequence/stage-test.ts'
import { type EventDocument, valuesOf } from '../../model/event.ts'
import { hitEvent } from '../replay/hit-event.ts'
import { tellingOf } from '../telling.ts'
import type { ComparedAnalytic, Difference, FailedClause, Opinion } from './result.ts'

/** A difference with what a person is shown of its event. */
export type ShownDifference = Difference & { tells: string }

export class AnalyticComparison {
  readonly id: string
  readonly queries: readonly CompiledQuery[]
  readonly differences: ShownDifference[] = []
  readonly #testable: boolean[]
  readonly #matched: number[]

  constructor(id: string, queries: readonly CompiledQuery[]) {
    this.id = id
    this.queries = queries
    this.#testable = queries.map(() => false)
    this.#matched = queries.map(() => 0)
  }

  /** Evaluates all implementations over the events of one input. */
  add(input: number, events: readonly EventDocument[]): void {
    const verdicts = this.queries.map((query, at) => {
      if (query.kinds.every((kind) => events.some(({ source }) => isOfKind(source, kind)))) this.#testable[at] = true
      const found = new Set(query.evaluate(events).flat())
      this.#matched[at]! += found.size
      return { query, found, whole: whyNoSequence(query, events) }
    })
    for (const event of events) {
      const count = verdicts.filter(({ found }) => found.has(event)).length
      if (count === 0 || count === verdicts.length) continue
      const implementations = verdicts.map(({ query, found, whole }): Opinion => {
        const matched = found.has(event)
        return { language: query.language, matched, clauses: matched ? [] : (whole ?? failedClauses(query, event)) }
      })
      const tells = tellingOf(event.source)
      const { tells: _, ...shown } = hitEvent(input, { record: Number(event.id), source: event.source, tells })
      this.differences.push({ event: shown, implementations, tells })
    }
  }

  result(): ComparedAnalytic {
    return {
      id: this.id,
      implementations: this.queries.map(({ language }, at) => ({
        language,
        testable: this.#testable[at]!,
        events: this.#matched[at]!,
      })),
      clauses: this.#clauses(),
      differences: this.differences.map(({ tells: _, ...difference }) => difference),
    }
  }

  #clauses(): ComparedAnalytic['clauses'] {
    const counts = new Map<string, ComparedAnalytic['clauses'][number]>()
    for (const { implementations } of this.differences) {
      for (const [at, { language, clauses }] of implementations.entries()) {
        for (const clause of new Set(clauses.map((one) => one.clause))) {
          const key = `${at} ${clause}`
          const known = counts.get(key)
          if (known === undefined) counts.set(key, { language, clause, events: 1 })
          else known.events += 1
        }
      }
    }
    return [...counts.values()].sort((a, b) => b.events - a.events)
  }
}

/** Why a query of several events has no match with an event is a matter of all of them; null for queries of one event. */
function whyNoSequence(query: CompiledQuery, events: readonly EventDocument[]): FailedClause[] | null {
  if (query.shape === 'event') return null
  return [{ clause: query.explain(events, recordName).summary, seen: null, wanted: null }]
}

function failedClauses(query: CompiledQuery, event: EventDocument): FailedClause[] {
  const { plan } = query
  if (plan.shape !== 'event') return []
  if (stageTest(plan.stage)(event.source)) {
    const clause = plan.limits
      .map(({ from, count }) => `the ${from === 'head' ? 'first' : 'last'} ${count}`)
      .join(' of ')
    return [{ clause, seen: 'one of the others', wanted: null }]
  }
  const [step] = query.explain([event]).nearest
  if (step === undefined || step.event === null) {
    const seen = valuesOf(event.source, 'event.category').join(', ')
    return [{ clause: `${plan.stage.category} events`, seen: seen === '' ? null : seen, wanted: null }]
  }
  return step.clauses
    .filter(({ holds }) => holds !== true)
    .map(({ clause, seen, wanted }) => ({ clause, seen, wanted }))
}
