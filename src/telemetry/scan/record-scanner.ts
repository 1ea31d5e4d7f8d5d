/** The scanner of `record-scanner.wat` with its memory laid out: text in, spans of wanted fields out. */
import { readFileSync } from 'node:fs'

/** The result of a scan of an object that goes on after the bytes that are there. */
export const CUT = -2

const PAGE = 65_536
/** The memory: a table from traits of keys to slots, marks, the slots, keys and wanted texts, and from `TEXT` on the text. */
const TABLE_MASK = 1023
const MARKS = 1024
const SLOT_BYTES = 64
const SLOTS = MARKS + SLOT_BYTES
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

interface Exports {
  scan(at: number, end: number): number
  holds(slot: number, wanted: number, length: number): number
  stamp(slot: number): number
}

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
  readonly #exports: Exports
  readonly #fields = new Map<string, number | null>()
  /** Addresses of texts that are looked for. */
  readonly #wanted = new Map<string, number>()
  #keysEnd = KEYS
  #record = 0

  /** @param capacity bytes of text that there is room for */
  constructor(capacity: number) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((TEXT + capacity + PADDING) / PAGE) })
    const { exports } = new WebAssembly.Instance(scannerModule(), { scan: { memory } })
    this.#exports = exports as Exports
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
    const found = this.#exports.scan(TEXT + at, TEXT + end)
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

  /**
   * A test whether the last record's value in a slot may hold a text, whatever case its letters are in; false only when it
   * certainly does not. Null when there is no room for the text.
   * @param text as JSON writes it, in small letters and ASCII
   */
  searchFor(slot: number, text: string): (() => boolean) | null {
    const { length } = text
    let address = this.#wanted.get(text)
    if (address === undefined) {
      if (this.#keysEnd + length > TEXT) return null
      address = this.#keep(Buffer.from(text, 'latin1'))
      this.#wanted.set(text, address)
    }
    const { holds } = this.#exports
    const [place, wanted] = [slot << 2, address]
    return () => holds(place, wanted, length) !== 0
  }

  /** The time of a value in the form that nearly all records write, in milliseconds since 1970; NaN for any other. */
  stamp(slot: number): number {
    return this.#exports.stamp(slot << 2)
  }

  /** Gives a field one of the 32 bits of `present` and `texts`. */
  mark(slot: number, bit: number): void {
    this.#slots[slot + 8] = bit
  }

  /** The marks of the fields that the last record has. */
  get present(): number {
    return this.#slots[MARKS >> 2]!
  }

  /** The marks of its fields whose value is a string. */
  get texts(): number {
    return this.#slots[(MARKS >> 2) + 1]!
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
    this.#keep(key)
    return slot
  }

  /** Puts bytes beside the keys and gives their address. */
  #keep(bytes: Buffer): number {
    const address = this.#keysEnd
    this.#bytes.set(bytes, address)
    this.#keysEnd += bytes.length
    return address
  }
}
