/** Reads a stream of chunks by exact amounts, with a look ahead. Holds no more than what was looked at. */

export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>
  #ahead: Buffer[] = []
  #aheadLength = 0
  #offset = 0

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset
  }

  /** The next `length` bytes without reading them; fewer at the end of the stream. */
  async peek(length: number): Promise<Buffer> {
    while (this.#aheadLength < length) {
      const next = await this.#chunks.next()
      if (next.done) break
      this.#ahead.push(next.value)
      this.#aheadLength += next.value.length
    }
    if (this.#ahead.length > 1) this.#ahead = [Buffer.concat(this.#ahead)]
    return (this.#ahead[0] ?? Buffer.alloc(0)).subarray(0, length)
  }

  /** The next `length` bytes; fewer at the end of the stream. */
  async read(length: number): Promise<Buffer> {
    const bytes = await this.peek(length)
    this.#skip(bytes.length)
    return bytes
  }

  /** What comes next, at most `limit` bytes; null at the end of the stream. */
  async chunk(limit = Number.POSITIVE_INFINITY): Promise<Buffer | null> {
    const available = await this.peek(1)
    if (available.length === 0) return null
    const bytes = this.#ahead[0]!.subarray(0, Math.min(limit, this.#ahead[0]!.length))
    this.#skip(bytes.length)
    return bytes
  }

  /** Puts bytes back that were the last to be read. */
  unread(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#ahead.unshift(bytes)
    this.#aheadLength += bytes.length
    this.#offset -= bytes.length
  }

  /** Everything that is left. */
  async *rest(): AsyncGenerator<Buffer> {
    for (let chunk = await this.chunk(); chunk !== null; chunk = await this.chunk()) yield chunk
  }

  #skip(length: number): void {
    if (length === 0) return
    const rest = this.#ahead[0]!.subarray(length)
    this.#ahead = rest.length === 0 ? this.#ahead.slice(1) : [rest, ...this.#ahead.slice(1)]
    this.#aheadLength -= length
    this.#offset += length
  }
}
