/** A file of JSON records straight into the scanner's memory, of a large one some segments into that of other threads. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { isPlain } from '../readers/text-encoding.ts'
import type { PlainFile } from '../readers/unpack.ts'
import { isZeekTsv } from '../zeek/tsv.ts'
import type { SegmentBoard } from './segment-board.ts'
import { REACH, SEGMENT, type SegmentRoom } from './segment-room.ts'
import type { SegmentThreads } from './segment-threads.ts'
import { beginOf, type Cutting, readFully } from './segments.ts'
import type { SiftingSplitter } from './sifting-splitter.ts'

const HEAD = 4096
/** Bytes from which on threads are worth the word to them. */
const WORTH_BYTES = 4 << 20
/** After so long others have a turn: who shows progress, for one. */
const TURN_MS = 50

/** How a large file is gone through by several threads. */
export interface SegmentOptions extends Cutting {
  threads: Pick<SegmentThreads, 'begin' | 'room' | 'hasEnded' | 'leaveRooms'>
  worthBytes: number
}

export const segmentsBy = (threads: SegmentThreads | null): SegmentOptions | null =>
  threads && { threads, segment: SEGMENT, reach: REACH, worthBytes: WORTH_BYTES }

/** Reads a file to its end and gives its beginning; null when there is none, or its text is of another kind, and nothing was read. */
export async function siftFile(
  file: PlainFile | undefined,
  splitter: SiftingSplitter,
  segments: SegmentOptions | null,
): Promise<Buffer | null> {
  if (file === undefined) return null
  const descriptor = openSync(file.absolute, 'r')
  try {
    const head = Buffer.alloc(HEAD)
    const begin = head.subarray(0, readSync(descriptor, head, 0, HEAD, 0))
    if (!isPlain(begin) || isZeekTsv(begin)) return null
    await new FileSifting(descriptor, file, splitter).run(segments)
    return begin
  } finally {
    closeSync(descriptor)
  }
}

/** Lets others have a turn. */
const others = () => new Promise<void>((resolve) => setImmediate(resolve))

class FileSifting {
  readonly #descriptor: number
  readonly #file: PlainFile
  readonly #splitter: SiftingSplitter
  #position = 0
  #turn = performance.now()

  constructor(descriptor: number, file: PlainFile, splitter: SiftingSplitter) {
    this.#descriptor = descriptor
    this.#file = file
    this.#splitter = splitter
  }

  async run(segments: SegmentOptions | null): Promise<void> {
    try {
      const { size } = fstatSync(this.#descriptor)
      if (segments !== null && size >= segments.worthBytes) await this.#bySegments(size, segments)
      // All of a file that is not cut, and what was added to another meanwhile.
      while (this.#read(this.#splitter.room) > 0) await this.#pause()
    } finally {
      this.#splitter.end()
    }
  }

  async #bySegments(size: number, options: SegmentOptions): Promise<void> {
    const { threads } = options
    // What threads go by has to be learned first.
    this.#readTo(options.segment, options)
    const board = threads.begin(this.#descriptor, size, options)
    try {
      for (let segment = 1; segment < board.segments; segment += 1) {
        const place = segment * options.segment
        const room = board.reach(segment) ? null : await this.#roomOf(segment, board, threads)
        if (room !== null && place + room.begin === this.#position) {
          this.#splitter.takeGoneThrough(room)
          this.#advance(room.end - room.begin)
        } else this.#readTo(place + options.segment, options)
        room?.leave()
        await this.#pause()
      }
    } finally {
      board.close()
      threads.leaveRooms()
    }
  }

  /** Where a thread left a segment that it has taken; null when it ended before. */
  async #roomOf(segment: number, board: SegmentBoard, threads: SegmentOptions['threads']): Promise<SegmentRoom | null> {
    for (;;) {
      const { thread, room } = board.await(segment)
      if (room !== null) return threads.room(thread, room)
      await others()
      if (threads.hasEnded(thread)) return null
    }
  }

  /** Reads up to where the segment begins that has its place there. */
  #readTo(place: number, cutting: Cutting): void {
    const { room } = this.#splitter
    while (place + cutting.reach - this.#position > room.length) if (this.#read(room) === 0) return
    const left = place - this.#position
    if (left <= 0) return
    const text = room.subarray(0, left + cutting.reach)
    const count = readFully(this.#descriptor, text, this.#position)
    this.#take(count <= left ? count : beginOf(text.subarray(0, count), left, cutting))
  }

  #read(room: Buffer): number {
    const count = readSync(this.#descriptor, room, 0, room.length, this.#position)
    this.#take(count)
    return count
  }

  #take(count: number): void {
    this.#splitter.take(count)
    this.#advance(count)
  }

  #advance(count: number): void {
    this.#position += count
    this.#file.heard(count)
  }

  async #pause(): Promise<void> {
    if (performance.now() - this.#turn < TURN_MS) return
    await others()
    this.#turn = performance.now()
  }
}
