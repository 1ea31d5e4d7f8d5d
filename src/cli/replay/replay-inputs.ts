/** The core of a replay: every input past every contender. */
import { valuesOf } from '../../model/event.ts'
import { type InputSummary, readEvents } from '../../telemetry/read-events.ts'
import { type OpenOptions, openInputs } from '../../telemetry/readers/open-inputs.ts'
import type { Input } from '../../telemetry/readers/unpack.ts'
import { openCapture } from '../open-capture.ts'
import type { Contender } from './contender.ts'
import type { ReplayedInput } from './result.ts'

export interface ReplayInputsOptions extends OpenOptions {
  /** The clock that orders events. */
  time: 'event' | 'record'
}

/** Reads the inputs one after the other past all contenders, which keep what they find; each input is evaluated alone. */
export async function replayInputs(
  files: readonly string[],
  contenders: readonly Contender[],
  options: ReplayInputsOptions,
): Promise<ReplayedInput[]> {
  const inputs: ReplayedInput[] = []
  for await (const input of openInputs(files, options)) {
    inputs.push(
      'problem' in input ? unopened(input.path, input.problem) : named(await readPast(input, contenders, options)),
    )
    for (const contender of contenders) contender.endInput(inputs.length - 1)
  }
  return inputs
}

const readPast = (input: Input, contenders: readonly Contender[], { time }: ReplayInputsOptions) =>
  readEvents(input, { time, openCapture }, (event) => {
    const categories = valuesOf(event.document, 'event.category')
    for (const contender of contenders) contender.take(event, categories)
  })

const named = (summary: InputSummary): ReplayedInput => ({ ...summary, shape: summary.shape ?? 'unknown' })

const unopened = (path: string, message: string): ReplayedInput => ({
  path,
  shape: 'unknown',
  events: 0,
  skipped: 0,
  problems: [{ message, record: null, offset: null }],
  problemCount: 1,
})
