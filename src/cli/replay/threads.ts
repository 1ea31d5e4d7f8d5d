/** How many threads read what: whole sources, or segments of large files. It decides nothing but who reads. */
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Source } from '../../telemetry/readers/open-inputs.ts'
import { SegmentThreads } from '../../telemetry/scan/segment-threads.ts'
import { createSifterMemory, withMemory } from '../../telemetry/scan/sifter-memory.ts'

/** Bytes beside the largest source from which on a thread that reads whole sources is worth its start. */
const WORTH_HELPERS = 128 << 20
/** Bytes that are not packed from which on threads for segments are. */
const WORTH_SEGMENTS = 32 << 20
/** What is packed takes longer to read. A name is enough to guess by. */
const PACKED = /\.(zip|gz|tgz|zst)$/i
const PACKED_WEIGHT = 20
const MOST_THREADS = 3

interface Sized {
  path: string
  bytes: number
}

/** Threads that read whole sources beside the caller. */
export function helpersFor(sources: readonly Source[]): number {
  return helpersForFiles(filesIn(sources), sources.length)
}

/** Threads that go through segments with the caller, where no others read: those that were started ahead, if they were. */
export function segmentThreads(sources: readonly Source[]): SegmentThreads | null {
  const threads = ahead
  ahead = null
  if (isWorthSegments(filesIn(sources), sources.length)) return threads ?? start()
  void threads?.end()
  return null
}

/** One command a process: its arguments are seen before what it does is loaded. */
let ahead: SegmentThreads | null = null

/** Starts threads for segments while the command is still to be loaded, if the files among its arguments seem to be worth it. */
export function startAhead(args: readonly string[]): void {
  const files = args.flatMap(fileAt)
  if (isWorthSegments(files, files.length)) ahead = start()
}

/** What is wrong with a path is found when it is read. */
function fileAt(path: string): Sized[] {
  try {
    const stats = statSync(path)
    return stats.isFile() ? [{ path, bytes: stats.size }] : []
  } catch {
    return []
  }
}

const start = () => withMemory(() => new SegmentThreads(createSifterMemory(), threadsBeside()))

const threadsBeside = () => Math.min(availableParallelism() - 1, MOST_THREADS)

function isWorthSegments(files: readonly Sized[], sources: number): boolean {
  const plain = files.filter((file) => !isPacked(file)).reduce((sum, { bytes }) => sum + bytes, 0)
  return plain >= WORTH_SEGMENTS && threadsBeside() > 0 && helpersForFiles(files, sources) === 0
}

function helpersForFiles(files: readonly Sized[], sources: number): number {
  const weights = files.map((file) => (isPacked(file) ? file.bytes * PACKED_WEIGHT : file.bytes))
  const beside =
    weights.reduce((sum, weight) => sum + weight, 0) - weights.reduce((most, weight) => Math.max(most, weight), 0)
  return beside < WORTH_HELPERS ? 0 : Math.min(threadsBeside(), sources - 1)
}

const filesIn = (sources: readonly Source[]): Sized[] =>
  sources.flatMap((source) => (source === '-' || 'problem' in source ? [] : [source]))

const isPacked = ({ path }: Sized) => PACKED.test(path)
