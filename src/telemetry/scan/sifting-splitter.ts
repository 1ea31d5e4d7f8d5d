/**
 * A stream of bytes to the JSON objects in it, as `JsonSplitter` gives them, but for those that a sieve passes over. What
 * is unusual, damaged for one, is left to that splitter, so that both say the same about it.
 */
import { isUtf8 } from 'node:buffer'
import { JsonSplitter } from '../readers/json-splitter.ts'
import type { RecordSink } from '../readers/record-sink.ts'
import { HeldRecords } from './held-records.ts'
import { CUT, RecordScanner } from './record-scanner.ts'
import { type CanWait, type NeedsOf, Sieve } from './sieve.ts'
import type { OnPassed } from './skimmer.ts'

const CAPACITY = 4 << 20
/** What is read at a time: little enough to stay near the processor while it is gone through. */
const READ = 256 << 10
/** A longer record is not waited for here. */
const LONGEST = 1 << 20

const OPEN = 0x7b
const CLOSE = 0x7d

/** What can be used for one input after the other. */
export interface Sifter {
  scanner: RecordScanner
  sieve: Sieve
  canWait: CanWait
}

export function createSifter(needsOf: NeedsOf, canWait: CanWait = () => false): Sifter {
  const scanner = new RecordScanner(CAPACITY)
  return { scanner, sieve: new Sieve(scanner, needsOf), canWait }
}

export class SiftingSplitter {
  readonly #sink: RecordSink
  readonly #onPassed: OnPassed
  readonly #scanner: RecordScanner
  readonly #sieve: Sieve
  readonly #canWait: CanWait
  readonly #splitter: JsonSplitter
  /** Whether the other splitter reads. */
  #isSlow = false
  /** How many bytes of text are not read yet, and where the first of them lies in the stream. */
  #filled = 0
  #base = 0
  #records = 0
  /** What was counted and is not read yet. */
  readonly held = new HeldRecords()

  constructor(sink: RecordSink, { scanner, sieve, canWait }: Sifter, onPassed: OnPassed) {
    this.#sink = sink
    this.#scanner = scanner
    this.#sieve = sieve
    this.#canWait = canWait
    this.#onPassed = onPassed
    this.#splitter = new JsonSplitter(sink)
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#isSlow) {
        this.#splitter.push(at === 0 ? chunk : chunk.subarray(at))
        this.#comeBack()
        return
      }
      const taken = chunk.copy(this.#scanner.text, this.#filled, at)
      this.#filled += taken
      at += taken
      this.#run()
    }
  }

  /** Takes as many bytes as `read` puts where it is told to; gives how many these were. */
  fill(read: (into: Buffer) => number): number {
    const begin = this.#filled
    const into = this.#isSlow ? Buffer.allocUnsafe(READ) : this.#scanner.text.subarray(begin, begin + READ)
    const count = read(into)
    if (this.#isSlow) this.push(into.subarray(0, count))
    else {
      this.#filled += count
      this.#run()
    }
    return count
  }

  /** The stream ended. */
  end(): void {
    if (!this.#isSlow) this.#slowDown(0)
    this.#splitter.end()
  }

  #run(): void {
    const { text } = this.#scanner
    const end = this.#filled
    const complete = text.lastIndexOf(CLOSE, end - 1) + 1
    const at = isUtf8(text.subarray(0, complete)) ? this.#sift(end) : { stopped: 0, unusual: true }
    if (at.unusual) {
      this.#slowDown(at.stopped)
      this.#comeBack()
      return
    }
    text.copyWithin(0, at.stopped, end)
    this.#base += at.stopped
    this.#filled = end - at.stopped
  }

  /** Goes through the text to its end, to a record that is not all there yet, or to what is not for this splitter. */
  #sift(end: number): { stopped: number; unusual: boolean } {
    const scanner = this.#scanner
    const { text } = scanner
    scanner.endAt(end)
    for (let after = 0; ; ) {
      this.#records += this.#sieve.skim(after, end, this.#onPassed)
      const { stopped: at, scanned } = scanner
      if (at >= end) return { stopped: end, unusual: false }
      if (scanned === null) {
        if (text[at] !== OPEN) return { stopped: at, unusual: true }
        after = at
        continue
      }
      if (scanned < 0) return { stopped: at, unusual: scanned !== CUT || end - at > LONGEST }
      after = scanned
      this.#records += 1
      const wanted = this.#sieve.wanted()
      if (wanted !== null) this.#sieve.learn()
      if (wanted !== null && this.#canPass(wanted, at, after)) this.#sieve.pass(this.#onPassed)
      else {
        const value = JSON.parse(text.toString('utf8', at, after))
        this.#sink.onRecord(value, this.#records, this.#base + at, wanted)
      }
    }
  }

  #canPass(wanted: readonly number[], begin: number, end: number): boolean {
    if (wanted.length === 0) return true
    if (!wanted.every(this.#canWait)) return false
    return this.held.hold(this.#scanner.text.subarray(begin, end), this.#records, wanted)
  }

  /** Leaves what follows to the other splitter, as far as it was pushed at least. */
  #slowDown(at: number): void {
    const rest = Buffer.from(this.#scanner.text.subarray(at, this.#filled))
    this.#isSlow = true
    this.#filled = 0
    this.#splitter.resume(this.#records, this.#base + at)
    this.#splitter.push(rest)
  }

  /** Takes over again where the other splitter stands between two records. */
  #comeBack(): void {
    const rest = this.#splitter.handOver(LONGEST)
    if (rest === null) return
    this.#isSlow = false
    this.#records = this.#splitter.records
    this.#base = this.#splitter.offset
    this.#filled = rest.copy(this.#scanner.text)
  }
}
