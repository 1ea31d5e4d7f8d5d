/** Captures as inputs of the commands that read recordings. */
import type { OpenCapture } from '../telemetry/read-capture.ts'
import { createCaptureDecoder } from '../wire/decode-capture.ts'

export const openCapture: OpenCapture = ({ onRecord, onProblem }) =>
  createCaptureDecoder({ onEvent: ({ document, record }) => onRecord(document, record), onProblem })
