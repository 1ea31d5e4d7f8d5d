/** Reads one source after the other past all contenders, which keep what they find; each input is evaluated alone. */
import { needsOf } from '../../language/literals/needs.ts'
import type { Stage } from '../../language/plan.ts'
import { valuesOf } from '../../model/event.ts'
import { DriftMeter } from '../../telemetry/drift.ts'
import type { HeldEvents } from '../../telemetry/held-events.ts'
import { type InputSummary, readEvents } from '../../telemetry/read-events.ts'
import type { Unopened } from '../../telemetry/readers/find-files.ts'
import { inputsOf, type OpenOptions, type Source } from '../../telemetry/readers/open-inputs.ts'
import type { Input } from '../../telemetry/readers/unpack.ts'
import type { SegmentThreads } from '../../telemetry/scan/segment-threads.ts'
import type { Learned } from '../../telemetry/scan/sieve.ts'
import { withMemory } from '../../telemetry/scan/sifter-memory.ts'
import { createSifter, type Sifter } from '../../telemetry/scan/sifting-splitter.ts'
import { InputClocks } from './clocks.ts'
import type { Contender, Finds } from './contender.ts'
import { readHeld } from './read-held.ts'
import type { ReplayedInput } from './result.ts'

export interface SourceOptions extends Omit<OpenOptions, 'cwd'> {
  /** The clock that orders events. */
  time: 'event' | 'record'
  /** Reads every record whole, also those that no query can match: the slow way to the same result. */
  plain?: boolean
  /** What contenders in other threads keep of hits; see `ContenderOptions`. */
  mostHits?: number
  /** That go through large files with the reader, which has their memory to itself. */
  threads?: SegmentThreads | null
  /** Where what was learned of records is kept from one replay to the next. */
  learned?: LearnedStore
  /** Measures the drift of the clocks also where no result depends on it. */
  drift?: boolean
}

export interface LearnedStore {
  /** Null when nothing is known. */
  read(): Learned | null
  write(learned: Learned): void
}

/** The inputs of one source, and what each contender found in them. */
export interface SourceFinds {
  inputs: ReplayedInput[]
  finds: Finds[]
}

export class SourceReader {
  readonly #contenders: readonly Contender[]
  readonly #seekers: readonly Seeker[]
  readonly #sifter: Sifter | null
  readonly #meter = new DriftMeter()
  readonly #options: SourceOptions
  /** How many headers were known before. */
  readonly #headers: number

  constructor(contenders: readonly Contender[], options: SourceOptions) {
    this.#contenders = contenders
    this.#seekers = seekersOf(contenders)
    this.#sifter = options.plain ? null : sifterFor(this.#seekers, options)
    this.#headers = this.#sifter?.sieve.headers ?? 0
    this.#options = options
  }

  async read(source: Source): Promise<SourceFinds> {
    const inputs: ReplayedInput[] = []
    for await (const input of inputsOf(source, this.#options)) inputs.push(await this.#input(input))
    return { inputs, finds: this.#contenders.map((contender) => contender.drain()) }
  }

  /** Keeps what was learned, if there is anything new. */
  keepLearned(): void {
    if (this.#sifter === null || this.#sifter.sieve.headers === this.#headers) return
    this.#options.learned?.write(this.#sifter.sieve.learned)
  }

  async #input(input: Input | Unopened): Promise<ReplayedInput> {
    const { time, drift: always = false } = this.#options
    const clocks = new InputClocks(time, this.#meter)
    const summary = 'problem' in input ? unopened(input) : await this.#readPast(input, clocks)
    const found = this.#contenders.map((contender) => ({
      id: contender.id,
      language: contender.language,
      ...contender.endInput(),
    }))
    const drift = clocks.result(found, always)
    return { ...summary, shape: summary.shape ?? 'unknown', ...(drift && { drift }) }
  }

  async #readPast(input: Input, clocks: InputClocks): Promise<InputSummary> {
    const [contenders, seekers, sifter] = [this.#contenders, this.#seekers, this.#sifter]
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
    const options = { ...(await captureOptions(input)), ...(sifter && { sifter, passed: clocks, onHeld }) }
    const summary = await readEvents(input, options, (read) => {
      const event = clocks.take(read)
      const categories = valuesOf(event.document, 'event.category')
      for (const contender of contenders) contender.see(event.document, categories)
      const takers =
        event.wanted === undefined ? contenders : new Set(event.wanted.map((who) => seekers[who]!.contender))
      for (const contender of takers) contender.take(event, categories)
    })
    for (const { document } of clocks.passedKinds) {
      const categories = valuesOf(document, 'event.category')
      for (const contender of contenders) contender.see(document, categories)
    }
    return summary
  }
}

/** One stage of a contender: it wants what it may match. */
interface Seeker {
  contender: Contender
  stage: Stage
}

const seekersOf = (contenders: readonly Contender[]): Seeker[] =>
  contenders.flatMap((contender) => contender.joining.stages.map((stage) => ({ contender, stage })))

/** Where one event is no match yet, it can wait for the others. Null where there is no memory for it: then all is read whole. */
const sifterFor = (seekers: readonly Seeker[], { threads = null, learned }: SourceOptions): Sifter | null =>
  withMemory(() =>
    createSifter((originsOf) => seekers.map(({ stage }) => needsOf(stage, originsOf)), {
      canWait: (who) => seekers[who]!.contender.joining.stages.length > 1,
      threads,
      learned: learned?.read() ?? null,
    }),
  )

/** Few recordings are captures: what reads them is loaded with the first. */
async function captureOptions({ format }: Input) {
  if (format !== 'capture') return {}
  const { openCapture } = await import('../open-capture.ts')
  return { openCapture }
}

const unopened = ({ path, problem: message }: Unopened): InputSummary => ({
  path,
  shape: null,
  events: 0,
  skipped: 0,
  problems: [{ message, record: null, offset: null }],
  problemCount: 1,
})
