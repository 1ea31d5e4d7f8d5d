/** What is wrong with an input, and where. */

/** A problem at a place of one input; reading went on after it where it could. */
export interface InputProblem {
  /** What is wrong, as a phrase. */
  message: string
  /** Number of the record, from 1; null when it is not about one record. */
  record: number | null
  /** Byte offset in the unpacked input; null when unknown. */
  offset: number | null
}

/** An input that ends early or holds what cannot be read; what was read before it counts. */
export class DamagedInput extends Error {
  override name = 'DamagedInput'
}
