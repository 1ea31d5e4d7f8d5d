/** Where a thread puts a segment of a file and what it finds there, for the reader to see. */
import { PADDING, type ScannerMemory, TEXT } from './scanner-memory.ts'
import { SKIMMED_BYTES, Skimmed, type SkimmedCounts } from './skimmed.ts'

/** What is read at a time: little enough to stay near the processor while it is gone through. */
export const SEGMENT = 512 << 10
/** How far from its place a segment's beginning may lie: the first record that begins a line. */
export const REACH = 32 << 10
/** So many can wait for the reader. */
export const ROOMS = 10

/** A usual segment has a few; of one with more the rest is left to the reader. */
const MOST_RUNS = 1024

/** In words: whether it waits for the reader, where the segment begins and ends, what it was gone through by, and how many runs there are. */
const FULL = 0
const BEGIN = 1
const END = 2
const TABLES = 3
const COUNT = 4
/** Even, so that what follows the runs begins at a multiple of eight bytes. */
const RUNS = 6
const RUN_WORDS = 5
const HEADER_BYTES = (RUNS + RUN_WORDS * MOST_RUNS) * 4
/** The system copies what is read a third faster to where a cache line begins. */
const CACHE_LINE = 64
const aligned = (bytes: number) => Math.ceil(bytes / CACHE_LINE) * CACHE_LINE
const TEXT_AT = aligned(HEADER_BYTES + SKIMMED_BYTES)
const ROOM_BYTES = TEXT_AT + aligned(SEGMENT + REACH + PADDING)

/** What was skimmed of the segment up to a record that is to be read, or to what was not gone through. */
export interface Run extends SkimmedCounts {
  /** Where that record lies in the text; the same twice for none. */
  begin: number
  end: number
}

export class SegmentRoom {
  /** Address of the text, and the text. */
  readonly at: number
  readonly text: Buffer
  readonly skimmed: Skimmed
  readonly #words: Int32Array

  static readonly capacity = ROOMS * ROOM_BYTES

  constructor(memory: ScannerMemory, number: number) {
    const address = TEXT + number * ROOM_BYTES
    this.at = address + TEXT_AT
    this.text = memory.bytes.subarray(this.at, this.at + SEGMENT + REACH)
    this.skimmed = new Skimmed(memory, address + HEADER_BYTES, this.at)
    this.#words = new Int32Array(memory.memory.buffer, address, HEADER_BYTES >> 2)
  }

  /** Waits until the reader has seen what was here before, and clears it. */
  occupy(): void {
    while (Atomics.load(this.#words, FULL) === 1) Atomics.wait(this.#words, FULL, 1)
    this.#words[COUNT] = 0
    this.skimmed.clear()
  }

  /** The segment lies between two places of the text. */
  hold(begin: number, end: number): void {
    this.#words[BEGIN] = begin
    this.#words[END] = end
    Atomics.store(this.#words, FULL, 1)
  }

  /** The state of the tables that the segment is gone through by. */
  set tables(changes: number) {
    this.#words[TABLES] = changes
  }

  get tables(): number {
    return this.#words[TABLES]!
  }

  get runCount(): number {
    return this.#words[COUNT]!
  }

  /** Nothing can be said of the segment. */
  holdNothing(): void {
    this.hold(-1, -1)
    this.#words[COUNT] = 0
  }

  get begin(): number {
    return this.#words[BEGIN]!
  }

  get end(): number {
    return this.#words[END]!
  }

  /** Notes a run. Gives whether there is room for another. */
  add({ passed, kept, met, begin, end }: Run): boolean {
    const count = this.#words[COUNT]!
    this.#words.set([passed, kept, met, begin, end], RUNS + RUN_WORDS * count)
    this.#words[COUNT] = count + 1
    return count + 1 < MOST_RUNS
  }

  *runs(): Generator<Run> {
    for (let run = 0; run < this.#words[COUNT]!; run += 1) {
      const at = RUNS + RUN_WORDS * run
      const word = (index: number) => this.#words[at + index]!
      yield { passed: word(0), kept: word(1), met: word(2), begin: word(3), end: word(4) }
    }
  }

  /** The reader has seen it. */
  leave(): void {
    Atomics.store(this.#words, FULL, 0)
    Atomics.notify(this.#words, FULL)
  }
}
