/** The kinds of event that a query reads: without one of each, that it found nothing says nothing. */
import { fieldOf, valuesOf } from '../model/event.ts'
import { type Plan, stagesOf } from './plan.ts'

export interface EventKind {
  /** For people: `network events`. */
  name: string
  /** `event.category` value; null for any. */
  category: string | null
  /** A field that only events of this kind have. */
  field?: string
}

/** Without repeats, in the order of the plan's stages; what must not come is not read. */
export function kindsOf(plan: Plan): EventKind[] {
  const kinds = stagesOf(plan)
    .filter(({ missing }) => !missing)
    .map(({ category, evidence }): EventKind => {
      if (evidence !== undefined) return { ...evidence, category }
      return { name: category === null ? 'events' : `${category} events`, category }
    })
  return [...new Map(kinds.map((kind) => [kind.name, kind])).values()]
}

/** `categories`: the document's `event.category` values, for whoever asks often. */
export const isOfKind = (
  source: Record<string, unknown>,
  { category, field }: EventKind,
  categories: readonly unknown[] = valuesOf(source, 'event.category'),
): boolean =>
  (category === null || categories.includes(category)) && (field === undefined || fieldOf(source, field) !== undefined)
