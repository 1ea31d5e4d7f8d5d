/** What a command prints, gathered as bytes and decoded once at its end: a character may lie across two chunks. */
import iconv from 'iconv-lite'

/** More than this of one stream is not kept: a command that prints for ever must not take the memory of the run. */
const LARGEST_OUTPUT_BYTES = 4 * 1024 * 1024

export class Output {
  readonly #chunks: Buffer[] = []
  #size = 0
  #cut = false

  add(chunk: Buffer): void {
    const room = LARGEST_OUTPUT_BYTES - this.#size
    if (chunk.length > room) this.#cut = true
    if (room <= 0) return
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk
    this.#chunks.push(kept)
    this.#size += kept.length
  }

  /** The text in an encoding that iconv-lite knows; says so at its end when something was left out. */
  text(encoding = 'utf8'): string {
    if (this.#size === 0) return ''
    const text = iconv.decode(Buffer.concat(this.#chunks), encoding)
    return this.#cut ? `${text}\n[output cut after ${LARGEST_OUTPUT_BYTES / 1024 / 1024} MiB]\n` : text
  }
}
