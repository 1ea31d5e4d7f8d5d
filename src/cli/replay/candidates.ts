/** The events that a query looks for in one input, until its end: in memory while they are few, else sorted on disk. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timeReader } from '../../language/sequence/stage-test.ts'
import type { EventDocument } from '../../model/event.ts'

export interface Candidate extends EventDocument {
  record: number
  /** What `@timestamp` is by the other clock. */
  otherTime: unknown
  /** What it is about, in short. */
  tells: string
}

/** What puts events in order. */
export interface Ordered {
  /** Milliseconds since 1970. */
  time: number
  record: number
}

/** Its time is read once: to put it in order it is looked at many times. */
export interface Timed extends Candidate, Ordered {}

/** How many all queries together keep in memory: some kilobytes each at most. */
const MOST_IN_MEMORY = 30_000

/** Open files of one list: more are merged into one. */
const MOST_RUNS = 64

/** Memory that the candidates of several queries share. */
export class Room {
  readonly #most: number
  readonly #all = new Set<Candidates>()
  #used = 0

  constructor(most = MOST_IN_MEMORY) {
    this.#most = most
  }

  /** Tells of a change in how much a list keeps in memory; when that is too much, the longest goes to disk. */
  changed(list: Candidates, by: number): void {
    this.#used += by
    if (by > 0) this.#all.add(list)
    else if (list.kept === 0) this.#all.delete(list)
    if (this.#used <= this.#most) return
    const [longest] = [...this.#all].sort((a, b) => b.kept - a.kept)
    longest!.spill()
  }
}

/** Candidates in the order of their time; those of the same time in the order of their records. */
export class Candidates {
  readonly #room: Room
  readonly #runs: Run[] = []
  #kept: Timed[] = []

  constructor(room: Room) {
    this.#room = room
  }

  /** How many are in memory. */
  get kept(): number {
    return this.#kept.length
  }

  add(candidate: Candidate): void {
    this.#kept.push({ ...candidate, time: timeOf(candidate.source) })
    this.#room.changed(this, 1)
  }

  /** All of them in the order of their records; null when some are on disk. */
  get inMemory(): readonly Candidate[] | null {
    return this.#runs.length === 0 ? this.#kept.toSorted((a, b) => a.record - b.record) : null
  }

  *inTimeOrder(): Generator<Timed> {
    const runs = [...this.#runs.map((run) => run.lines()), sorted(this.#kept).values()]
    const heads = runs.map((run) => run.next())
    for (;;) {
      let least = -1
      for (const [index, head] of heads.entries()) {
        if (!head.done && (least === -1 || inOrder(head.value, heads[least]!.value) < 0)) least = index
      }
      if (least === -1) return
      yield heads[least]!.value
      heads[least] = runs[least]!.next()
    }
  }

  clear(): void {
    this.#forget()
    for (const run of this.#runs.splice(0)) run.close()
  }

  /** Puts what is in memory on disk. */
  spill(): void {
    if (this.#runs.length === MOST_RUNS) {
      const merged = new Run(this.inTimeOrder())
      for (const run of this.#runs.splice(0, MOST_RUNS, merged)) run.close()
    } else this.#runs.push(new Run(sorted(this.#kept)))
    this.#forget()
  }

  #forget(): void {
    const { length } = this.#kept
    this.#kept = []
    this.#room.changed(this, -length)
  }
}

/** Those without a time last, as a search has them; it is a number that JSON can write. */
export const timeOf = (source: Record<string, unknown>): number => {
  const time = readTime(source)
  return Number.isNaN(time) ? Number.MAX_VALUE : time
}

const readTime = timeReader()

/** Those of the same time in the order of their records. */
export const inOrder = (a: Ordered, b: Ordered): number => (a.time === b.time ? a.record - b.record : a.time - b.time)

const sorted = (candidates: readonly Timed[]): Timed[] => candidates.toSorted(inOrder)

const WRITTEN_AT_ONCE = 1000
const READ_AT_ONCE = 1 << 16
const NEWLINE = 0x0a

/** Candidates in order in a file that nobody else sees. */
class Run {
  readonly #descriptor: number
  readonly #folder: string

  constructor(candidates: Iterable<Timed>) {
    this.#folder = mkdtempSync(join(tmpdir(), 'tocsin-replay-'))
    this.#descriptor = openSync(join(this.#folder, 'run'), 'w+', 0o600)
    // The name goes at once where a system allows it: then nothing stays behind, however the process ends.
    this.#remove()
    let lines: string[] = []
    const write = () => writeAll(this.#descriptor, Buffer.from(lines.join('')))
    for (const candidate of candidates) {
      lines.push(`${JSON.stringify(candidate)}\n`)
      if (lines.length < WRITTEN_AT_ONCE) continue
      write()
      lines = []
    }
    write()
  }

  *lines(): Generator<Timed> {
    const chunk = Buffer.alloc(READ_AT_ONCE)
    let rest: Buffer = Buffer.alloc(0)
    for (let position = 0; ; ) {
      const count = readSync(this.#descriptor, chunk, 0, chunk.length, position)
      if (count === 0) return
      position += count
      rest = Buffer.concat([rest, chunk.subarray(0, count)])
      let at = 0
      for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE, at)) {
        yield JSON.parse(rest.toString('utf8', at, end))
        at = end + 1
      }
      rest = rest.subarray(at)
    }
  }

  close(): void {
    closeSync(this.#descriptor)
    this.#remove()
  }

  #remove(): void {
    try {
      rmSync(this.#folder, { recursive: true, force: true })
    } catch {}
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}
