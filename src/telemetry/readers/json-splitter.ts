/**
 * A stream of bytes to the JSON objects in it: one a line, one after the other, or the items of an array. What cannot be
 * read costs itself only; reading goes on at the next object that begins where one may begin.
 */
import { isUtf8 } from 'node:buffer'
import { Brackets } from './brackets.ts'
import type { RecordSink } from './record-sink.ts'

export interface SplitterOptions extends RecordSink {
  /** Longest record in bytes; a longer one is a problem. */
  longest?: number
}

const LONGEST_RECORD = 16 << 20

const NEWLINE = 0x0a
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

/** A byte order mark in UTF-8: joined files have one before each part. */
const MARK = [0xef, 0xbb, 0xbf]

const LINE_OBJECT = Buffer.from('\n{')

const isSpace = (byte: number) => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09

/** Where a scan of one object stands. Kept over chunk borders, so that no byte is looked at twice. */
interface Scan {
  at: number
  /** The brackets that are open, innermost last. */
  open: number[]
  inString: boolean
  /** The last byte that was not white space, outside strings. */
  last: number
}

type Found = { kind: 'end'; at: number } | { kind: 'broken'; at: number } | { kind: 'more' }

export class JsonSplitter {
  readonly #options: SplitterOptions
  readonly #longest: number
  #buffer: Buffer = Buffer.alloc(0)
  /** Offset of the buffer's first byte in the stream. */
  #base = 0
  #at = 0
  #record = 0
  #scan: Scan | null = null
  /** Position of the next newline: -1 not looked for, the buffer's length when there is none. */
  #newline = -1
  #arrays = 0
  /** Where a stretch that is no object began; null outside one. */
  #garbage: number | null = null
  #brackets = new Brackets()
  /** After a record that was too long: nothing before the next line can be the beginning of one. */
  #skipLine = false

  constructor(options: SplitterOptions) {
    this.#options = options
    this.#longest = options.longest ?? LONGEST_RECORD
  }

  push(chunk: Buffer): void {
    const rest = this.#buffer.subarray(this.#at)
    this.#base += this.#at
    if (this.#scan !== null) this.#scan.at -= this.#at
    this.#buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    this.#at = 0
    this.#newline = -1
    this.#run(false)
  }

  /** Records so far, and problems that took the place of one. */
  get records(): number {
    return this.#record
  }

  /** Where the next byte lies that was not read yet. */
  get offset(): number {
    return this.#base + this.#at
  }

  /** Goes on after so many records at an offset: another reader read what came before. */
  resume(records: number, offset: number): void {
    this.#record = records
    this.#base = offset - this.#at
  }

  /**
   * What was not read yet of the bytes that were pushed, for another reader to go on with; null within something that only
   * this one can bring to its end, and where it is more than `most` bytes.
   */
  handOver(most: number): Buffer | null {
    const rest = this.#buffer.subarray(this.#at)
    if (this.#garbage !== null || this.#skipLine || rest.length > most) return null
    this.#base += this.#at
    this.#at = 0
    this.#buffer = Buffer.alloc(0)
    this.#newline = -1
    this.#scan = null
    return rest
  }

  /** The stream ended. */
  end(): void {
    this.#run(true)
    while (this.#scan !== null && this.#nextLineObject(this.#buffer.length) !== null) {
      this.#giveUp(this.#buffer.length)
      this.#run(true)
    }
    this.#endGarbage(this.#buffer.length)
    if (this.#scan !== null) this.#problem('the record is cut: the input ends within it', this.#at)
    else if (this.#arrays > 0) {
      const offset = this.#base + this.#buffer.length
      this.#options.onProblem({ message: 'the input is cut: its array is not closed', record: null, offset }, false)
    }
    this.#scan = null
    this.#at = this.#buffer.length
  }

  #run(last: boolean): void {
    while (this.#at < this.#buffer.length) {
      if (this.#skipLine && !this.#toNextLine()) return
      if (this.#scan === null && !this.#toNextObject()) return
      if (this.#scan === null && this.#tryLine(last)) continue
      if (!this.#finishObject()) return
    }
  }

  #toNextLine(): boolean {
    const newline = this.#buffer.indexOf(NEWLINE, this.#at)
    this.#at = newline === -1 ? this.#buffer.length : newline + 1
    this.#skipLine = newline === -1
    return newline !== -1
  }

  /** Goes to the next `{` between records; false when the buffer has none. */
  #toNextObject(): boolean {
    const buffer = this.#buffer
    for (; this.#at < buffer.length; this.#at += 1) {
      const byte = buffer[this.#at]!
      if (byte === OPEN_OBJECT) {
        this.#endGarbage(this.#at)
        return true
      }
      if (this.#garbage !== null) this.#passGarbage(byte)
      else if (isSpace(byte) || byte === COMMA || MARK.includes(byte)) continue
      else if (byte === OPEN_ARRAY) this.#arrays += 1
      else if (byte === CLOSE_ARRAY && this.#arrays > 0) this.#arrays -= 1
      else {
        this.#garbage = this.#base + this.#at
        this.#brackets = new Brackets()
        this.#brackets.closes(byte)
      }
    }
    return false
  }

  /** Such a stretch ends with its line, or with the array that it lies in: values in one that are no objects. */
  #passGarbage(byte: number): void {
    if (byte === NEWLINE) this.#endGarbage(this.#at)
    else if (this.#brackets.closes(byte) && this.#arrays > 0) {
      this.#endGarbage(this.#at)
      this.#arrays -= 1
    }
  }

  /** Most recordings have one record a line: the native search and parser are far faster than a scan byte by byte. */
  #tryLine(last: boolean): boolean {
    const buffer = this.#buffer
    if (this.#newline < this.#at) {
      const found = buffer.indexOf(NEWLINE, this.#at)
      this.#newline = found === -1 ? buffer.length : found
    }
    if (this.#newline === buffer.length && !last) return false
    let end = this.#newline
    while (end > this.#at && isSpace(buffer[end - 1]!)) end -= 1
    if (buffer[end - 1] === COMMA) end -= 1
    if (buffer[end - 1] !== CLOSE_OBJECT || end - this.#at > this.#longest) return false
    const value = parse(buffer, this.#at, end)
    if (value === undefined) return false
    this.#deliver(value, end)
    return true
  }

  /** Finds the end of the object that begins here; false when the buffer ends before it. */
  #finishObject(): boolean {
    this.#scan ??= { at: this.#at, open: [], inString: false, last: 0 }
    const found = scan(this.#buffer, this.#scan)
    if (found.kind === 'more') {
      if (this.#buffer.length - this.#at <= this.#longest) return false
      this.#problem(`the record is longer than ${this.#longest} bytes`, this.#at)
      this.#at = this.#buffer.length
      this.#skipLine = true
    } else if (found.kind === 'broken') {
      this.#giveUp(found.at)
    } else {
      const value = parse(this.#buffer, this.#at, found.at)
      if (value === undefined) {
        this.#problem('the record is not valid JSON', this.#at)
        this.#at = found.at
      } else this.#deliver(value, found.at)
    }
    this.#scan = null
    return true
  }

  /** Leaves a record that is never closed; the next begins at `end`, or on a line before it. */
  #giveUp(end: number): void {
    this.#problem('the record is not closed', this.#at)
    this.#at = this.#nextLineObject(end) ?? end
    this.#scan = null
  }

  /** The first object before `end` that begins a line, after the one that begins here: objects within others are indented. */
  #nextLineObject(end: number): number | null {
    const found = this.#buffer.indexOf(LINE_OBJECT, this.#at)
    return found === -1 || found + 1 >= end ? null : found + 1
  }

  #deliver(value: Record<string, unknown>, end: number): void {
    const begin = this.#at
    this.#record += 1
    if (!isUtf8(this.#buffer.subarray(begin, end))) this.#note('invalid UTF-8, read with replacement characters', begin)
    this.#at = end
    this.#options.onRecord(value, this.#record, this.#base + begin)
  }

  /** Something that takes the place of a record. */
  #problem(message: string, at: number): void {
    this.#record += 1
    this.#note(message, at, true)
  }

  #note(message: string, at: number, lost = false): void {
    this.#options.onProblem({ message, record: this.#record, offset: this.#base + at }, lost)
  }

  #endGarbage(at: number): void {
    if (this.#garbage === null) return
    const bytes = this.#base + at - this.#garbage
    const what = bytes === 1 ? '1 byte that belongs' : `${bytes} bytes that belong`
    this.#problem(`${what} to no record`, this.#garbage - this.#base)
    this.#garbage = null
  }
}

/** The object in a stretch of bytes; undefined when it is no JSON or no object. */
function parse(buffer: Buffer, begin: number, end: number): Record<string, unknown> | undefined {
  try {
    return JSON.parse(buffer.toString('utf8', begin, end))
  } catch {
    return undefined
  }
}

/**
 * Goes on to the end of the object. It is broken where a string holds a line end, which JSON does not allow, or where an
 * object begins that cannot begin there: then the one before was never closed.
 */
function scan(buffer: Buffer, state: Scan): Found {
  const { open } = state
  let { at, inString, last } = state
  for (; at < buffer.length; at += 1) {
    const byte = buffer[at]!
    if (inString) {
      // The escaped byte may be in the next chunk: then the scan goes on after that byte.
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) {
        inString = false
        last = QUOTE
      } else if (byte === NEWLINE) return { kind: 'broken', at: at + 1 }
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_OBJECT) {
      const inArray = open.at(-1) === OPEN_ARRAY
      const mayBegin = open.length === 0 || last === COLON || (inArray && (last === OPEN_ARRAY || last === COMMA))
      if (!mayBegin) return { kind: 'broken', at }
      open.push(byte)
      last = byte
    } else if (byte === OPEN_ARRAY) {
      open.push(byte)
      last = byte
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      open.pop()
      last = byte
      if (open.length === 0) return { kind: 'end', at: at + 1 }
    } else if (!isSpace(byte)) last = byte
  }
  state.at = at
  state.inString = inString
  state.last = last
  return { kind: 'more' }
}
