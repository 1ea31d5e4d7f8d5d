/** How far the trace of a test got, from what the SIEM has. */
import type { Verdict } from '../../model/words.ts'

export interface TraceFacts {
  alerted: boolean
  /** Kinds of event the logic reads of which the test left none. */
  missingKinds: readonly string[]
  /** Null: it could not be evaluated. */
  matched: boolean | null
  /** False when the SIEM did not answer in full. */
  complete: boolean
  /** False when a network sensor that it needs did not see all of the traffic. */
  sensed: boolean
  /** False when nobody knows how far the commands got. */
  certain: boolean
}

/** The first row whose condition holds. What is there counts even where not all could be asked; what is missing does not. */
const ROWS: { when: (facts: TraceFacts) => boolean; verdict: Verdict }[] = [
  { when: ({ alerted }) => alerted, verdict: 'alerted' },
  { when: ({ complete }) => !complete, verdict: 'unknown' },
  { when: ({ sensed, matched }) => !sensed && matched !== true, verdict: 'unknown' },
  { when: ({ missingKinds, certain }) => missingKinds.length > 0 && !certain, verdict: 'unknown' },
  { when: ({ missingKinds }) => missingKinds.length > 0, verdict: 'unseen' },
  { when: ({ matched }) => matched === null, verdict: 'unknown' },
  { when: ({ matched }) => matched === true, verdict: 'matched' },
  { when: () => true, verdict: 'logged' },
]

export const verdictOf = (facts: TraceFacts): Verdict => ROWS.find(({ when }) => when(facts))!.verdict
