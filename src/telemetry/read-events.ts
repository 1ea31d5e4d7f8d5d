/** An input's records, one after the other, as normalised events. */
import { recordedAt } from './drift.ts'
import { EventXmlSplitter } from './event-xml/splitter.ts'
import { readEvtx } from './evtx/read-evtx.ts'
import type { XmlElement } from './evtx/xml.ts'
import { type HeldEvents, heldEvents } from './held-events.ts'
import { BEGIN_SHOWN, noRecording } from './no-recording.ts'
import { type NormalisedEvent, type NormaliseOptions, normalise, normaliseWindows } from './normalise.ts'
import { type OpenCapture, readCapture } from './read-capture.ts'
import { readText } from './read-text.ts'
import { DamagedInput, type InputProblem } from './readers/damage.ts'
import { isFileError, problemOf } from './readers/file-problems.ts'
import { JsonSplitter } from './readers/json-splitter.ts'
import type { RecordSink } from './readers/record-sink.ts'
import type { Input } from './readers/unpack.ts'
import { segmentsBy, siftFile } from './scan/sift-file.ts'
import { type Sifter, SiftingSplitter } from './scan/sifting-splitter.ts'
import type { PassedListener } from './scan/skimmer.ts'
import { eventOfXml } from './shapes/event-xml.ts'
import { recordsIn } from './shapes/records-in.ts'
import type { Json } from './shapes/shape.ts'
import { shapeOf } from './shapes.ts'

/** An event with the number of its record in its input, from 1. */
export interface RecordedEvent extends NormalisedEvent {
  record: number
  /** Who of those that the sifter knows may want it; everybody when absent. */
  wanted?: readonly number[]
  /** Of a Windows event when its record was written, ISO; null when that is not said. */
  recorded: string | null
}

/** What an input held. */
export interface InputSummary {
  path: string
  /** The shapes of its records, joined by ` + `; null when none is known. */
  shape: string | null
  /** Records that became events. */
  events: number
  /** Records that did not: unreadable, or of no known shape. */
  skipped: number
  /** The first problems, with their places. */
  problems: InputProblem[]
  /** How many problems there are. */
  problemCount: number
  /** Of a capture: packets that were read. */
  packets?: number
}

export interface ReadOptions extends NormaliseOptions {
  /** Lets events through that are looked for, and counts the others. Without it all are read whole. */
  sifter?: Sifter
  passed?: PassedListener
  /** Gets, at the input's end, what was let pass until then. */
  onHeld?: (held: HeldEvents) => void
  /** Reads captures of packets, which are refused without it. */
  openCapture?: OpenCapture
}

const PROBLEMS_KEPT = 20

/** Shapes whose documents somebody else made: their `event.created` is when a shipper met the event. */
const SHIPPED = new Set(['ecs', 'elasticsearch'])

/** Reads an input to its end, or as far as it can be read. Never throws for what the input holds. */
export async function readEvents(
  input: Input,
  options: ReadOptions,
  onEvent: (event: RecordedEvent) => void,
): Promise<InputSummary> {
  if (input.format === 'capture') return readCapture(input, options.openCapture, onEvent)
  const summary: InputSummary = { path: input.path, shape: null, events: 0, skipped: 0, problems: [], problemCount: 0 }
  const shapes = new Set<string>()
  const note = (problem: InputProblem) => {
    summary.problemCount += 1
    if (summary.problems.length < PROBLEMS_KEPT) summary.problems.push(problem)
  }
  let strangers = 0
  let firstStranger: Json | null = null
  let expanded = 0
  const expansions: { record: number; more: number }[] = []

  /** Takes a record of a known shape. */
  const add = (
    shape: string,
    event: NormalisedEvent | null,
    record: number,
    offset: number,
    wanted?: readonly number[] | null,
  ) => {
    shapes.add(shape)
    if (event === null) {
      summary.skipped += 1
      note({ message: 'an event without id or time', record, offset })
      return
    }
    summary.events += 1
    const recorded = SHIPPED.has(shape) ? null : recordedAt(event.document)
    onEvent({ ...event, record, recorded, ...(wanted && { wanted }) })
  }

  const take = (value: Json, record: number, offset: number, wanted?: readonly number[] | null) => {
    const shape = shapeOf(value)
    if (shape !== null) {
      const event = shallowly(() => normalise(value, options))
      if (event !== undefined) return add(shape, event, record, offset, wanted)
      summary.skipped += 1
      return note({ message: 'the record nests too deep', record, offset })
    }
    summary.skipped += 1
    strangers += 1
    firstStranger ??= value
    note({ message: 'a record of unknown shape', record, offset })
  }

  const sink: RecordSink = {
    onRecord: (value, number, offset, wanted) => {
      const records = recordsIn(value)
      if (records === null) return take(value, number + expanded, offset, wanted)
      for (const [at, record] of records.entries()) take(record, number + expanded + at, offset)
      expanded += records.length - 1
      expansions.push({ record: number, more: records.length - 1 })
    },
    onProblem: ({ message, record, offset }, lost) => {
      if (lost) summary.skipped += 1
      note({ message, record: record === null ? null : record + expanded, offset })
    },
  }
  const elements = (shape: string) => ({
    onEvent: (element: XmlElement, record: number, offset: number) => {
      const event = eventOfXml(element)
      add(shape, event && normaliseWindows(event, options), record, offset)
    },
    onProblem: sink.onProblem,
  })
  const passed: PassedListener = {
    row(row, kind) {
      shapes.add(kind.shape)
      options.passed?.row(row, kind)
    },
    events(events) {
      summary.events += events.rows.length
      options.passed?.events(events)
    },
    event(event) {
      shapes.add(event.kind.shape)
      summary.events += 1
      options.passed?.event(event)
    },
  }
  const numberOf = (record: number) =>
    expansions.reduce((number, { record: before, more }) => (before < record ? number + more : number), record)
  let taken = 0
  let begin = ''
  let damage: InputProblem | null = null
  let held: HeldEvents | null = null
  const chunks = (async function* () {
    for await (const chunk of input.chunks) {
      if (taken === 0) begin = chunk.toString('latin1', 0, BEGIN_SHOWN)
      taken += chunk.length
      yield chunk
    }
  })()
  try {
    if (input.format === 'evtx') await readEvtx(chunks, elements('evtx'))
    else if (input.format === 'xml') await readText(chunks, sink, new EventXmlSplitter(elements('evtx-xml')))
    else if (options.sifter === undefined) await readText(chunks, sink, new JsonSplitter(sink))
    else {
      const splitter = new SiftingSplitter(sink, options.sifter, passed)
      held = heldEvents(splitter.held, options.sifter.scanner, options, numberOf)
      const head = await siftFile(input.file, splitter, segmentsBy(options.sifter.threads))
      if (head === null) await readText(chunks, sink, splitter)
      else begin = head.toString('latin1', 0, BEGIN_SHOWN)
    }
  } catch (error) {
    damage = { message: problemOf(error), record: null, offset: taken === 0 ? null : taken }
    if (!(error instanceof DamagedInput) && !isFileError(error)) throw error
  }
  if (held !== null) options.onHeld?.(held)
  summary.shape = shapes.size === 0 ? null : [...shapes].sort().join(' + ')
  const whole = summary.events > 0 ? null : noRecording(begin, input.format, { first: firstStranger, count: strangers })
  if (whole !== null) {
    summary.problems = [whole]
    summary.problemCount = 1
  }
  if (damage !== null) note(damage)
  if (summary.events === 0 && summary.problemCount === 0) {
    note({ message: 'there are no records in it', record: null, offset: null })
  }
  return summary
}

/** What comes of it; undefined where the stack does not go as deep as the record. */
function shallowly<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
