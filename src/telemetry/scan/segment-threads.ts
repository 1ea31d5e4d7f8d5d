/** Threads that go through segments of large files ahead of their reader. */
import { Worker } from 'node:worker_threads'
import { scannerModule } from './record-scanner.ts'
import { ScannerMemory } from './scanner-memory.ts'
import { SegmentBoard } from './segment-board.ts'
import { ROOMS, SegmentRoom } from './segment-room.ts'
import type { SegmentJob, ThreadTask } from './segment-thread.ts'
import type { Cutting } from './segments.ts'

/** In one file and as a script: a thread takes a third longer to load modules. */
const SCRIPT = new URL('../../../bundle/segment-thread.cjs', import.meta.url)

interface Thread {
  worker: Worker
  rooms: SegmentRoom[]
  hasEnded: boolean
}

export class SegmentThreads {
  /** The reader's: threads go by what it learns. */
  readonly memory: ScannerMemory
  readonly #threads: Thread[]

  constructor(memory: ScannerMemory, count: number) {
    this.memory = memory
    this.#threads = Array.from({ length: count }, (_, thread) => startThread(thread, memory))
  }

  /** Lets them go through a file, and gives what its reader asks. */
  begin(descriptor: number, bytes: number, { segment, reach }: Cutting): SegmentBoard {
    const board = SegmentBoard.for(Math.ceil(bytes / segment))
    const job: SegmentJob = { segment, reach, descriptor, board: board.words }
    for (const { worker } of this.#threads) worker.postMessage(job)
    return board
  }

  room(thread: number, room: number): SegmentRoom {
    return this.#threads[thread]!.rooms[room]!
  }

  hasEnded(thread: number): boolean {
    return this.#threads[thread]!.hasEnded
  }

  /** Lets threads go on that wait for the reader to come. */
  leaveRooms(): void {
    for (const { rooms } of this.#threads) for (const room of rooms) room.leave()
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }
}

function startThread(thread: number, readers: ScannerMemory): Thread {
  const own = ScannerMemory.of(SegmentRoom.capacity)
  const task: ThreadTask = { thread, module: scannerModule(), own: own.memory, readers: readers.memory }
  const worker = new Worker(SCRIPT, { workerData: task })
  // The program ends without waiting for it.
  worker.unref()
  const started = {
    worker,
    rooms: Array.from({ length: ROOMS }, (_, room) => new SegmentRoom(own, room)),
    hasEnded: false,
  }
  const onEnd = () => {
    started.hasEnded = true
  }
  worker.on('error', onEnd)
  worker.on('exit', onEnd)
  return started
}
