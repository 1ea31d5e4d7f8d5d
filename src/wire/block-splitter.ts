/** Cuts a stream that comes in pieces of any length into blocks that say their own length. */

/** What a stream is made of. */
export interface BlockFormat {
  /** Bytes at the start of a block that say how long it is. */
  readonly headLength: number
  /**
   * Length of the block that begins at `at`, whose head is there; 0 when none can begin there.
   * @throws DamagedInput where the stream cannot be read any further
   */
  lengthAt(bytes: Buffer, at: number): number
  /** Whether the block is passed over: it is not held, however long it is. */
  skipsAt?(bytes: Buffer, at: number): boolean
  /** Where the next block begins at or after `at`, or -1: looked for after a gap, and where no block began. */
  find(bytes: Buffer, at: number, end: number): number
  /** A whole block; the bytes are only lent. `offset` is where it begins in the stream. */
  take(bytes: Buffer, at: number, end: number, offset: number): void
}

/** Bytes that are held back, over all streams of a capture. */
export interface Memory {
  held: number
}

export class BlockSplitter {
  readonly #format: BlockFormat
  readonly #memory: Memory
  #held: Buffer | null = null
  #heldLength = 0
  #heldOffset = 0
  #skip = 0
  #lost = false

  constructor(format: BlockFormat, memory: Memory) {
    this.#format = format
    this.#memory = memory
  }

  /** Whether the stream is out of step: no block begins where the last one ended, or a part is missing. */
  get lost(): boolean {
    return this.#lost
  }

  /** Bytes of a block that is not there as a whole yet. */
  get heldLength(): number {
    return this.#heldLength
  }

  get heldOffset(): number {
    return this.#heldOffset
  }

  /** The length of the block that is not there as a whole yet; 0 when its head is not there either. */
  get wanted(): number {
    if (this.#held === null || this.#heldLength < this.#format.headLength) return 0
    return this.#format.lengthAt(this.#held, 0)
  }

  /** Takes `bytes` from `start` to `end`, which begin at `offset` of the stream. Keeps copies only. */
  push(bytes: Buffer, start: number, end: number, offset: number): void {
    let at = start
    while (at < end) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, end - at)
        this.#skip -= skipped
        at += skipped
      } else if (this.#lost) {
        at = this.#format.find(bytes, at, end)
        if (at === -1) return
        this.#lost = false
      } else if (this.#held !== null) {
        at = this.#fill(bytes, at, end)
      } else {
        const next = this.#takeAt(bytes, at, end, offset + at - start)
        if (next === -1) {
          this.#hold(bytes, at, end, offset + at - start)
          return
        }
        at = next
      }
    }
  }

  /** A part of the stream is missing: what is held is given up, and the next block is looked for. */
  gap(): void {
    this.release()
    this.#skip = 0
    this.#lost = true
  }

  /** Gives up what is held. */
  release(): void {
    if (this.#held === null) return
    this.#memory.held -= this.#held.length
    this.#held = null
    this.#heldLength = 0
  }

  /** Takes the block at `at`; where to go on, or -1 when it is not there as a whole. */
  #takeAt(bytes: Buffer, at: number, end: number, offset: number): number {
    if (end - at < this.#format.headLength) return -1
    const length = this.#format.lengthAt(bytes, at)
    if (length === 0) {
      this.#lost = true
      return at + 1
    }
    if (this.#format.skipsAt?.(bytes, at)) {
      this.#skip = length
      return at
    }
    if (end - at < length) return -1
    this.#format.take(bytes, at, at + length, offset)
    return at + length
  }

  #hold(bytes: Buffer, at: number, end: number, offset: number): void {
    const { headLength } = this.#format
    const length = end - at < headLength ? headLength : this.#format.lengthAt(bytes, at)
    this.#allocate(length)
    bytes.copy(this.#held!, 0, at, end)
    this.#heldLength = end - at
    this.#heldOffset = offset
  }

  #allocate(length: number): void {
    const larger = Buffer.allocUnsafe(length)
    this.#held?.copy(larger, 0, 0, this.#heldLength)
    this.#memory.held += length - (this.#held?.length ?? 0)
    this.#held = larger
  }

  /** Adds to the block that is held, and takes it when it is whole; where to go on. */
  #fill(bytes: Buffer, at: number, end: number): number {
    const held = this.#held!
    const added = Math.min(held.length - this.#heldLength, end - at)
    bytes.copy(held, this.#heldLength, at, at + added)
    this.#heldLength += added
    if (this.#heldLength < held.length) return at + added
    const length = this.#format.lengthAt(held, 0)
    if (length > held.length && !this.#format.skipsAt?.(held, 0)) {
      this.#allocate(length)
      return at + added
    }
    const offset = this.#heldOffset
    this.release()
    if (length === 0) {
      // A block may begin in what was held: it is looked for there and in what follows.
      const rest = Buffer.concat([held, bytes.subarray(at + added, end)])
      this.#lost = true
      this.push(rest, 1, rest.length, offset + 1)
      return end
    }
    if (length > held.length) this.#skip = length - held.length
    else if (!this.#format.skipsAt?.(held, 0)) this.#format.take(held, 0, length, offset)
    // A block may be shorter than the head of one: the next has begun.
    if (length < held.length) this.push(held, length, held.length, offset + length)
    return at + added
  }
}
