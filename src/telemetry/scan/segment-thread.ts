/** A thread that goes through segments of a file ahead of their reader: it passes what nobody wants, and notes what is to be read. */
import { isUtf8 } from 'node:buffer'
import { parentPort, workerData } from 'node:worker_threads'
import { SCANNED, ScannerMemory, STOPPED, type WasmMemory } from './scanner-memory.ts'
import { SegmentBoard } from './segment-board.ts'
import { ROOMS, SegmentRoom } from './segment-room.ts'
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
  skim(at: number, end: number, found: number): void
}

const { thread, module, own, readers } = workerData as ThreadTask
const memory = new ScannerMemory(own)
const tables = new ScannerMemory(readers)
const { skim } = new WebAssembly.Instance(module, { scan: { memory: own } }).exports as Exports
/** Below those of the memory that tables are copied from. */
let reading = 0
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
  reading -= 1
  memory.reading = reading
  const last = room.at + end
  memory.endAt(last)
  if (!isUtf8(text.subarray(begin, end))) return
  for (let at = room.at + begin; ; ) {
    skim(at, last, room.skimmed.address)
    const [stopped, scanned] = [memory.words[STOPPED >> 2]!, memory.words[SCANNED >> 2]!]
    at = Math.max(stopped, scanned)
    if (!room.add({ ...room.skimmed.counts, begin: stopped - room.at, end: at - room.at }) || scanned <= 0) return
  }
}
