/** The core of a replay: every input past every contender. */
import { needsOf } from '../../language/literals/needs.ts'
import { valuesOf } from '../../model/event.ts'
import { anyNeeds } from '../../model/needs.ts'
import { type InputSummary, readEvents } from '../../telemetry/read-events.ts'
import { type OpenOptions, openInputs } from '../../telemetry/readers/open-inputs.ts'
import type { Input } from '../../telemetry/readers/unpack.ts'
import type { RecordClass } from '../../telemetry/scan/record-classes.ts'
import type { OnPassed } from '../../telemetry/scan/sieve.ts'
import { createSifter, type Sifter } from '../../telemetry/scan/sifting-splitter.ts'
import { InputClocks } from './clocks.ts'
import type { Contender } from './contender.ts'
import type { ReplayedInput } from './result.ts'

export interface ReplayInputsOptions extends OpenOptions {
  /** The clock that orders events. */
  time: 'event' | 'record'
  /** Reads every record whole, also those that no query can match: the slow way to the same result. */
  plain?: boolean
  /** Measures the drift of the clocks also where no result depends on it. */
  drift?: boolean
}

/** Reads the inputs one after the other past all contenders, which keep what they find; each input is evaluated alone. */
export async function replayInputs(
  files: readonly string[],
  contenders: readonly Contender[],
  options: ReplayInputsOptions,
): Promise<ReplayedInput[]> {
  const sifter = options.plain ? null : sifterFor(contenders)
  const inputs: ReplayedInput[] = []
  for await (const input of openInputs(files, options)) {
    const number = inputs.length
    if ('problem' in input) {
      inputs.push(unopened(input.path, input.problem))
      for (const contender of contenders) contender.endInput(number)
      continue
    }
    const clocks = new InputClocks(options.time)
    const summary = await readPast(input, contenders, sifter, clocks)
    for (const contender of contenders) contender.endInput(number)
    const drift = clocks.result(number, contenders, options.drift === true)
    inputs.push({ ...summary, shape: summary.shape ?? 'unknown', ...(drift && { drift }) })
  }
  return inputs
}

/** Each contender wants what one of its stages may match. */
const sifterFor = (contenders: readonly Contender[]): Sifter =>
  createSifter((originsOf) =>
    contenders.map(({ stages }) => anyNeeds(stages.map((stage) => needsOf(stage, originsOf)))),
  )

async function readPast(
  input: Input,
  contenders: readonly Contender[],
  sifter: Sifter | null,
  clocks: InputClocks,
): Promise<InputSummary> {
  const passed = new Set<RecordClass>()
  const onPassed: OnPassed = (kind, eventTime, recordTime) => {
    passed.add(kind)
    clocks.pass(kind, eventTime, recordTime)
  }
  const options = { ...(await captureOptions(input)), ...(sifter && { sifter, onPassed }) }
  const summary = await readEvents(input, options, (read) => {
    const event = clocks.take(read)
    const categories = valuesOf(event.document, 'event.category')
    for (const contender of contenders) contender.see(event.document, categories)
    if (event.wanted === undefined) for (const contender of contenders) contender.take(event, categories)
    else for (const number of event.wanted) contenders[number]!.take(event, categories)
  })
  for (const { document } of passed) {
    const categories = valuesOf(document, 'event.category')
    for (const contender of contenders) contender.see(document, categories)
  }
  return summary
}

/** Few recordings are captures: what reads them is loaded with the first. */
async function captureOptions({ format }: Input) {
  if (format !== 'capture') return {}
  const { openCapture } = await import('../open-capture.ts')
  return { openCapture }
}

const unopened = (path: string, message: string): ReplayedInput => ({
  path,
  shape: 'unknown',
  events: 0,
  skipped: 0,
  problems: [{ message, record: null, offset: null }],
  problemCount: 1,
})
