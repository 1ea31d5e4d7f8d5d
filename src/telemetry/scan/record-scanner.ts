/** The scanner of `record-scanner.wat`: text in, spans of wanted fields out, and records that nobody wants skimmed off. */
import { readFileSync } from 'node:fs'
import { RowTable } from './row-table.ts'
import {
  FOUND_ROW,
  ID_SLOTS,
  IS_TIMED,
  KEY_TABLE_MASK,
  MARKS,
  MOST_FIELDS,
  PADDING,
  SCANNED,
  type ScannerMemory,
  type ScannerTables,
  SKIMMED,
  SLOT_BYTES,
  SLOTS,
  STOPPED,
  TEXT,
} from './scanner-memory.ts'
import { Skimmed } from './skimmed.ts'

/** The result of a scan of an object that goes on after the bytes that are there. */
export const CUT = -2

/** Nodes that are answers. */
export const NOBODY = 0
export const SOMEBODY = 1
const NODE_BYTES = 20
/** Of a row, in words. */
const NUMBER = 13

/** What is used of it: its types come with those of a browser only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
}

interface Exports {
  scan(at: number, end: number): number
  skim(at: number, end: number, found: number): void
  asks(node: number): number
  stamp(slot: number): number
  record: { value: number }
}

/** Fields, texts and rows that a scanner knows. */
export interface LearnedByScanner {
  fields: Map<string, number | null>
  wanted: Map<string, number>
  rows: number
  tables: ScannerTables
}

let compiled: object | null = null

/** The compiled scanner, for every thread. */
export function scannerModule(): object {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./record-scanner.wasm', import.meta.url)))
  return compiled
}

/** Positions count from the beginning of `text`. */
export class RecordScanner {
  /** Where text is put that is to be scanned. */
  readonly text: Buffer
  readonly #memory: ScannerMemory
  readonly rows: RowTable
  readonly #skimmed: Skimmed
  readonly #words: Int32Array
  readonly #exports: Exports
  readonly #fields: Map<string, number | null>
  /** Addresses of texts that are looked for. */
  readonly #wanted: Map<string, number>

  /** @param learned by another scanner: this one goes on from there */
  constructor(memory: ScannerMemory, learned: LearnedByScanner | null = null) {
    this.#memory = memory
    this.#fields = learned?.fields ?? new Map()
    this.#wanted = learned?.wanted ?? new Map()
    this.rows = new RowTable(memory, learned?.rows ?? 0)
    if (learned !== null) memory.restore(learned.tables)
    const { exports } = new WebAssembly.Instance(scannerModule(), { scan: { memory: memory.memory } })
    this.#exports = exports as Exports
    this.#words = memory.words
    this.#skimmed = new Skimmed(memory, SKIMMED, TEXT)
    this.text = memory.bytes.subarray(TEXT, -PADDING)
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
    this.#memory.endAt(TEXT + end)
  }

  get learned(): LearnedByScanner {
    return { fields: this.#fields, wanted: this.#wanted, rows: this.rows.count, tables: this.#memory.tables }
  }

  /** How often fields, nodes and rows were added. */
  get changes(): number {
    return this.#memory.changes
  }

  /** Does what adds fields, nodes or rows, while no other thread copies them. */
  exclusively<T>(use: () => T): T {
    return this.#memory.exclusively(use)
  }

  /**
   * The position after the object that begins at `at`; `CUT`, or another number below 0 when it is no object or none
   * that this scanner is sure of. `endAt` has to be called before.
   */
  scan(at: number, end: number): number {
    return positionOf(this.#exports.scan(TEXT + at, TEXT + end))
  }

  /** First byte of the value that the last record has in a slot; 0 when it has none. Of a field that is there twice the last counts. */
  first(slot: number): number {
    return this.#words[slot + 3] === this.#exports.record.value ? this.#words[slot + 4]! : 0
  }

  /** Where the value begins; of a string its text. */
  begin(slot: number): number {
    return this.#words[slot + 5]! - TEXT
  }

  end(slot: number): number {
    return this.#words[slot + 6]! - TEXT
  }

  /** The time of a value in the form that nearly all records write, in milliseconds since 1970; NaN for any other. */
  stamp(slot: number): number {
    return this.#exports.stamp(slot << 2)
  }

  /** Gives a field one of the 32 bits of `present` and `texts`. */
  mark(slot: number, bit: number): void {
    this.#words[slot + 8] = bit
  }

  /** The marks of the fields that the last record has. */
  get present(): number {
    return this.#words[MARKS >> 2]!
  }

  /** The marks of its fields whose value is a string. */
  get texts(): number {
    return this.#words[(MARKS >> 2) + 1]!
  }

  /** The text of a string as it is written; null when it may be spelled in other ways: with escapes or bytes beyond ASCII. */
  written(slot: number): string | null {
    const text = this.text.toString('latin1', this.begin(slot), this.end(slot))
    return this.#words[slot + 7] !== 0 || text.includes('\\') ? null : text
  }

  /** The text of a string. */
  string(slot: number): string {
    const text = this.text.toString('utf8', this.begin(slot), this.end(slot))
    return text.includes('\\') ? JSON.parse(`"${text}"`) : text
  }

  /**
   * The node that asks whether the last record's value in a slot may hold a text, whatever case its letters are in: it goes
   * on to `no` only when it certainly does not. Without room for it `yes`, so that nothing is overlooked.
   * @param text as JSON writes it, in small letters and ASCII
   */
  node(slot: number, text: string, yes: number, no: number): number {
    const wanted = this.#wantedText(text)
    const node = wanted === null ? null : this.#memory.take(NODE_BYTES)
    if (node === null) return yes
    this.#words.set([slot << 2, wanted!, text.length, yes, no], node >> 2)
    return node
  }

  /** The answer to which a node comes for the last record. */
  asks(node: number): boolean {
    return this.#exports.asks(node) !== NOBODY
  }

  /** Forgets the nodes and rows that `use` makes, once it is over. */
  *briefly<T>(use: () => Iterable<T>): Generator<T> {
    const { mark } = this.#memory
    try {
      yield* use()
    } finally {
      this.#memory.release(mark)
      for (const [text, address] of this.#wanted) if (address >= mark) this.#wanted.delete(text)
    }
  }

  /** Tells `skim` the slots of the two fields that may hold an event's id. */
  idsIn(slots: readonly [number, number]): void {
    for (const [index, slot] of slots.entries()) this.#words[(ID_SLOTS >> 2) + index] = slot << 2
  }

  /** From now on rows are met for the first time. */
  beginReading(): void {
    this.#memory.reading += 1
  }

  /** Goes through the records from `at` on that belong to a row and that nobody wants at once. */
  skim(at: number, end: number): Skimmed {
    this.#skimmed.clear()
    this.#exports.skim(TEXT + at, TEXT + end, this.#skimmed.address)
    return this.#skimmed
  }

  /** Where `skim` stopped: at the end, at what is no object, at one that somebody wants, or when it could note no more. */
  get stopped(): number {
    return this.#words[STOPPED >> 2]! - TEXT
  }

  /** What `scan` says of that object, which was scanned last; null when it was not. */
  get scanned(): number | null {
    const found = this.#words[SCANNED >> 2]!
    return found === 0 ? null : positionOf(found)
  }

  /** The number of the row that it belongs to; null for none. */
  get row(): number | null {
    const row = this.#words[FOUND_ROW >> 2]!
    return row === 0 ? null : this.#words[(row >> 2) + NUMBER]!
  }

  /** Whether its times are those of its row. */
  get isTimed(): boolean {
    return this.#words[IS_TIMED >> 2] !== 0
  }

  #add(key: Buffer): number | null {
    const number = this.#fields.size + 1
    const address = number > MOST_FIELDS || key.length === 0 ? null : this.#memory.keepKey(key)
    if (address === null) return null
    const slot = (SLOTS + SLOT_BYTES * (number - 1)) >> 2
    const traits = (key.length * 67 + key[0]! * 257 + key.at(-1)! * 13) & KEY_TABLE_MASK
    const { bytes } = this.#memory
    this.#words.set([bytes[traits]!, key.length, address], slot)
    bytes[traits] = number
    return slot
  }

  #wantedText(text: string): number | null {
    let address = this.#wanted.get(text) ?? null
    if (address !== null) return address
    address = this.#memory.take(text.length)
    if (address === null) return null
    this.#memory.bytes.set(Buffer.from(text, 'latin1'), address)
    this.#wanted.set(text, address)
    return address
  }
}

const positionOf = (found: number) => (found < 0 ? found : found - TEXT)
