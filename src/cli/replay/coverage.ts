/** `replay --coverage`: what would have caught what a recording holds, and of what did not, whether it could have. */
import { type Categories, isOfAny } from '../../language/categories.ts'
import { type EventKind, isOfKind, nameOf } from '../../language/event-kind.ts'
import type { Requirement } from '../../language/required-fields.ts'
import { valuesOf } from '../../model/event.ts'
import type { Contender } from './contender.ts'

/** An implementation over one input. */
export interface CoverageCell {
  /** Index into `inputs`. */
  input: number
  matches: number
  /** `missed`: all that it reads was there, and it did not match. */
  result: 'matched' | 'missed' | 'not-testable'
  /** What the input lacks; empty where it matched. */
  missing: {
    /** Kinds of which it has no event. */
    kinds: string[]
    /** Fields that no event has of the kind that needs them, in all, and by the kind. */
    fields: string[]
    fieldsOf: Record<string, string[]>
  }
}

/** Contenders that also note what they see. They must be shown every event. */
export function withCoverage(contenders: readonly Contender[]): {
  contenders: Contender[]
  /** For each contender its cells, in the order of the inputs. */
  coverage: CoverageCell[][]
} {
  const coverage = contenders.map((): CoverageCell[] => [])
  const covered = contenders.map((contender, position): Contender => {
    let presence = new Presence(contender.kinds, contender.requirements)
    return {
      ...contender,
      see(document, categories) {
        contender.see(document, categories)
        presence.note(document, categories)
      },
      endInput() {
        const found = contender.endInput()
        const cells = coverage[position]!
        cells.push(cellOf(cells.length, found.matches, presence.missing()))
        presence = new Presence(contender.kinds, contender.requirements)
        return found
      },
    }
  })
  return { contenders: covered, coverage }
}

const NOTHING_MISSING = { kinds: [], fields: [], fieldsOf: {} }

function cellOf(input: number, matches: number, missing: CoverageCell['missing']): CoverageCell {
  if (matches > 0) return { input, matches, result: 'matched', missing: NOTHING_MISSING }
  const whole = missing.kinds.length === 0 && missing.fields.length === 0
  return { input, matches, result: whole ? 'missed' : 'not-testable', missing }
}

/** Which of the kinds and fields that an implementation reads an input has. */
class Presence {
  readonly #kinds: readonly EventKind[]
  readonly #missingKinds: Set<EventKind>
  /** For each requirement the fields that no event of its categories has had. */
  readonly #fields: { categories: Categories; missing: Set<string> }[]

  constructor(kinds: readonly EventKind[], requirements: readonly Requirement[]) {
    this.#kinds = kinds
    this.#missingKinds = new Set(kinds)
    this.#fields = requirements.map(({ categories, fields }) => ({ categories, missing: new Set(fields) }))
  }

  note(document: Record<string, unknown>, found: readonly unknown[]): void {
    for (const kind of this.#missingKinds) if (isOfKind(document, kind, found)) this.#missingKinds.delete(kind)
    for (const { categories, missing } of this.#fields) {
      if (missing.size === 0 || !isOfAny(categories, found)) continue
      for (const field of missing) if (valuesOf(document, field).length > 0) missing.delete(field)
    }
  }

  /** Fields are named only where their kind of event is there: of what is not there at all nobody need know more. */
  missing(): CoverageCell['missing'] {
    const kinds = this.#kinds.filter((kind) => this.#missingKinds.has(kind))
    const absent = new Set(kinds.map(({ categories }) => `${categories}`))
    const fieldsOf: Record<string, string[]> = {}
    for (const { categories, missing } of this.#fields) {
      if (missing.size === 0 || absent.has(`${categories}`)) continue
      const name = nameOf(categories)
      fieldsOf[name] = [...new Set([...(fieldsOf[name] ?? []), ...missing])]
    }
    const fields = [...new Set(Object.values(fieldsOf).flat())]
    return { kinds: kinds.map(({ name }) => name), fields, fieldsOf }
  }
}
