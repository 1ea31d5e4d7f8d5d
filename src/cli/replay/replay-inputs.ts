/** The core of a replay: every input past every contender. */
import { needsOf } from '../../language/literals/needs.ts'
import type { Stage } from '../../language/plan.ts'
import { valuesOf } from '../../model/event.ts'
import type { HeldEvents } from '../../telemetry/held-events.ts'
import { type InputSummary, readEvents } from '../../telemetry/read-events.ts'
import { type OpenOptions, openInputs } from '../../telemetry/readers/open-inputs.ts'
import type { Input } from '../../telemetry/readers/unpack.ts'
import type { RecordClass } from '../../telemetry/scan/record-classes.ts'
import type { OnPassed } from '../../telemetry/scan/sieve.ts'
import { createSifter, type Sifter } from '../../telemetry/scan/sifting-splitter.ts'
import { InputClocks } from './clocks.ts'
import type { Contender } from './contender.ts'
import { readHeld } from './read-held.ts'
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
  const seekers = seekersOf(contenders)
  const sifter = options.plain ? null : sifterFor(seekers)
  const inputs: ReplayedInput[] = []
  for await (const input of openInputs(files, options)) {
    const number = inputs.length
    if ('problem' in input) {
      inputs.push(unopened(input.path, input.problem))
      for (const contender of contenders) contender.endInput(number)
      continue
    }
    const clocks = new InputClocks(options.time)
    const summary = await readPast(input, contenders, seekers, sifter, clocks)
    for (const contender of contenders) contender.endInput(number)
    const drift = clocks.result(number, contenders, options.drift === true)
    inputs.push({ ...summary, shape: summary.shape ?? 'unknown', ...(drift && { drift }) })
  }
  return inputs
}

/** One stage of a contender: it wants what it may match. */
interface Seeker {
  contender: Contender
  stage: Stage
}

const seekersOf = (contenders: readonly Contender[]): Seeker[] =>
  contenders.flatMap((contender) => contender.joining.stages.map((stage) => ({ contender, stage })))

/** Where one event is no match yet, it can wait for the others. */
const sifterFor = (seekers: readonly Seeker[]): Sifter =>
  createSifter(
    (originsOf) => seekers.map(({ stage }) => needsOf(stage, originsOf)),
    (who) => seekers[who]!.contender.joining.stages.length > 1,
  )

async function readPast(
  input: Input,
  contenders: readonly Contender[],
  seekers: readonly Seeker[],
  sifter: Sifter | null,
  clocks: InputClocks,
): Promise<InputSummary> {
  const passed = new Set<RecordClass>()
  const onPassed: OnPassed = (kind, eventTime, recordTime) => {
    passed.add(kind)
    clocks.pass(kind, eventTime, recordTime)
  }
  const onHeld = (held: HeldEvents) => {
    for (const contender of contenders) {
      const first = seekers.findIndex((seeker) => seeker.contender === contender)
      readHeld(
        contender.joining,
        held,
        (stage) => first + stage,
        (event) => contender.take(clocks.ordered(event), valuesOf(event.document, 'event.category')),
      )
    }
  }
  const options = { ...(await captureOptions(input)), ...(sifter && { sifter, onPassed, onHeld }) }
  const summary = await readEvents(input, options, (read) => {
    const event = clocks.take(read)
    const categories = valuesOf(event.document, 'event.category')
    for (const contender of contenders) contender.see(event.document, categories)
    const takers = event.wanted === undefined ? contenders : new Set(event.wanted.map((who) => seekers[who]!.contender))
    for (const contender of takers) contender.take(event, categories)
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
