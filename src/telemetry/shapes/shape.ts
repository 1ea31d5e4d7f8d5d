/** What a shape is: how records of one kind are told, and what of a Windows event each of them says. */

export type Json = Record<string, unknown>

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What every Windows event has, wherever a shape puts it. */
export interface Envelope {
  eventId: number
  /** As the record spells it; null when the shape does not say it. */
  channel: string | null
  provider: string | null
  host: string | null
  /** When the record was written: ISO, UTC. */
  recorded: string | null
}

/**
 * Fields that are not the event's own data: their ECS path, or null for what the envelope has, what only the collector
 * knows (its module, its ports) or what it made of the level, and nothing carries over.
 */
export type Header = ReadonlyMap<string, readonly string[] | null>

/** Fields of a record that are treated alike. */
export interface Part {
  fields: Json
  /** Which of them belong to the header. */
  header: Header
  /** Where fields stay that no row of a table names: `winlog.event_data` or `winlog.user_data`. */
  rest: 'event_data' | 'user_data'
}

/** A Windows event of any shape. */
export interface WindowsEvent {
  envelope: Envelope
  /** The record's keywords, as hexadecimal text or as a number. */
  keywords: unknown
  parts: readonly Part[]
  /** Fields of a document that a shipper made: they stay where nothing else takes their place. */
  document?: Json
}

/** A shape of Windows events. */
export interface WindowsShape {
  name: string
  /** Whether a record has it. */
  tells(record: Json): boolean
  /** Null when the record has no event id after all. */
  read(record: Json): WindowsEvent | null
}

/** A header from paths with dots. */
export const headerOf = (paths: Readonly<Record<string, string | null>>): Header =>
  new Map(Object.entries(paths).map(([field, path]) => [field, path === null ? null : path.split('.')]))

export const NO_HEADER: Header = new Map()

/** An event id, as number or as decimal text; null for anything else. */
export function eventIdOf(value: unknown): number | null {
  const id = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 ? id : null
}

/** A text that says something; null for anything else. */
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
