/** The events of recordings in memory, input by input, for commands that look at one query. */
import { type Categories, isOfAny } from '../language/categories.ts'
import { type EventDocument, valuesOf } from '../model/event.ts'
import { readEvents } from '../telemetry/read-events.ts'
import type { Unopened } from '../telemetry/readers/find-files.ts'
import { openInputs } from '../telemetry/readers/open-inputs.ts'
import type { Input } from '../telemetry/readers/unpack.ts'
import type { Io } from './io.ts'
import { refuseEmptyNames } from './named-files.ts'
import { openCapture } from './open-capture.ts'
import { readingProgress } from './progress.ts'
import { eventsOf } from './replay/find-recorded-run.ts'
import type { ReplayedInput } from './replay/result.ts'

export interface RecordedInput {
  summary: ReplayedInput
  /** The events of the categories asked for; `id` is the number of the record, from 1. */
  events: EventDocument[]
}

/** Reads the inputs one after the other. An input that cannot be opened is one without events. */
export async function* recordedInputs(
  files: readonly string[],
  categories: Categories,
  time: 'event' | 'record',
  io: Io,
): AsyncGenerator<RecordedInput> {
  refuseEmptyNames(files)
  const paths = files.map((file) => eventsOf(file, io))
  const progress = readingProgress(io)
  try {
    yield* recorded(openInputs(paths, { cwd: io.cwd, stdin: io.stdin, listener: progress }), categories, time)
  } finally {
    progress.end()
  }
}

async function* recorded(
  inputs: AsyncIterable<Input | Unopened>,
  categories: Categories,
  time: 'event' | 'record',
): AsyncGenerator<RecordedInput> {
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
      if (!isOfAny(categories, valuesOf(document, 'event.category'))) return
      events.push({ index, id: String(record), source: document })
    })
    yield { summary: { ...summary, shape: summary.shape ?? 'unknown' }, events }
  }
}
