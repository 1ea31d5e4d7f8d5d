/** Threads that read sources too, from the last one backwards, until they meet the one that began at the first. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Source } from '../../telemetry/readers/open-inputs.ts'
import { SegmentThreads } from '../../telemetry/scan/segment-threads.ts'
import { createSifterMemory } from '../../telemetry/scan/sifting-splitter.ts'
import type { Contender } from './contender.ts'
import type { SourceFinds, SourceOptions } from './source-reader.ts'

/** Bytes beside the largest source from which on a thread is worth its start. */
const WORTH_BYTES = 128 << 20
/** Bytes that are not packed from which on threads for segments are. */
const WORTH_SEGMENTS = 32 << 20
/** What is packed takes longer to read. A name is enough to guess by: it decides nothing but who reads. */
const PACKED = /\.(zip|gz|tgz|zst)$/i
const PACKED_WEIGHT = 20
const MOST_HELPERS = 3
/** Candidates that all helpers together keep in memory. */
const ROOM = 15_000

const SCRIPT = new URL('../../../../tools/replay-helper.js', import.meta.url)

/** What a helper is started with. */
export interface HelperTask {
  sources: readonly Source[]
  /** For each source 1 once somebody reads it. */
  claims: Int32Array
  implementations: readonly Pick<Contender, 'id' | 'implementation' | 'plan'>[]
  options: Pick<SourceOptions, 'time' | 'drift'>
  /** Candidates that it may keep in memory. */
  room: number
  mostHits: number
}

/** What a helper says: bytes that it read, or what it found. */
export type HelperMessage = { path: string; bytes: number } | { number: number; found: SourceFinds }

export interface Helpers {
  /** Whether the caller is to read a source; else a helper does. */
  claim(number: number): boolean
  /** What they found, by source. A helper that fails leaves what it had not finished. */
  finished(): Promise<ReadonlyMap<number, SourceFinds>>
}

const NOBODY: Helpers = { claim: () => true, finished: async () => new Map() }

/** None for what is small, or read whole. */
export function startHelpers(
  sources: readonly Source[],
  contenders: readonly Contender[],
  options: SourceOptions,
): Helpers {
  const count = options.plain ? 0 : helpersFor(sources)
  if (count === 0) return NOBODY
  const claims = new Int32Array(new SharedArrayBuffer(sources.length * Int32Array.BYTES_PER_ELEMENT))
  const task: HelperTask = {
    sources,
    claims,
    implementations: contenders.map(({ id, implementation, plan }) => ({ id, implementation, plan })),
    options: { time: options.time, drift: options.drift ?? false },
    room: Math.floor(ROOM / count),
    mostHits: options.mostHits ?? Number.POSITIVE_INFINITY,
  }
  const found = new Map<number, SourceFinds>()
  const onMessage = (message: HelperMessage) => {
    if ('found' in message) found.set(message.number, message.found)
    else options.listener?.read(message.path, message.bytes)
  }
  const ended = Array.from({ length: count }, () => started(task, onMessage))
  return {
    claim: (number) => claim(claims, number),
    async finished() {
      await Promise.all(ended)
      return found
    },
  }
}

/** Resolves when the helper has ended, however it did: the caller sees what it left. */
const started = (task: HelperTask, onMessage: (message: HelperMessage) => void) =>
  new Promise<void>((resolve) => {
    const helper = new Worker(SCRIPT, { workerData: task })
    helper.on('message', onMessage)
    helper.on('error', () => resolve())
    helper.on('exit', () => resolve())
  })

/** Takes a source for the caller, unless somebody has it. */
export const claim = (claims: Int32Array, number: number): boolean =>
  Atomics.compareExchange(claims, number, 0, 1) === 0

/**
 * Threads for large files that are no archives, where no helpers are to read. To be called early: while they start, much else
 * can be done.
 */
export function startSegmentThreads(sources: readonly Source[]): SegmentThreads | null {
  const plain = sources.filter((source) => !isPacked(source)).reduce((sum, source) => sum + weightOf(source), 0)
  const count = Math.min(availableParallelism() - 1, MOST_HELPERS)
  if (plain < WORTH_SEGMENTS || count === 0 || helpersFor(sources) > 0) return null
  return new SegmentThreads(createSifterMemory(), count)
}

function helpersFor(sources: readonly Source[]): number {
  const sizes = sources.map(weightOf)
  const beside = sizes.reduce((sum, size) => sum + size, 0) - sizes.reduce((most, size) => Math.max(most, size), 0)
  return beside < WORTH_BYTES ? 0 : Math.min(availableParallelism() - 1, sources.length - 1, MOST_HELPERS)
}

function weightOf(source: Source): number {
  if (source === '-' || 'problem' in source) return 0
  return isPacked(source) ? source.bytes * PACKED_WEIGHT : source.bytes
}

const isPacked = (source: Source) => source !== '-' && PACKED.test(source.path)
