/** What `skim` of `record-scanner.wat` finds in a text: records that nobody wants at once, many at a time. */
import type { ScannerMemory } from './scanner-memory.ts'

/** Hundreds lie in what is read at a time, and a few of them are to be kept. */
const MOST_PASSED = 4096
const MOST_KEPT = 1024
const MOST_WAITING = 4096
const MOST_MET = 1024

/** Of each array where it begins, in bytes from the first one on. */
const PASSED = 0
const KEPT = 4
const MET = 8
const LAYOUT = 16
const EVENT_TIMES = 56
const RECORD_TIMES = EVENT_TIMES + 8 * MOST_PASSED
const ROWS = RECORD_TIMES + 8 * MOST_PASSED
const KEPT_LIST = ROWS + 4 * MOST_PASSED
const KEPT_WORDS = 5
const WAITING_LIST = KEPT_LIST + 4 * KEPT_WORDS * MOST_KEPT
const MET_LIST = WAITING_LIST + 4 * MOST_WAITING

export const SKIMMED_BYTES = MET_LIST + 4 * MOST_MET

/** How much was found up to some record. */
export interface SkimmedCounts {
  /** Records that passed, and those of them that somebody waits with. */
  passed: number
  kept: number
  /** Rows that were met for the first time. */
  met: number
}

export const NOTHING_SKIMMED: SkimmedCounts = { passed: 0, kept: 0, met: 0 }

/** A record that somebody wants if others make it matter. */
export interface KeptRecord {
  /** Where it lies in the text. */
  begin: number
  end: number
  /** Which of those that passed it is. */
  index: number
  who: number[]
}

export class Skimmed {
  readonly address: number
  readonly #words: Int32Array
  /** Address of the text. */
  readonly #text: number
  /** Of each record that passed: the number of its row, and its times in milliseconds since 1970, NaN for one that it has not. */
  readonly rows: Int32Array
  readonly eventTimes: Float64Array
  readonly recordTimes: Float64Array

  /** @param address that eight divides */
  constructor({ memory }: ScannerMemory, address: number, text: number) {
    this.address = address
    this.#text = text
    this.#words = new Int32Array(memory.buffer, address, SKIMMED_BYTES >> 2)
    this.rows = new Int32Array(memory.buffer, address + ROWS, MOST_PASSED)
    this.eventTimes = new Float64Array(memory.buffer, address + EVENT_TIMES, MOST_PASSED)
    this.recordTimes = new Float64Array(memory.buffer, address + RECORD_TIMES, MOST_PASSED)
  }

  /** Makes it ready for another text. */
  clear(): void {
    const at = this.address
    this.#words.fill(0, 0, LAYOUT >> 2)
    const layout = [at + ROWS, MOST_PASSED, at + EVENT_TIMES, at + RECORD_TIMES, at + KEPT_LIST, MOST_KEPT]
    this.#words.set([...layout, at + WAITING_LIST, MOST_WAITING, at + MET_LIST, MOST_MET], LAYOUT >> 2)
  }

  get counts(): SkimmedCounts {
    return { passed: this.#words[PASSED >> 2]!, kept: this.#words[KEPT >> 2]!, met: this.#words[MET >> 2]! }
  }

  kept(index: number): KeptRecord {
    const words = this.#words
    const at = (KEPT_LIST >> 2) + KEPT_WORDS * index
    const who: number[] = []
    for (let next = words[at + 3]!; next < words[at + 4]!; next += 1) who.push(words[(WAITING_LIST >> 2) + next]!)
    return { begin: words[at]! - this.#text, end: words[at + 1]! - this.#text, index: words[at + 2]!, who }
  }

  /** The number of a row that was met. */
  met(index: number): number {
    return this.#words[(MET_LIST >> 2) + index]!
  }
}
