/** A helper of a replay, in its own thread: reads what nobody reads yet, from the last source backwards. */
import { parentPort, workerData } from 'node:worker_threads'
import type { ReadingListener } from '../../telemetry/readers/open-inputs.ts'
import { Room } from './candidates.ts'
import { createContender } from './contender.ts'
import { claim, type HelperMessage, type HelperTask } from './helpers.ts'
import { SourceReader } from './source-reader.ts'

export async function help(): Promise<void> {
  const { sources, claims, implementations, options, room: most, mostHits } = workerData as HelperTask
  const say = (message: HelperMessage) => parentPort!.postMessage(message)
  const room = new Room(most)
  const contenders = implementations.map(({ id, implementation, plan }) =>
    createContender(id, implementation, plan, { room, mostHits }),
  )
  const listener: ReadingListener = { found: () => {}, read: (path, bytes) => say({ path, bytes }) }
  const reader = new SourceReader(contenders, { ...options, stdin: nothing(), listener })
  for (const [number, source] of [...sources.entries()].reverse()) {
    if (source !== '-' && claim(claims, number)) say({ number, found: await reader.read(source) })
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}
