/** The core of a replay: every input past every contender. */
import type { Source } from '../../telemetry/readers/open-inputs.ts'
import type { Contender } from './contender.ts'
import { startHelpers } from './helpers.ts'
import type { ReplayedInput } from './result.ts'
import { type SourceFinds, type SourceOptions, SourceReader } from './source-reader.ts'

/** Reads all sources, with the help of other threads where that pays. Gives the inputs; the contenders have what was found. */
export async function replayInputs(
  sources: readonly Source[],
  contenders: readonly Contender[],
  options: SourceOptions,
): Promise<ReplayedInput[]> {
  const helpers = startHelpers(sources, contenders, options)
  const reader = new SourceReader(contenders, options)
  const read: (SourceFinds | undefined)[] = sources.map(() => undefined)
  for (const [number, source] of sources.entries()) {
    if (helpers.claim(number)) read[number] = await reader.read(source)
  }
  for (const [number, found] of await helpers.finished()) read[number] = found
  const inputs: ReplayedInput[] = []
  for (const [number, source] of sources.entries()) {
    // What a helper began and did not finish.
    const found = read[number] ?? (await reader.read(source))
    for (const input of found.inputs) inputs.push(input)
    for (const [position, contender] of contenders.entries()) contender.add(found.finds[position]!)
  }
  reader.keepLearned()
  return inputs
}
