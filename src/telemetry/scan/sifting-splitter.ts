/**
 * A stream of bytes to the JSON objects in it, as `JsonSplitter` gives them, but for those that a sieve passes over. What
 * is unusual, damaged for one, is left to that splitter, so that both say the same about it.
 */
import { isUtf8 } from 'node:buffer'
import { JsonSplitter } from '../readers/json-splitter.ts'
import type { RecordSink } from '../readers/record-sink.ts'
import type { NeedsOf } from './gates.ts'
import { HeldRecords } from './held-records.ts'
import { CUT, RecordScanner } from './record-scanner.ts'
import type { SegmentRoom } from './segment-room.ts'
import type { SegmentThreads } from './segment-threads.ts'
import { type CanWait, type Learned, Sieve } from './sieve.ts'
import { createSifterMemory, LONGEST, READ } from './sifter-memory.ts'
import { NOTHING_SKIMMED, type Skimmed, type SkimmedCounts } from './skimmed.ts'
import type { PassedListener } from './skimmer.ts'

/** Where the room begins. */
const ROOM = LONGEST
/** So many records are taken one by one in less time than a segment is gone through. */
const FEW_RUNS = 16

const OPEN = 0x7b
const CLOSE = 0x7d

/** What can be used for one input after the other. */
export interface Sifter {
  scanner: RecordScanner
  sieve: Sieve
  canWait: CanWait
  held: HeldRecords
  threads: SegmentThreads | null
}

export interface SifterOptions {
  canWait?: CanWait
  /** Started with memory of `createSifterMemory`. */
  threads?: SegmentThreads | null
  /** What another sifter learned with the same needs. */
  learned?: Learned | null
}

export function createSifter(
  needsOf: NeedsOf,
  { canWait = () => false, threads = null, learned = null }: SifterOptions = {},
): Sifter {
  const scanner = new RecordScanner(threads?.memory ?? createSifterMemory(), learned?.scanner)
  return { scanner, sieve: new Sieve(scanner, needsOf, canWait, learned), canWait, held: new HeldRecords(), threads }
}

export class SiftingSplitter {
  readonly #sink: RecordSink
  readonly #passed: PassedListener
  readonly #scanner: RecordScanner
  readonly #sieve: Sieve
  readonly #canWait: CanWait
  readonly #splitter: JsonSplitter
  /** Whether the other splitter reads. */
  #isSlow = false
  /** The text that is not gone through yet, and where its first byte lies in the stream. */
  #begin = ROOM
  #end = ROOM
  #base = 0
  #records = 0
  /** What was counted and is not read yet. */
  readonly held: HeldRecords

  constructor(sink: RecordSink, { scanner, sieve, canWait, held }: Sifter, passed: PassedListener) {
    held.forget()
    this.held = held
    this.#sink = sink
    this.#scanner = scanner
    this.#sieve = sieve
    this.#canWait = canWait
    this.#passed = passed
    this.#splitter = new JsonSplitter(sink)
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#isSlow) {
        this.#slowly(at === 0 ? chunk : chunk.subarray(at))
        return
      }
      const count = chunk.copy(this.room, 0, at)
      this.take(count)
      at += count
    }
  }

  /** Where the next bytes are to be put. */
  get room(): Buffer {
    return this.#scanner.text.subarray(ROOM, ROOM + READ)
  }

  /** Takes so many bytes as were put into the room. */
  take(count: number): void {
    const { text } = this.#scanner
    if (this.#isSlow) {
      this.#slowly(Buffer.from(text.subarray(ROOM, ROOM + count)))
      return
    }
    this.#end = ROOM + count
    if (this.#sift()) this.#keep(text.subarray(this.#begin, this.#end))
    else this.#slowDown()
  }

  /**
   * Takes a segment that another thread went through. Where it stopped at many records since it knew less than is known now,
   * it is gone through again.
   */
  takeGoneThrough(segment: SegmentRoom): void {
    const { text, begin, end, skimmed } = segment
    let at = begin
    let told = NOTHING_SKIMMED
    const isOld = segment.runCount > FEW_RUNS && segment.tables !== this.#scanner.changes
    for (const run of segment.runs()) {
      if (isOld || this.#isSlow || this.#begin !== this.#end) break
      this.#takeSkimmed(skimmed, told, run, text, at)
      told = run
      this.#base += run.begin - at
      this.push(text.subarray(run.begin, run.end))
      at = run.end
    }
    // The other splitter keeps what it is given; the thread writes there again.
    this.push(Buffer.from(text.subarray(at, end)))
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
      const skimmed = this.#sieve.skim(this.#begin, end, this.#passed)
      const { stopped, scanned } = scanner
      this.#takeSkimmed(skimmed, NOTHING_SKIMMED, skimmed.counts, text, this.#begin)
      this.#goOn(stopped)
      if (stopped >= end) return true
      if (scanned === null) {
        if (text[stopped] !== OPEN) return false
        continue
      }
      if (scanned < 0) return scanned === CUT && end - stopped <= LONGEST
      this.#records += 1
      const wanted = scanner.exclusively(() => {
        const all = this.#sieve.wanted()
        if (all !== null) this.#sieve.learn()
        return all
      })
      if (wanted !== null && this.#canPass(wanted, stopped, scanned)) this.#sieve.pass(this.#passed)
      else this.#read(text.subarray(stopped, scanned), this.#records, this.#base, wanted)
      this.#goOn(scanned)
    }
  }

  /**
   * Takes what was found in a text whose first byte, of those that were not gone through before, lies at `at`. What is to be
   * kept and cannot be is read.
   */
  #takeSkimmed(skimmed: Skimmed, from: SkimmedCounts, to: SkimmedCounts, text: Buffer, at: number): void {
    const [sieve, listener] = [this.#sieve, this.#passed]
    sieve.meet(skimmed, from, to, listener)
    let told = from.passed
    for (let kept = from.kept; kept < to.kept; kept += 1) {
      const { begin, end, index, who } = skimmed.kept(kept)
      const bytes = text.subarray(begin, end)
      const record = this.#records + 1 + index - from.passed
      if (this.held.hold(bytes, record, who, sieve.kindOf(skimmed, index))) continue
      sieve.tell(skimmed, told, index, listener)
      told = index + 1
      this.#read(bytes, record, this.#base + begin - at, who)
    }
    sieve.tell(skimmed, told, to.passed, listener)
    this.#records += to.passed - from.passed
  }

  #read(bytes: Buffer, record: number, offset: number, wanted: readonly number[] | null): void {
    this.#sink.onRecord(JSON.parse(bytes.toString()), record, offset, wanted)
  }

  /** Puts what is left before the room. */
  #keep(left: Buffer): void {
    this.#end = ROOM
    this.#begin = ROOM - left.copy(this.#scanner.text, ROOM - left.length)
  }

  #goOn(to: number): void {
    this.#base += to - this.#begin
    this.#begin = to
  }

  #canPass(wanted: readonly number[], begin: number, end: number): boolean {
    if (wanted.length === 0) return true
    if (!wanted.every(this.#canWait)) return false
    return this.held.hold(this.#scanner.text.subarray(begin, end), this.#records, wanted, this.#sieve.kind)
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
