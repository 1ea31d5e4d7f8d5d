/** An input's records, one after the other, as normalised events. */
import { readEvtx } from './evtx/read-evtx.ts'
import { type NormalisedEvent, type NormaliseOptions, normalise, normaliseWindows } from './normalise.ts'
import { type OpenCapture, readCapture } from './read-capture.ts'
import { DamagedInput, type InputProblem } from './readers/damage.ts'
import { isFileError, problemOf } from './readers/file-problems.ts'
import { JsonSplitter } from './readers/json-splitter.ts'
import type { RecordSink } from './readers/record-sink.ts'
import { asUtf8 } from './readers/text-encoding.ts'
import type { Input } from './readers/unpack.ts'
import type { OnPassed } from './scan/sieve.ts'
import { siftFile } from './scan/sift-file.ts'
import { type Sifter, SiftingSplitter } from './scan/sifting-splitter.ts'
import { eventOfXml } from './shapes/event-xml.ts'
import { isJson, type Json } from './shapes/shape.ts'
import { shapeOf } from './shapes.ts'
import { isZeekTsv, ZeekTsvSplitter } from './zeek/tsv.ts'

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
  onPassed?: OnPassed
  /** Reads captures of packets, which are refused without it. */
  openCapture?: OpenCapture
}

const PROBLEMS_KEPT = 20

/** A text that begins otherwise than any recording does: its lines are no records that were damaged. */
const OTHER_TEXT = /^\s*[\w<#/!"'(*.:;=-]/
const BEGIN_SHOWN = 40

/** Shapes whose documents somebody else made: their `event.created` is when a shipper met the event. */
const SHIPPED = new Set(['ecs', 'elasticsearch'])

function recordedAt({ event, winlog }: Json): string | null {
  if (!isJson(event) || !isJson(winlog)) return null
  return typeof event.created === 'string' ? event.created : null
}

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
    onEvent({ index: event.index, document: event.document, record, recorded, ...(wanted && { wanted }) })
  }

  const take = (value: Json, record: number, offset: number, wanted?: readonly number[] | null) => {
    const shape = shapeOf(value)
    if (shape !== null) return add(shape, normalise(value, options), record, offset, wanted)
    summary.skipped += 1
    strangers += 1
    firstStranger ??= value
    note({ message: 'a record of unknown shape', record, offset })
  }

  const sink: RecordSink = {
    onRecord: (value, number, offset, wanted) => {
      const hits = hitsOf(value)
      if (hits === null) return take(value, number + expanded, offset, wanted)
      for (const [at, hit] of hits.entries()) take(hit, number + expanded + at, offset)
      expanded += hits.length - 1
    },
    onProblem: ({ message, record, offset }, lost) => {
      if (lost) summary.skipped += 1
      note({ message, record: record === null ? null : record + expanded, offset })
    },
  }
  const passOver: OnPassed = (kind, eventTime, recordTime) => {
    shapes.add(kind.shape)
    summary.events += 1
    options.onPassed?.(kind, eventTime, recordTime)
  }
  let taken = 0
  let begin = ''
  const chunks = (async function* () {
    for await (const chunk of input.chunks) {
      if (taken === 0) begin = chunk.toString('latin1', 0, BEGIN_SHOWN)
      taken += chunk.length
      yield chunk
    }
  })()
  try {
    if (input.format === 'evtx') {
      await readEvtx(chunks, {
        onEvent: (xml, record, offset) => {
          const event = eventOfXml(xml)
          add('evtx', event && normaliseWindows(event, options), record, offset)
        },
        onProblem: sink.onProblem,
      })
    } else if (options.sifter === undefined) await readText(chunks, sink, new JsonSplitter(sink))
    else {
      const splitter = new SiftingSplitter(sink, options.sifter, passOver)
      const head = await siftFile(input.file, splitter)
      if (head === null) await readText(chunks, sink, splitter)
      else begin = head.toString('latin1', 0, BEGIN_SHOWN)
    }
  } catch (error) {
    note({ message: problemOf(error), record: null, offset: taken === 0 ? null : taken })
    if (!(error instanceof DamagedInput) && !isFileError(error)) throw error
  }
  summary.shape = shapes.size === 0 ? null : [...shapes].sort().join(' + ')
  if (summary.events === 0 && firstStranger !== null) {
    summary.problems = [{ message: unknownShape(firstStranger, strangers), record: 1, offset: 0 }]
  } else if (summary.events === 0 && input.format === 'json' && OTHER_TEXT.test(begin)) {
    summary.problems = [{ message: `no recording: it begins with ${JSON.stringify(begin)}`, record: null, offset: 0 }]
    summary.problemCount = 1
  } else if (summary.events === 0 && summary.problemCount === 0) {
    note({ message: 'there are no records in it', record: null, offset: null })
  }
  return summary
}

/** Reads a text to its end, or to where its stream fails. */
async function readText(
  chunks: AsyncIterable<Buffer>,
  sink: RecordSink,
  json: JsonSplitter | SiftingSplitter,
): Promise<void> {
  let splitter: JsonSplitter | SiftingSplitter | ZeekTsvSplitter | null = null
  try {
    for await (const chunk of asUtf8(chunks)) {
      splitter ??= isZeekTsv(chunk) ? new ZeekTsvSplitter(sink) : json
      splitter.push(chunk)
    }
  } finally {
    splitter?.end()
  }
}

/** The hits of a whole search response, also of an EQL search: events, or the events of all sequences. */
function hitsOf(value: Json): Json[] | null {
  const { hits } = value
  if (!isJson(hits)) return null
  if (Array.isArray(hits.sequences))
    return hits.sequences
      .filter(isJson)
      .flatMap(({ events }) => events)
      .filter(isJson)
  const found = hits.hits ?? hits.events
  return Array.isArray(found) ? found.filter(isJson) : null
}

const KEYS_SHOWN = 8

function unknownShape(record: Json, count: number): string {
  const keys = Object.keys(record)
  const shown = keys.slice(0, KEYS_SHOWN).join(', ')
  const more = keys.length > KEYS_SHOWN ? ` and ${keys.length - KEYS_SHOWN} more` : ''
  const records = count === 1 ? 'the one record has' : `none of the ${count} records has`
  const seen = keys.length === 0 ? 'it has no fields' : `the first has the fields ${shown}${more}`
  return `unknown shape: ${count === 1 ? `${records} no shape that is known` : `${records} a shape that is known`}; ${seen}`
}
