/** Captures decoded whole, and those of the shared folder. */
import { join } from 'node:path'
import type { InputProblem } from '../../src/telemetry/readers/damage.ts'
import { openInputs } from '../../src/telemetry/readers/open-inputs.ts'
import { type CaptureSummary, createCaptureDecoder } from '../../src/wire/decode-capture.ts'
import type { Occurrence, Watched, WireEvent, WirePdu } from '../../src/wire/wire-types.ts'

export interface Decoded {
  summary: CaptureSummary
  pdus: WirePdu[]
  events: WireEvent[]
  occurrences: Occurrence[]
  problems: InputProblem[]
}

/** ITaskSchedulerService as CAR-2015-04-002 writes it. */
const TASK_SCHEDULER: Watched[] = [
  { view: 'decoded', pattern: '86d35949-83c9-4044-b424-db363231fd0c' },
  { view: 'raw', pattern: '49 59 d3 86 c9 83 44 40 b4 24 db 36 32 31 fd 0c' },
  { view: 'printable', pattern: 'IYD@$621' },
]

/** Decodes bytes that are handed over in these pieces. */
export function decode(chunks: Iterable<Uint8Array>, watched: Watched[] = TASK_SCHEDULER): Decoded {
  const decoded: Omit<Decoded, 'summary'> = { pdus: [], events: [], occurrences: [], problems: [] }
  const decoder = createCaptureDecoder({
    watched,
    onPdu: (pdu) => decoded.pdus.push(pdu),
    onEvent: (event) => decoded.events.push(event),
    onOccurrence: (occurrence) => decoded.occurrences.push(occurrence),
    onProblem: (problem) => decoded.problems.push(problem),
  })
  for (const chunk of chunks) decoder.push(chunk)
  return { summary: decoder.end(), ...decoded }
}

/** The bytes of each capture in an archive or file, by the member's name. */
export async function capturesIn(folder: string, name: string): Promise<Buffer[]> {
  const captures: Buffer[] = []
  for await (const input of openInputs([join(folder, 'telemetry', 'pcap', name)], { cwd: '/', stdin: empty() })) {
    if ('problem' in input) throw new Error(`${input.path}: ${input.problem}`)
    const chunks: Buffer[] = []
    for await (const chunk of input.chunks) chunks.push(Buffer.from(chunk))
    captures.push(Buffer.concat(chunks))
  }
  return captures
}

async function* empty(): AsyncGenerator<Buffer> {}
