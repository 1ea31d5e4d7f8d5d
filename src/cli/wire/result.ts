/** What captures hold: the form of `tocsin wire --json`. */
import type { Occurrence, WirePdu } from '../../wire/wire-types.ts'

export interface CaptureError {
  /** What is wrong, as a phrase. */
  message: string
  /** The packet after which, or in which, it went wrong; null when it is not about one. */
  packet: number | null
  /** Byte of the unpacked capture; null when unknown. */
  offset: number | null
}

export interface ReadCapture {
  path: string
  packets: number
  /** The first of them. */
  errors: CaptureError[]
}

export interface WireResult {
  format: 'tocsin.wire/1'
  inputs: ReadCapture[]
  /** `input` is an index into `inputs`, here and in the occurrences. */
  pdus: (WirePdu & { input: number })[]
  occurrences: (Occurrence & { input: number })[]
}

/** 0 when every capture was read whole, 3 when one was damaged, cut or unreadable, 2 when nothing could be read. */
export function exitCodeOf({ inputs }: WireResult): 0 | 2 | 3 {
  const isWhole = inputs.every(({ errors }) => errors.length === 0)
  if (isWhole) return 0
  return inputs.every(({ packets }) => packets === 0) ? 2 : 3
}
