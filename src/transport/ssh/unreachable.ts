/** A host could not be used, and nothing was sent to it. */
export class Unreachable extends Error {
  override name = 'Unreachable'
  /** Trying again in the same run makes it no better, and may lock an account. */
  readonly lasting: boolean

  constructor(message: string, { lasting = false } = {}) {
    super(message)
    this.lasting = lasting
  }
}
