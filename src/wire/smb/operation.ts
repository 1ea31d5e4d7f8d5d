/** What a message of SMB, of whichever version, does to named pipes. */

/** `file` and `request` are keys: of an open file, and of a request that its answer names. */
export type PipeOperation =
  | { kind: 'open'; request: string; name: string }
  /** `file`: null when it was refused. */
  | { kind: 'opened'; request: string; file: string | null }
  | { kind: 'close'; file: string }
  /** Bytes that the sender puts into the pipe, or gets out of it. */
  | ({ kind: 'data'; file: string } & Range)
  /** A request whose answer brings bytes of the file, but does not name it. */
  | { kind: 'ask'; request: string; file: string }
  | ({ kind: 'answer'; request: string } & Range)

/** A part of the bytes that are read. */
export interface Range {
  start: number
  end: number
}

/** The file that a request opens, until its answer says which it is: a chain of requests may use it before. */
export const openedBy = (request: string): string => `opened by ${request}`
