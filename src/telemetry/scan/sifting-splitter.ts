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

/** A longer record is not waited for here. */
const LONGEST = 1 << 20
/** What is read at a time: little enough to stay near the processor while it is gone through. */
const READ = 512 << 10
/** Two rooms for what is read; before each there is place for what was left of the other. */
const ROOMS = [LONGEST, LONGEST + READ + LONGEST] as const
const CAPACITY = ROOMS[1] + READ

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
  /** The text that is not gone through yet, and where its first byte lies in the stream. */
  #begin: number = ROOMS[0]
  #end: number = ROOMS[0]
  #base = 0
  /** The room that was given out last, and the one that is taken next. */
  #given: 0 | 1 = 1
  #next: 0 | 1 = 0
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
        this.#slowly(at === 0 ? chunk : chunk.subarray(at))
        return
      }
      const count = chunk.copy(this.room(), 0, at)
      this.take(count)
      at += count
    }
  }

  /** Where the next bytes are to be put, also while those that were put before are not taken yet. */
  room(): Buffer {
    this.#given = other(this.#given)
    const begin = ROOMS[this.#given]
    return this.#scanner.text.subarray(begin, begin + READ)
  }

  /** Takes so many bytes as were put into the room that was given first and is not taken yet. */
  take(count: number): void {
    const { text } = this.#scanner
    const place = ROOMS[this.#next]
    this.#next = other(this.#next)
    if (this.#isSlow) {
      this.#slowly(Buffer.from(text.subarray(place, place + count)))
      return
    }
    this.#end = place + count
    if (this.#sift()) this.#keep(text.subarray(this.#begin, this.#end))
    else this.#slowDown()
  }

  /** The stream ended. */
  end(): void {
    if (!this.#isSlow) this.#leave()
    this.#splitter.end()
  }

  /** Goes through the text to its end or to a record that is not all there yet; false where it comes to what is unusual. */
  #sift(): boolean {
    const scanner = this.#scanner
    const { text } = scanner
    const end = this.#end
    const complete = text.lastIndexOf(CLOSE, end - 1) + 1
    if (!isUtf8(text.subarray(this.#begin, complete))) return false
    scanner.endAt(end)
    for (;;) {
      this.#records += this.#sieve.skim(this.#begin, end, this.#onPassed)
      const { stopped, scanned } = scanner
      this.#goOn(stopped)
      if (stopped >= end) return true
      if (scanned === null) {
        if (text[stopped] !== OPEN) return false
        continue
      }
      if (scanned < 0) return scanned === CUT && end - stopped <= LONGEST
      this.#records += 1
      const wanted = this.#sieve.wanted()
      if (wanted !== null) this.#sieve.learn()
      if (wanted !== null && this.#canPass(wanted, stopped, scanned)) this.#sieve.pass(this.#onPassed)
      else {
        const value = JSON.parse(text.toString('utf8', stopped, scanned))
        this.#sink.onRecord(value, this.#records, this.#base, wanted)
      }
      this.#goOn(scanned)
    }
  }

  /** Puts what is left before the room that is taken next: the one where it lies may be given out again. */
  #keep(left: Buffer): void {
    this.#end = ROOMS[this.#next]
    this.#begin = this.#end - left.copy(this.#scanner.text, this.#end - left.length)
  }

  #goOn(to: number): void {
    this.#base += to - this.#begin
    this.#begin = to
  }

  #canPass(wanted: readonly number[], begin: number, end: number): boolean {
    if (wanted.length === 0) return true
    if (!wanted.every(this.#canWait)) return false
    return this.held.hold(this.#scanner.text.subarray(begin, end), this.#records, wanted)
  }

  /** Leaves to the other splitter what is there, and what follows until it stands between two records. */
  #slowDown(): void {
    this.#leave()
    this.#comeBack()
  }

  #leave(): void {
    const rest = Buffer.from(this.#scanner.text.subarray(this.#begin, this.#end))
    this.#isSlow = true
    this.#splitter.resume(this.#records, this.#base)
    this.#splitter.push(rest)
  }

  #slowly(bytes: Buffer): void {
    this.#splitter.push(bytes)
    this.#comeBack()
  }

  #comeBack(): void {
    const rest = this.#splitter.handOver(LONGEST)
    if (rest === null) return
    this.#isSlow = false
    this.#records = this.#splitter.records
    this.#base = this.#splitter.offset
    this.#keep(rest)
  }
}

const other = (room: 0 | 1) => (room === 0 ? 1 : 0)
