/** A capture's messages as events. What reads packets is handed in: telemetry knows no protocol. */
import type { InputSummary, RecordedEvent } from './read-events.ts'
import { DamagedInput, type InputProblem } from './readers/damage.ts'
import { isFileError, problemOf } from './readers/file-problems.ts'
import type { Input } from './readers/unpack.ts'
import type { Json } from './shapes/shape.ts'

/** Index of the network sensor's events. */
export const NETWORK_INDEX = 'logs-network_traffic.dcerpc-default'

/** Where a capture's reader puts what it finds. */
export interface CaptureSink {
  /** One message as an ECS document, with its number from 1. */
  onRecord(document: Json, record: number): void
  onProblem(problem: InputProblem): void
}

/** Reads the bytes of one capture. */
export interface CaptureReading {
  push(chunk: Uint8Array): void
  end(): { packets: number }
}

export type OpenCapture = (sink: CaptureSink) => CaptureReading

const PROBLEMS_KEPT = 20

/** Reads a capture to its end, or as far as it can be read. Never throws for what it holds. */
export async function readCapture(
  input: Input,
  openCapture: OpenCapture | undefined,
  onEvent: (event: RecordedEvent) => void,
): Promise<InputSummary> {
  const summary: InputSummary = {
    path: input.path,
    shape: 'capture',
    events: 0,
    skipped: 0,
    problems: [],
    problemCount: 0,
  }
  const onProblem = (problem: InputProblem) => {
    summary.problemCount += 1
    if (summary.problems.length < PROBLEMS_KEPT) summary.problems.push(problem)
  }
  if (openCapture === undefined) {
    onProblem({ message: 'packets are not read here', record: null, offset: null })
    return summary
  }
  const reading = openCapture({
    onProblem,
    onRecord(document, record) {
      summary.events += 1
      onEvent({ index: NETWORK_INDEX, document, record, recorded: null })
    },
  })
  try {
    for await (const chunk of input.chunks) reading.push(chunk)
  } catch (error) {
    onProblem({ message: problemOf(error), record: null, offset: null })
    if (!(error instanceof DamagedInput) && !isFileError(error)) throw error
  }
  summary.packets = reading.end().packets
  return summary
}
