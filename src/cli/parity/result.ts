/** What a comparison of implementations found: the form of `tocsin parity --json`. */
import type { HitEvent, ReplayedInput } from '../replay/result.ts'

/** A clause that does not hold for an event. */
export interface FailedClause {
  /** As the query writes it. */
  clause: string
  /** What the event has instead; null when it has nothing. */
  seen: string | null
  /** What the clause wants, where its own text does not say it best. */
  wanted: string | null
}

/** How one implementation does on one event. */
export interface Opinion {
  language: string
  matched: boolean
  /** Why it does not match; empty when it does. */
  clauses: FailedClause[]
}

export interface Difference {
  event: HitEvent
  /** In the order of the analytic's implementations. */
  implementations: Opinion[]
}

/** One analytic over all inputs, each evaluated alone. */
export interface ComparedAnalytic {
  id: string
  /** In the order of its file; those that cannot be evaluated are left out. */
  implementations: {
    language: string
    /** Whether any input has events of every kind that it reads. */
    testable: boolean
    /** How many events are part of a match. */
    events: number
  }[]
  /** The clauses that make the differences, with the number of events that each keeps out, most first. */
  clauses: { language: string; clause: string; events: number }[]
  differences: Difference[]
}

export interface ParityResult {
  format: 'tocsin.parity/1'
  inputs: ReplayedInput[]
  analytics: ComparedAnalytic[]
}
