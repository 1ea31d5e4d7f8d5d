/**
 * The memory of `record-scanner.wat`: where what lies, and a part of it in which texts, rows and nodes are put one after the
 * other. Threads share it, to take over each other's tables and to see what was found.
 */

const PAGE = 65_536
/** A table from traits of keys to slots. */
export const KEY_TABLE_MASK = 1023
export const MARKS = 1024
/** Where `skim` stopped, what it scanned there, the slots of event ids, and the row that it found. */
export const STOPPED = 1032
export const SCANNED = 1036
export const ID_SLOTS = 1040
export const FOUND_ROW = 1048
/** The number of the reading: what was met in another does not count. */
const READING = 1068 >> 2
/** Whether the times of the record where `skim` stopped could be read. */
export const IS_TIMED = 1072
/** Not the scanner's own: who changes or copies the tables, how often they changed, and where keys and what is kept end. */
const LOCK = 1052 >> 2
const CHANGES = 1056 >> 2
const KEYS_END = 1060 >> 2
const KEPT_END = 1064 >> 2
export const SLOT_BYTES = 64
export const SLOTS = MARKS + SLOT_BYTES
/** As many as a byte of the table can name. */
export const MOST_FIELDS = 255
/** Of a slot, in words: the record that it was last seen in, and the text of the last time that it held. */
const SEEN_IN = 3
const LAST_TIME = 10
const LAST_TIME_END = 14
const ROW_TABLE = 20_480
const ROW_TABLE_BYTES = 1024
const KEYS = ROW_TABLE + ROW_TABLE_BYTES
export const SKIMMED = PAGE
const KEPT = 3 * PAGE
/** What is not used of it takes no memory of the machine's. */
const KEPT_BYTES = 64 * PAGE
export const TEXT = KEPT + KEPT_BYTES
/** Zeros that end every loop, at least as many as are read at a time. */
export const PADDING = 16

/** What is used of WebAssembly: its types come with those of a browser only. */
export interface WasmMemory {
  buffer: SharedArrayBuffer
}

declare const WebAssembly: {
  Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => WasmMemory
}

export class ScannerMemory {
  readonly memory: WasmMemory
  readonly bytes: Buffer
  /** Everything before the text, four bytes each. */
  readonly words: Int32Array
  /** Changes of another memory's tables up to the copy that is here. */
  #copied = 0

  /** @param memory of another thread */
  constructor(memory: WasmMemory) {
    this.memory = memory
    this.bytes = Buffer.from(memory.buffer)
    this.words = new Int32Array(memory.buffer, 0, TEXT >> 2)
  }

  /** @param capacity bytes of text that there is room for */
  static of(capacity: number): ScannerMemory {
    const pages = Math.ceil((TEXT + capacity + PADDING) / PAGE)
    const memory = new ScannerMemory(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }))
    memory.words[KEYS_END] = KEYS
    memory.words[KEPT_END] = KEPT
    return memory
  }

  /** Puts the bytes of a key where it stays, and gives their address; null when there is no room. */
  keepKey(key: Buffer): number | null {
    const address = this.words[KEYS_END]!
    if (address + key.length > SKIMMED) return null
    this.bytes.set(key, address)
    this.words[KEYS_END] = address + key.length
    Atomics.add(this.words, CHANGES, 1)
    return address
  }

  /** Room for so many bytes, at an address that eight divides; null when there is none. It was not cleared. */
  take(bytes: number): number | null {
    const address = this.mark
    if (address + bytes > TEXT) return null
    this.words[KEPT_END] = (address + bytes + 7) & ~7
    Atomics.add(this.words, CHANGES, 1)
    return address
  }

  /** Where what is taken next will lie. */
  get mark(): number {
    return this.words[KEPT_END]!
  }

  /** Gives back all that was taken since there was this mark. */
  release(mark: number): void {
    this.words[KEPT_END] = mark
  }

  get reading(): number {
    return this.words[READING]!
  }

  /** Rows that are met from now on are met for the first time; a number that was never used here. */
  set reading(reading: number) {
    this.words[READING] = reading
  }

  /** Text ends at this address: what follows is no longer looked at, but overwritten in part. */
  endAt(address: number): void {
    this.bytes.fill(0, address, address + PADDING)
  }

  /** The place in the table of rows for an event id as it is written. */
  rowsOf(id: number): number {
    return (ROW_TABLE >> 2) + (Math.imul(id, 0x9e3779b1) >>> 24)
  }

  /** Does what changes the tables, or copies them, while no other thread does. */
  exclusively<T>(use: () => T): T {
    while (Atomics.compareExchange(this.words, LOCK, 0, 1) !== 0);
    try {
      return use()
    } finally {
      Atomics.store(this.words, LOCK, 0)
    }
  }

  /** All that `restore` needs. */
  get tables(): ScannerTables {
    const { bytes, words } = this
    return { keys: Buffer.from(bytes.subarray(0, words[KEYS_END])), kept: Buffer.from(bytes.subarray(KEPT, this.mark)) }
  }

  /** Takes over tables as they were in another memory. */
  restore({ keys, kept }: ScannerTables): void {
    this.bytes.set(keys, 0)
    this.bytes.set(kept, KEPT)
    this.#forgetRecord()
  }

  /** How often the tables changed. */
  get changes(): number {
    return Atomics.load(this.words, CHANGES)
  }

  /** Takes over the tables of another thread's memory as they are now: keys, texts, rows and nodes, but nothing of a record. Gives their state. */
  copyTables(from: ScannerMemory): number {
    if (from.changes === this.#copied) return this.#copied
    from.exclusively(() => {
      this.#copied = from.changes
      this.bytes.set(from.bytes.subarray(0, from.words[KEYS_END]), 0)
      this.bytes.set(from.bytes.subarray(KEPT, from.mark), KEPT)
    })
    this.#forgetRecord()
    return this.#copied
  }

  /** A time and its minute may have been copied while they were written. */
  #forgetRecord(): void {
    for (let slot = 0; slot < MOST_FIELDS; slot += 1) {
      const at = (SLOTS + slot * SLOT_BYTES) >> 2
      this.words[at + SEEN_IN] = 0
      this.words.fill(0, at + LAST_TIME, at + LAST_TIME_END)
    }
  }
}

/** The tables of a scanner: keys with all that comes before them, and texts, rows and nodes. */
export interface ScannerTables {
  keys: Uint8Array
  kept: Uint8Array
}
