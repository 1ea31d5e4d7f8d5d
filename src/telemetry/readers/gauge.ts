/** How much comes out of a file for what goes in: the guard against archives that are made to fill a machine. */
import { DamagedInput } from './damage.ts'

/** Telemetry shrinks to a fortieth; far beyond that somebody wants to fill a disk. */
const MOST = 250
/** Below this nobody is hurt; after each member that went beyond it, half of what it was. */
const HARMLESS_BYTES = 256 << 20

/** One for each file, whatever archives lie in one another there. */
export class Gauge {
  #given = 0
  #made = 0
  #harmless = HARMLESS_BYTES

  /** The file's chunks, counted. */
  async *given(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#given += chunk.length
      yield chunk
    }
  }

  /** Afterwards the count starts anew, for members that follow. @throws DamagedInput when too much was unpacked */
  made(bytes: number): void {
    this.#made += bytes
    if (this.#made <= this.#harmless || this.#made <= this.#given * MOST) return
    this.#made = 0
    this.#given = 0
    this.#harmless /= 2
    throw new DamagedInput(`it unpacks to more than ${MOST} times its size: not read further`)
  }
}
