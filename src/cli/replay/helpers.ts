/** Threads that read sources too, from the last one backwards, until they meet the one that began at the first. */
import { Worker } from 'node:worker_threads'
import type { Source } from '../../telemetry/readers/open-inputs.ts'
import type { Contender } from './contender.ts'
import type { SourceFinds, SourceOptions } from './source-reader.ts'
import { helpersFor } from './threads.ts'

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
