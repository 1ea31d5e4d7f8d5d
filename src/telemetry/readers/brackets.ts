/** Where the array ends in which a stretch of bytes lies that is no object. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

/** The arrays and strings of such a stretch, as far as it is JSON. To be given each of its bytes. */
export class Brackets {
  #open = 0
  #inString = false
  #escaped = false

  /** Whether the byte closes an array that was open before the stretch began. */
  closes(byte: number): boolean {
    if (this.#escaped) this.#escaped = false
    else if (byte === QUOTE) this.#inString = !this.#inString
    else if (this.#inString) this.#escaped = byte === BACKSLASH
    else if (byte === OPEN_ARRAY) this.#open += 1
    else if (byte === CLOSE_ARRAY) {
      if (this.#open === 0) return true
      this.#open -= 1
    }
    return false
  }
}
