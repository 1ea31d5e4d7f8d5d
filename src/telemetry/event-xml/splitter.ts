/**
 * A text of events in XML, as `wevtutil /f:xml`, Event Viewer and Splunk write them, to these events: one after the other,
 * below a root element or without one. What cannot be read costs itself only.
 */
import { isUtf8 } from 'node:buffer'
import type { EventListener } from '../evtx/xml.ts'
import { parseEvent } from './parse.ts'

const LONGEST = 16 << 20

const NAME = Buffer.from('<Event')
const END = Buffer.from('</Event>')
/** What may follow the name of an element. */
const AFTER_NAME = [0x20, 0x09, 0x0a, 0x0d, 0x3e, 0x2f]
/** Longer than a declaration, a root element's beginning, or a line between two events. */
const LONGEST_BETWEEN = 4096

/** What may stand between events: declarations, comments, the root element, and the lines that evtx_dump writes. */
const BETWEEN = /<\?[^>]*>|<!--[\s\S]*?-->|<\/?Events(?:\s[^>]*)?>|Record \d+|\s+/g
/** A byte order mark in UTF-8, a byte a character: joined files have one before each part. */
const MARK = '\xef\xbb\xbf'

export class EventXmlSplitter {
  readonly #listener: EventListener
  #buffer: Buffer = Buffer.alloc(0)
  /** Offset of the buffer's first byte in the stream. */
  #base = 0
  #record = 0
  /** Whether the buffer begins within an event; else between two. */
  #isOpen = false
  /** From where on its end is looked for. */
  #searched = 0
  /** Root elements that are open. */
  #roots = 0

  constructor(listener: EventListener) {
    this.#listener = listener
  }

  push(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
    while (this.#isOpen ? this.#finish() : this.#begin());
  }

  /** The stream ended. */
  end(): void {
    while (this.#isOpen) {
      this.#giveUp('the record is cut: the input ends within it', this.#buffer.length)
      while (this.#isOpen ? this.#finish() : this.#begin());
    }
    this.#between(this.#buffer.length)
    if (this.#roots > 0) this.#note('the input is cut: its root element is not closed', false, null)
  }

  /** Goes to the next event; false when there is none in the buffer. */
  #begin(): boolean {
    const at = beginOf(this.#buffer, 0)
    if (at !== -1) this.#between(at)
    // The beginning of an event may be cut, or what belongs together.
    else if (this.#buffer.length > LONGEST_BETWEEN) this.#between(this.#buffer.length - NAME.length)
    if (at === -1) return false
    this.#isOpen = true
    this.#searched = NAME.length
    return true
  }

  /** Reads the event that the buffer begins with; false when its end is not there yet. */
  #finish(): boolean {
    const end = this.#buffer.indexOf(END, this.#searched)
    if (end === -1) {
      this.#searched = Math.max(NAME.length, this.#buffer.length - END.length)
      if (this.#buffer.length <= LONGEST) return false
      this.#giveUp(`the record is longer than ${LONGEST} bytes`, this.#buffer.length)
      return true
    }
    const bytes = this.#buffer.subarray(0, end + END.length)
    const event = parseEvent(bytes.toString('utf8'))
    if (event === null) {
      this.#giveUp('the record is not valid XML', bytes.length)
      return true
    }
    this.#record += 1
    if (!isUtf8(bytes)) this.#note('invalid UTF-8, read with replacement characters', false)
    this.#listener.onEvent(event, this.#record, this.#base)
    this.#leave(bytes.length)
    return true
  }

  /** Leaves an event that cannot be read. The next begins at `end`, or before it, where this one was never closed. */
  #giveUp(message: string, end: number): void {
    this.#record += 1
    const next = beginOf(this.#buffer.subarray(0, end), NAME.length)
    this.#note(next === -1 ? message : 'the record is not closed', true)
    this.#leave(next === -1 ? end : next)
  }

  /** Looks at what stands before `end`, between two events. */
  #between(end: number): void {
    const text = this.#buffer.toString('latin1', 0, end).replaceAll(MARK, '')
    const strange = text.replace(BETWEEN, (part) => {
      if (part.startsWith('<Events')) this.#roots += 1
      else if (part.startsWith('</Events')) this.#roots -= 1
      return ''
    })
    if (strange !== '') {
      this.#record += 1
      const what = end === 1 ? '1 byte that belongs' : `${end} bytes that belong`
      this.#note(`${what} to no record`, true)
    }
    this.#leave(end)
  }

  #leave(end: number): void {
    this.#buffer = this.#buffer.subarray(end)
    this.#base += end
    this.#isOpen = false
  }

  #note(message: string, lost: boolean, record: number | null = this.#record): void {
    this.#listener.onProblem({ message, record, offset: this.#base }, lost)
  }
}

/** Where the next event begins, from a place on; -1 when none does. */
function beginOf(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(NAME, from); at !== -1; at = bytes.indexOf(NAME, at + 1)) {
    const after = bytes[at + NAME.length]
    if (after === undefined) return -1
    if (AFTER_NAME.includes(after)) return at
  }
  return -1
}
