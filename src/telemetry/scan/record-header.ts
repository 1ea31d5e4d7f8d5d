/** The header of a record that was scanned: its id, its channel and its times, from the bytes alone. */
import type { Json } from '../shapes/shape.ts'
import { instant, zoneOffset } from '../times.ts'
import type { RecordScanner } from './record-scanner.ts'

const QUOTE = 0x22
const MOST_DIGITS = 5

/** Texts whose presence tells shapes apart, each with a bit. */
const TEXTS = [
  ...['Channel', 'SourceModuleName', 'EventReceivedTime', 'Hostname', 'Computer', 'ComputerName', 'MachineName'],
  ...['SourceName', 'ProviderName', 'Provider', 'LogName'],
]
const PROVIDERS = ['SourceName', 'ProviderName', 'Provider']
const CHANNEL = 0b001
/** What only NXLog's collector writes. */
const NXLOG = 0b110

/** Where a record says when it was written, the first that does so counts. */
const RECORD_TIMES = ['TimeGenerated', 'TimeCreated', '@timestamp'] as const
const IDS = ['EventID', 'EventId'] as const
/** Fields of shapes that have to be read whole. */
const FOREIGN = ['_source', '_index', 'hits', 'Payload']

/** All that headers are told apart by, each with a bit, and the bits of some of it. */
const MARKED = [...TEXTS, ...RECORD_TIMES, ...IDS, ...FOREIGN]
const bitsOf = (fields: readonly string[]) => fields.reduce((bits, field) => bits | (1 << MARKED.indexOf(field)), 0)
const TEXT_BITS = bitsOf(TEXTS)
const FOREIGN_BITS = bitsOf(FOREIGN)

/** The local time of the record, and two times of one moment: local, and in UTC. */
const NXLOG_TIMES = ['EventTime', 'EventReceivedTime', '@timestamp'] as const

const ANY_TIME = '2000-01-01 00:00:00'

export class RecordHeader {
  readonly #scanner: RecordScanner
  readonly #slots: Record<'EventID' | 'EventId' | 'Channel', number>
  readonly #times: Record<'TimeGenerated' | 'TimeCreated' | '@timestamp' | 'EventTime' | 'EventReceivedTime', number>

  eventId = 0
  /** The field that holds the id. */
  idField: 'EventID' | 'EventId' = 'EventID'
  /** A bit for each of the texts that are there. */
  presence = 0
  /** When the record was written, in milliseconds since 1970; NaN when it does not say. */
  recordTime = Number.NaN

  constructor(scanner: RecordScanner) {
    this.#scanner = scanner
    const slot = (field: string) => scanner.slotOf(field)!
    for (const [index, field] of MARKED.entries()) scanner.mark(slot(field), 1 << index)
    this.#slots = { EventID: slot('EventID'), EventId: slot('EventId'), Channel: slot('Channel') }
    scanner.idsIn([this.#slots.EventID, this.#slots.EventId])
    this.#times = {
      TimeGenerated: slot('TimeGenerated'),
      TimeCreated: slot('TimeCreated'),
      '@timestamp': slot('@timestamp'),
      EventTime: slot('EventTime'),
      EventReceivedTime: slot('EventReceivedTime'),
    }
  }

  /** Reads the record that was scanned last; false when its header is not of the usual forms. */
  read(): boolean {
    const scanner = this.#scanner
    const { present, texts } = scanner
    if ((present & FOREIGN_BITS) !== 0 || ((present ^ texts) & TEXT_BITS) !== 0) return false
    this.idField = scanner.first(this.#slots.EventId) === 0 ? 'EventID' : 'EventId'
    if (this.idField === 'EventId' && scanner.first(this.#slots.EventID) !== 0) return false
    this.eventId = this.#number(this.idSlot)
    if (this.eventId === -1) return false
    this.presence = texts & TEXT_BITS
    if (!this.hasChannel) this.recordTime = Number.NaN
    else this.recordTime = this.isNxlog ? this.#nxlogTime() : this.#flatTime()
    // Without a channel some other text says where the event is from; without any of them it is eqllib's.
    return this.hasChannel || this.presence === 0
  }

  get hasChannel(): boolean {
    return (this.presence & CHANNEL) !== 0
  }

  /** Whether NXLog's collector wrote it: its times are local. */
  get isNxlog(): boolean {
    return (this.presence & NXLOG) !== 0
  }

  get idSlot(): number {
    return this.#slots[this.idField]
  }

  get channelSlot(): number {
    return this.#slots.Channel
  }

  /** The fields that name the provider, as they are written; null when one may be spelled in other ways. */
  get providers(): { name: string; slot: number; text: string }[] | null {
    const scanner = this.#scanner
    const found: { name: string; slot: number; text: string }[] = []
    for (const name of PROVIDERS) {
      if ((this.presence & bitsOf([name])) === 0) continue
      const slot = scanner.slotOf(name)!
      const text = scanner.written(slot)
      if (text === null) return null
      found.push({ name, slot, text })
    }
    return found
  }

  /** A record with nothing but such a header: the same fields, and all times that records have. */
  sample(channel: string): Json {
    const record: Json = { TimeCreated: ANY_TIME, EventTime: ANY_TIME, UtcTime: ANY_TIME }
    record[this.idField] = this.eventId
    for (const [index, name] of TEXTS.entries()) {
      if (this.presence & (1 << index)) record[name] = name === 'Channel' ? channel : ANY_TIME
    }
    for (const { name, text } of this.providers ?? []) record[name] = text
    return record
  }

  /** The slots of the times that say when the record was written: one, or the three of `nxlogTime`; null when none does. */
  get recordTimeSlots(): readonly number[] | null {
    if (!this.hasChannel) return null
    if (this.isNxlog) return NXLOG_TIMES.map((field) => this.#times[field])
    const first = RECORD_TIMES.find((field) => this.#scanner.texts & bitsOf([field]))
    return first === undefined ? null : [this.#times[first]]
  }

  /** The instant that a field names, in milliseconds since 1970; NaN for none. */
  time(slot: number): number {
    const scanner = this.#scanner
    const time = scanner.stamp(slot)
    if (!Number.isNaN(time) || scanner.first(slot) !== QUOTE) return time
    const text = instant(scanner.string(slot))
    return text === null ? Number.NaN : Date.parse(text)
  }

  /** An event id of a few digits, as a number or a text; -1 for anything else. */
  #number(slot: number): number {
    const scanner = this.#scanner
    if (scanner.first(slot) === 0) return -1
    const [begin, end] = [scanner.begin(slot), scanner.end(slot)]
    if (end === begin || end - begin > MOST_DIGITS) return -1
    let number = 0
    for (let at = begin; at < end; at += 1) {
      const digit = scanner.text[at]! - 0x30
      if (digit < 0 || digit > 9) return -1
      number = number * 10 + digit
    }
    return number
  }

  #flatTime(): number {
    for (const field of RECORD_TIMES) {
      const time = this.time(this.#times[field])
      if (!Number.isNaN(time)) return time
    }
    return Number.NaN
  }

  #nxlogTime(): number {
    const [local, received, stamped] = NXLOG_TIMES.map((field) => this.time(this.#times[field]))
    return nxlogTime(local!, received!, stamped!)
  }
}

/** When the record was written, in milliseconds since 1970: its local time in UTC, as two other times of it show the zone. */
const nxlogTime = (local: number, received: number, stamped: number): number => local + zoneOffset(received, stamped)
