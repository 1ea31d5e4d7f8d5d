/** The events of recordings in memory, input by input, for commands that look at one query. */
import type { EventKind } from '../language/compile.ts'
import { type EventDocument, valuesOf } from '../model/event.ts'
import { readEvents } from '../telemetry/read-events.ts'
import type { Unopened } from '../telemetry/readers/find-files.ts'
import { openInputs } from '../telemetry/readers/open-inputs.ts'
import type { Input } from '../telemetry/readers/unpack.ts'
import type { Io } from './io.ts'
import { openCapture } from './open-capture.ts'
import { readingProgress } from './progress.ts'
import type { ReplayedInput } from './replay/result.ts'

export interface RecordedInput {
  summary: ReplayedInput
  /** The events of the kinds asked for; `id` is the number of the record, from 1. */
  events: EventDocument[]
}

/** Reads the inputs one after the other. An input that cannot be opened is one without events. */
export async function* recordedInputs(
  files: readonly string[],
  kinds: readonly EventKind[],
  time: 'event' | 'record',
  io: Io,
): AsyncGenerator<RecordedInput> {
  const progress = readingProgress(io)
  try {
    yield* recorded(openInputs(files, { cwd: io.cwd, stdin: io.stdin, listener: progress }), kinds, time)
  } finally {
    progress.end()
  }
}

async function* recorded(
  inputs: AsyncIterable<Input | Unopened>,
  kinds: readonly EventKind[],
  time: 'event' | 'record',
): AsyncGenerator<RecordedInput> {
  const takesAll = kinds.some(({ category }) => category === null)
  for await (const input of inputs) {
    const events: EventDocument[] = []
    if ('problem' in input) {
      const problems = [{ message: input.problem, record: null, offset: null }]
      yield {
        summary: { path: input.path, shape: 'unknown', events: 0, skipped: 0, problems, problemCount: 1 },
        events,
      }
      continue
    }
    const summary = await readEvents(input, { time, openCapture }, ({ index, document, record }) => {
      const categories = takesAll ? [] : valuesOf(document, 'event.category')
      if (takesAll || kinds.some(({ category }) => categories.includes(category))) {
        events.push({ index, id: String(record), source: document })
      }
    })
    yield { summary: { ...summary, shape: summary.shape ?? 'unknown' }, events }
  }
}
