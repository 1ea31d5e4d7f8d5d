/** The kinds of event that a query reads: without one of each, that it found nothing says nothing. */
import { fieldOf, valuesOf } from '../model/event.ts'
import { type Categories, categoriesOf, isOfAny } from './categories.ts'
import { type Plan, stagesOf } from './plan.ts'

export interface EventKind {
  /** For people: `network events`, `file or registry events`. */
  name: string
  /** `event.category` values, any of which it has; null for any event. */
  categories: Categories
  /** A field that only events of this kind have. */
  field?: string
}

/** Without repeats, in the order of the plan's stages; what must not come is not read. */
export function kindsOf(plan: Plan): EventKind[] {
  const kinds = stagesOf(plan)
    .filter(({ missing }) => !missing)
    .map((stage): EventKind => {
      const categories = categoriesOf(stage)
      if (stage.evidence !== undefined) return { ...stage.evidence, categories }
      return { name: nameOf(categories), categories }
    })
  return [...new Map(kinds.map((kind) => [kind.name, kind])).values()]
}

/** For people: `file or registry events`. */
export const nameOf = (categories: Categories): string =>
  categories === null ? 'events' : `${categories.join(' or ')} events`

/** `found`: the document's `event.category` values, for whoever asks often. */
export const isOfKind = (
  source: Record<string, unknown>,
  { categories, field }: EventKind,
  found: readonly unknown[] = valuesOf(source, 'event.category'),
): boolean => isOfAny(categories, found) && (field === undefined || fieldOf(source, field) !== undefined)
