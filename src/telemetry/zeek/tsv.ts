/**
 * Zeek's logs as it writes them by default: tab-separated lines below a header that names separator, fields and types.
 * The format: https://docs.zeek.org/en/master/log-formats.html. A file may hold several headers, as rotated logs that
 * were joined do; each holds until the next.
 */
import type { RecordSink } from '../readers/record-sink.ts'
import { unescaped } from './escapes.ts'

/** Whether a text begins as a Zeek log in this form does. No JSON does. */
export const isZeekTsv = (head: Buffer): boolean => head[0] === HASH

const HASH = 0x23
const NEWLINE = 0x0a
const LONGEST_LINE = 16 << 20

interface Header {
  separator: string
  setSeparator: string
  empty: string
  unset: string
  /** The log's name, such as `dce_rpc`; null before the header names it. */
  path: string | null
  fields: string[]
  types: string[]
}

const NO_HEADER: Header = {
  separator: '\t',
  setSeparator: ',',
  empty: '(empty)',
  unset: '-',
  path: null,
  fields: [],
  types: [],
}

/** Chunks of bytes in, one object a line out: its values by field, typed as the header says, and `_path`. */
export class ZeekTsvSplitter {
  readonly #sink: RecordSink
  #header: Header = NO_HEADER
  #rest: Buffer = Buffer.alloc(0)
  /** Offset of the rest's first byte in the stream. */
  #base = 0
  #record = 0
  /** In a line that is longer than any line may be. */
  #skipping = false

  constructor(sink: RecordSink) {
    this.#sink = sink
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      if (!this.#skipping) this.#line(bytes.subarray(start, end), this.#base + start)
      this.#skipping = false
      start = end + 1
    }
    this.#rest = bytes.subarray(start)
    this.#base += start
    if (this.#rest.length <= LONGEST_LINE) return
    if (!this.#skipping) this.#problem('a line longer than 16 MiB', this.#base)
    this.#skipping = true
    this.#base += this.#rest.length
    this.#rest = Buffer.alloc(0)
  }

  /** The stream ended. Zeek ends every line: what comes after the last line end was cut. */
  end(): void {
    if (this.#rest.length === 0 || this.#skipping) return
    const isRecord = this.#line(this.#rest, this.#base)
    if (isRecord)
      this.#sink.onProblem({ message: 'the last line has no end', record: this.#record, offset: this.#base }, false)
    this.#rest = Buffer.alloc(0)
  }

  #problem(message: string, offset: number): void {
    this.#record += 1
    this.#sink.onProblem({ message, record: this.#record, offset }, true)
  }

  /** Takes a line; true when it is a record. */
  #line(bytes: Buffer, offset: number): boolean {
    const line = bytes.toString('utf8').replace(/\r$/, '')
    if (line === '') return false
    const { fields, separator } = this.#header
    const values = line.split(separator)
    if (line.startsWith('#')) this.#directive(line)
    else if (fields.length === 0) this.#problem('a line before the #fields of a Zeek log', offset)
    else if (values.length !== fields.length) {
      this.#problem(`a line of ${values.length} values below a header of ${fields.length} fields`, offset)
    } else {
      this.#record += 1
      this.#sink.onRecord(this.#valuesOf(values), this.#record, offset)
      return true
    }
    return false
  }

  /** A header begins with its separator, and says that with a blank. */
  #directive(line: string): void {
    const start = /^#separator (.+)$/.exec(line)
    if (start !== null) {
      this.#header = { ...NO_HEADER, separator: unescaped(start[1]!) }
      return
    }
    const [name, ...values] = line.split(this.#header.separator)
    const change = DIRECTIVES[name!]?.(values)
    if (change !== undefined) this.#header = { ...this.#header, ...change }
  }

  #valuesOf(values: string[]): Record<string, unknown> {
    const { fields, types, path, unset } = this.#header
    const record: Record<string, unknown> = path === null ? {} : { _path: path }
    for (const [index, name] of fields.entries()) {
      const text = values[index]!
      if (text !== unset) record[name] = this.#typed(text, types[index] ?? 'string')
    }
    return record
  }

  #typed(text: string, type: string): unknown {
    const { empty, setSeparator, unset } = this.#header
    const [, of] = /^(?:set|vector|table)\[(.*)\]$/.exec(type) ?? []
    if (of === undefined) return text === empty ? '' : convert(text, type)
    if (text === empty) return []
    return text.split(setSeparator).map((item) => (item === unset ? null : convert(item, of)))
  }
}

/** What each line of a header sets. `#open` and `#close` say when, which the events say better. */
const DIRECTIVES: Record<string, (values: string[]) => Partial<Header>> = {
  '#set_separator': ([value]) => ({ setSeparator: unescaped(value ?? '') || ',' }),
  '#empty_field': ([value]) => ({ empty: value ?? '' }),
  '#unset_field': ([value]) => ({ unset: value ?? '' }),
  '#path': ([value]) => ({ path: value ?? null }),
  '#fields': (fields) => ({ fields, types: [] }),
  '#types': (types) => ({ types }),
}

const NUMBERS = new Set(['time', 'interval', 'double', 'count', 'int', 'port'])

/** A value by its type; as text where it is not what its type says. */
function convert(text: string, type: string): unknown {
  if (NUMBERS.has(type) && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (type === 'bool' && (text === 'T' || text === 'F')) return text === 'T'
  return unescaped(text)
}
