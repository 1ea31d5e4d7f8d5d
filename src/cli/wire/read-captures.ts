/** Captures, one after the other, through the decoder. */

import { DamagedInput } from '../../telemetry/readers/damage.ts'
import { isFileError, problemOf } from '../../telemetry/readers/file-problems.ts'
import { openInputs } from '../../telemetry/readers/open-inputs.ts'
import type { Input } from '../../telemetry/readers/unpack.ts'
import { createCaptureDecoder } from '../../wire/decode-capture.ts'
import type { Watched } from '../../wire/wire-types.ts'
import type { Io } from '../io.ts'
import { refuseEmptyNames } from '../named-files.ts'
import { type Message, messageOf } from './message.ts'
import type { ReadCapture, WireResult } from './result.ts'

/** What is found. Of a long capture only what is shown is kept: its PDUs or its messages. */
export interface ReadCaptures extends Pick<WireResult, 'inputs' | 'pdus' | 'occurrences'> {
  messages: Message[]
}

export interface ReadOptions {
  watched: Watched[]
  keep: 'pdus' | 'messages'
}

const ERRORS_KEPT = 20

/** Reads each as far as it can be read. Never throws for what they hold. */
export async function readCaptures(files: readonly string[], options: ReadOptions, io: Io): Promise<ReadCaptures> {
  refuseEmptyNames(files)
  const read: ReadCaptures = { inputs: [], pdus: [], occurrences: [], messages: [] }
  for await (const input of openInputs(files, { cwd: io.cwd, stdin: io.stdin })) {
    const capture: ReadCapture = { path: input.path, packets: 0, errors: [] }
    read.inputs.push(capture)
    if ('problem' in input) capture.errors.push(failure(input.problem))
    else if (input.format !== 'capture') capture.errors.push(failure('it is no capture of packets'))
    else await readCapture(input, capture, read, options)
  }
  return read
}

const failure = (message: string) => ({ message, packet: null, offset: null })

async function readCapture(
  input: Input,
  capture: ReadCapture,
  read: ReadCaptures,
  { watched, keep }: ReadOptions,
): Promise<void> {
  const number = read.inputs.length - 1
  const decoder = createCaptureDecoder({
    watched,
    ...(keep === 'pdus'
      ? { onPdu: (pdu) => read.pdus.push({ input: number, ...pdu }) }
      : { onEvent: ({ document }) => read.messages.push(messageOf(number, document)) }),
    onOccurrence: (occurrence) => read.occurrences.push({ input: number, ...occurrence }),
    onProblem: ({ message, record, offset }) => {
      if (capture.errors.length < ERRORS_KEPT) capture.errors.push({ message, packet: record, offset })
    },
  })
  try {
    for await (const chunk of input.chunks) decoder.push(chunk)
  } catch (error) {
    if (!(error instanceof DamagedInput) && !isFileError(error)) throw error
    capture.errors.push(failure(problemOf(error)))
  }
  capture.packets = decoder.end().packets
}
