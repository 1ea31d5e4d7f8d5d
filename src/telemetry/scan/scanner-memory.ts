/** The memory of `record-scanner.wat`: where what lies, and a part of it in which texts, rows and nodes are put one after the other. */

const PAGE = 65_536
/** A table from traits of keys to slots. */
export const KEY_TABLE_MASK = 1023
export const MARKS = 1024
/** Where `skim` stopped, what it scanned there, the slots of event ids, and the row that it found. */
export const STOPPED = 1032
export const SCANNED = 1036
export const ID_SLOTS = 1040
export const FOUND_ROW = 1048
export const SLOT_BYTES = 64
export const SLOTS = MARKS + SLOT_BYTES
/** As many as a byte of the table can name. */
export const MOST_FIELDS = 255
const ROW_TABLE = 20_480
const ROW_TABLE_BYTES = 1024
const KEYS = ROW_TABLE + ROW_TABLE_BYTES
export const PASSED = PAGE
export const PASSED_BYTES = 40
export const MOST_PASSED = 1024
const KEPT = 2 * PAGE
/** What is not used of it takes no memory of the machine's. */
const KEPT_BYTES = 64 * PAGE
export const TEXT = KEPT + KEPT_BYTES
/** Zeros that end every loop, at least as many as are read at a time. */
const PADDING = 16

/** What is used of it: its types come with those of a browser only. */
declare const WebAssembly: { Memory: new (descriptor: { initial: number }) => { buffer: ArrayBuffer } }

export class ScannerMemory {
  readonly memory: { buffer: ArrayBuffer }
  readonly bytes: Uint8Array
  /** Everything before the text, four bytes each. */
  readonly words: Int32Array
  #keysEnd = KEYS
  #keptEnd = KEPT

  /** @param capacity bytes of text that there is room for */
  constructor(capacity: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil((TEXT + capacity + PADDING) / PAGE) })
    this.bytes = new Uint8Array(this.memory.buffer)
    this.words = new Int32Array(this.memory.buffer, 0, TEXT >> 2)
  }

  /** Puts the bytes of a key where it stays, and gives their address; null when there is no room. */
  keepKey(key: Buffer): number | null {
    if (this.#keysEnd + key.length > PASSED) return null
    const address = this.#keysEnd
    this.bytes.set(key, address)
    this.#keysEnd += key.length
    return address
  }

  /** Room for so many bytes, at an address that eight divides; null when there is none. It was not cleared. */
  take(bytes: number): number | null {
    const address = this.#keptEnd
    if (address + bytes > TEXT) return null
    this.#keptEnd = (address + bytes + 7) & ~7
    return address
  }

  /** Where what is taken next will lie. */
  get mark(): number {
    return this.#keptEnd
  }

  /** Gives back all that was taken since there was this mark. */
  release(mark: number): void {
    this.#keptEnd = mark
  }

  /** Text that follows is no longer looked at, but overwritten in part. */
  endAt(end: number): void {
    this.bytes.fill(0, TEXT + end, TEXT + end + PADDING)
  }

  /** The place in the table of rows for an event id as it is written. */
  rowsOf(id: number): number {
    return (ROW_TABLE >> 2) + (Math.imul(id, 0x9e3779b1) >>> 24)
  }
}
