/**
 * Records that their headers do not tell apart are of one class: what the normaliser makes of the header of one, shape,
 * kind and whether it is an event at all, holds for all of them.
 */
import { isCollector, planFor } from '../ecs/channels.ts'
import { normalise } from '../normalise.ts'
import type { Json } from '../shapes/shape.ts'
import { shapeOf } from '../shapes.ts'
import type { RecordHeader } from './record-header.ts'
import type { RecordScanner } from './record-scanner.ts'

export interface RecordClass {
  shape: string
  channel: string
  eventId: number
  /** The ECS document of one of its events, but for the event's own data. */
  document: Json
}

/** Events of one channel. */
export interface Channel {
  name: string
  bytes: Buffer
  /** Slot of the field that holds an event's own time; null when its events have none. */
  eventTime: number | null
  /** Null for records that are no events. */
  classes: Map<string, RecordClass | null>
}

/** What eqllib's recordings are of, without saying so. */
const SYSMON = 'Microsoft-Windows-Sysmon/Operational'
/** Of a recording with more, or with more kinds of headers in a channel, those above are read whole. */
const MOST_CHANNELS = 1000
const MOST_CLASSES = 1000

export class RecordClasses {
  readonly #scanner: RecordScanner
  readonly #header: RecordHeader
  readonly #channels: Channel[]
  #last: Channel | null = null
  /** When the event of the record happened by its own account, in milliseconds since 1970; NaN when it does not say. */
  eventTime = Number.NaN
  /** Slot of the field that says so; null when events of its channel never do. */
  eventTimeSlot: number | null = null

  constructor(scanner: RecordScanner, header: RecordHeader, learned: Channel[] = []) {
    this.#channels = learned
    this.#scanner = scanner
    this.#header = header
  }

  get learned(): Channel[] {
    return this.#channels
  }

  /** The class of the record whose header was read last; null when it has none, and has to be read whole. */
  classOf(): RecordClass | null {
    const { eventId, idField, hasChannel, presence, recordTime } = this.#header
    const channel = hasChannel ? this.#channel() : this.#named(SYSMON)
    if (channel === null) return null
    this.eventTimeSlot = channel.eventTime
    this.eventTime = this.eventTimeSlot === null ? Number.NaN : this.#header.time(this.eventTimeSlot)
    // An event without a time is none, and the problem is to be reported.
    if (Number.isNaN(recordTime) && Number.isNaN(this.eventTime)) return null
    const { providers } = this.#header
    if (providers === null) return null
    const key = [eventId, presence, idField, ...providers.map(({ text }) => text)].join('\n')
    let found = channel.classes.get(key)
    if (found === undefined) {
      if (channel.classes.size === MOST_CLASSES) return null
      found = this.#newClass(channel.name)
      channel.classes.set(key, found)
    }
    return found
  }

  #channel(): Channel | null {
    const { text } = this.#scanner
    const slot = this.#header.channelSlot
    const [begin, end] = [this.#scanner.begin(slot), this.#scanner.end(slot)]
    if (this.#last !== null && isAt(text, begin, end, this.#last.bytes)) return this.#last
    const name = this.#scanner.written(slot)
    if (name === null) return null
    this.#last = this.#named(name)
    return this.#last
  }

  #named(name: string): Channel | null {
    const known = this.#channels.find((channel) => channel.name === name)
    // In a collector's own channel it is the provider that tells events apart.
    if (known !== undefined || isCollector(name) || this.#channels.length === MOST_CHANNELS) return known ?? null
    const { eventTime } = planFor(name, 0).table
    const slot = eventTime === undefined ? null : this.#scanner.slotOf(eventTime)
    const channel = { name, bytes: Buffer.from(name), eventTime: slot, classes: new Map() }
    this.#channels.push(channel)
    // Its events' time was not looked for in this record yet.
    return slot === null ? channel : null
  }

  /** Asks shapes and normaliser about a record with nothing but such a header. */
  #newClass(channel: string): RecordClass | null {
    const record = this.#header.sample(channel)
    const shape = shapeOf(record)
    const event = shape === null ? null : normalise(record)
    const { eventId } = this.#header
    return event === null ? null : { shape: shape!, channel, eventId, document: event.document }
  }
}

function isAt(text: Uint8Array, begin: number, end: number, wanted: Uint8Array): boolean {
  if (end - begin !== wanted.length) return false
  for (let index = 0; index < wanted.length; index += 1) if (text[begin + index] !== wanted[index]) return false
  return true
}
