/** The scanner of `record-scanner.wat` with its memory laid out: text in, spans of wanted fields out. */
import { readFileSync } from 'node:fs'

/** The result of a scan of an object that goes on after the bytes that are there. */
export const CUT = -2

const PAGE = 65_536
/** The memory: a table from traits of keys to slots, the slots, the keys, and from `TEXT` on the text. */
const TABLE_MASK = 1023
const SLOTS = 1024
const SLOT_BYTES = 32
/** As many as a byte of the table can name. */
const MOST_FIELDS = 255
const KEYS = SLOTS + SLOT_BYTES * MOST_FIELDS
const TEXT = PAGE
/** Zeros that end every loop, at least as many as are read at a time. */
const PADDING = 16

/** What is used of it: its types come with those of a browser only. */
declare const WebAssembly: {
  Memory: new (descriptor: { initial: number }) => { buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
}

type Scan = (at: number, end: number) => number

let compiled: object | null = null

function scannerModule(): object {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./record-scanner.wasm', import.meta.url)))
  return compiled
}

/** Positions count from the beginning of `text`. */
export class RecordScanner {
  /** Where text is put that is to be scanned. */
  readonly text: Buffer
  readonly #bytes: Uint8Array
  readonly #slots: Int32Array
  readonly #scan: Scan
  readonly #fields = new Map<string, number | null>()
  #keysEnd = KEYS
  #record = 0

  /** @param capacity bytes of text that there is room for */
  constructor(capacity: number) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((TEXT + capacity + PADDING) / PAGE) })
    const { exports } = new WebAssembly.Instance(scannerModule(), { scan: { memory } })
    this.#scan = (exports as { scan: Scan }).scan
    this.#bytes = new Uint8Array(memory.buffer)
    this.#slots = new Int32Array(memory.buffer, 0, TEXT >> 2)
    this.text = Buffer.from(memory.buffer, TEXT, capacity)
  }

  /**
   * The slot of a field, noted from the next scan on; null when there is no room for it. A name is looked for as it is
   * spelled: a record that writes a key with escapes is none that can be scanned.
   */
  slotOf(field: string): number | null {
    let slot = this.#fields.get(field)
    if (slot === undefined) {
      slot = this.#add(Buffer.from(field))
      this.#fields.set(field, slot)
    }
    return slot
  }

  /** The text ends at `end`: what follows is no longer looked at, but overwritten in part. */
  endAt(end: number): void {
    this.#bytes.fill(0, TEXT + end, TEXT + end + PADDING)
  }

  /**
   * The position after the object that begins at `at`; `CUT`, or another number below 0 when it is no object or none
   * that this scanner is sure of. `endAt` has to be called before.
   */
  scan(at: number, end: number): number {
    this.#record = (this.#record + 1) | 0
    const found = this.#scan(TEXT + at, TEXT + end)
    return found < 0 ? found : found - TEXT
  }

  /** First byte of the value that the last record has in a slot; 0 when it has none. Of a field that is there twice the last counts. */
  first(slot: number): number {
    return this.#slots[slot + 3] === this.#record ? this.#slots[slot + 4]! : 0
  }

  /** Where the value begins; of a string its text. */
  begin(slot: number): number {
    return this.#slots[slot + 5]! - TEXT
  }

  end(slot: number): number {
    return this.#slots[slot + 6]! - TEXT
  }

  /** Whether the value is a string that may be spelled in other ways: with `\u`, `\/` or bytes beyond ASCII. */
  isRespelled(slot: number): boolean {
    return this.#slots[slot + 7] !== 0
  }

  /** The text of a string. */
  string(slot: number): string {
    const text = this.text.toString('utf8', this.begin(slot), this.end(slot))
    return text.includes('\\') ? JSON.parse(`"${text}"`) : text
  }

  #add(key: Buffer): number | null {
    const number = this.#fields.size + 1
    if (number > MOST_FIELDS || key.length === 0 || this.#keysEnd + key.length > TEXT) return null
    const slot = (SLOTS + SLOT_BYTES * (number - 1)) >> 2
    const traits = (key.length * 67 + key[0]! * 257 + key.at(-1)! * 13) & TABLE_MASK
    this.#slots[slot] = this.#bytes[traits]!
    this.#slots[slot + 1] = key.length
    this.#slots[slot + 2] = this.#keysEnd
    this.#bytes[traits] = number
    this.#bytes.set(key, this.#keysEnd)
    this.#keysEnd += key.length
    return slot
  }
}
