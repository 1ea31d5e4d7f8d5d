/** The fast path of a replay against the plain one. */
import assert from 'node:assert/strict'
import { replayInputs } from '../../../src/cli/replay/replay-inputs.ts'
import type { LearnedStore } from '../../../src/cli/replay/source-reader.ts'
import type { Implementation } from '../../../src/model/analytic.ts'
import { findSources } from '../../../src/telemetry/readers/open-inputs.ts'
import { contenderOf } from './contender-of.ts'

async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}

/** Reads the same inputs both ways and holds what was found to be the same. Gives how many matches there were. */
export async function agree(
  implementations: readonly Implementation[],
  files: string[],
  chunks: Buffer[] = [],
  drift = false,
  time: 'event' | 'record' = 'event',
  learned?: LearnedStore,
): Promise<number> {
  const [fast, slow] = await Promise.all(
    [false, true].map(async (plain) => {
      const contenders = implementations.map((one, index) => contenderOf(String(index), one))
      const options = { time, stdin: stream(chunks), plain, drift, ...(learned && { learned }) }
      const inputs = await replayInputs(await findSources(files, { cwd: '/' }), contenders, options)
      return { inputs, found: contenders.map((contender) => contender.result(Number.POSITIVE_INFINITY)) }
    }),
  )
  assert.deepEqual(fast, slow)
  return fast!.found.reduce((sum, { matches }) => sum + matches, 0)
}
