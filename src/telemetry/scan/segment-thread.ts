/** A thread that goes through segments of a file ahead of their reader: it passes what nobody wants, and notes what is to be read. */
import { isUtf8 } from 'node:buffer'
import { parentPort, workerData } from 'node:worker_threads'
import { Passed, SCANNED, ScannerMemory, STOPPED, type WasmMemory } from './scanner-memory.ts'
import { SegmentBoard } from './segment-board.ts'
import { MOST_PASSED_OF_SEGMENT, ROOMS, SegmentRoom } from './segment-room.ts'
import { type Cutting, cutSegment, readFully } from './segments.ts'

/** What a thread is started with. */
export interface ThreadTask {
  thread: number
  module: object
  /** Its own memory, and the one whose tables it goes by. */
  own: WasmMemory
  readers: WasmMemory
}

/** A file to go through. */
export interface SegmentJob extends Cutting {
  descriptor: number
  board: Int32Array
}

declare const WebAssembly: { Instance: new (module: object, imports: object) => { exports: unknown } }

interface Exports {
  skim(at: number, end: number, passed: number, most: number): number
}

const { thread, module, own, readers } = workerData as ThreadTask
const memory = new ScannerMemory(own)
const tables = new ScannerMemory(readers)
const { skim } = new WebAssembly.Instance(module, { scan: { memory: own } }).exports as Exports
const rooms = Array.from({ length: ROOMS }, (_, number) => new SegmentRoom(memory, number))

parentPort!.on('message', (job: SegmentJob) => {
  for (const room of rooms) room.leave()
  const board = SegmentBoard.over(job.board)
  for (let turn = 0, last = -1; ; turn += 1) {
    const room = rooms[turn % ROOMS]!
    room.occupy()
    const segment = board.takeAhead(last, thread)
    if (segment === null) return
    try {
      goThrough(job, segment, room)
    } catch {
      // The reader comes to it as well, and says what is wrong.
      room.holdNothing()
    }
    board.publish(segment, thread, turn % ROOMS)
    last = segment
  }
})

function goThrough(job: SegmentJob, segment: number, room: SegmentRoom): void {
  const text = room.text.subarray(0, job.segment + job.reach)
  const { begin, end } = cutSegment(text.subarray(0, readFully(job.descriptor, text, segment * job.segment)), job)
  room.hold(begin, end)
  room.tables = memory.copyTables(tables)
  const last = room.at + end
  memory.endAt(last)
  if (!isUtf8(text.subarray(begin, end))) return
  for (let at = room.at + begin, all = 0; ; ) {
    const passed = skim(at, last, room.passedAt + Passed.bytesFor(all), MOST_PASSED_OF_SEGMENT - all)
    const [stopped, scanned] = [memory.words[STOPPED >> 2]!, memory.words[SCANNED >> 2]!]
    at = Math.max(stopped, scanned)
    all += passed
    if (!room.add({ passed, begin: stopped - room.at, end: at - room.at }) || scanned <= 0) return
  }
}
