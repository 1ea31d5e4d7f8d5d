/** The form of the mapping tables: what one Windows event channel becomes in ECS. */

/**
 * Turns the text of a field into its ECS value. An object is merged at the row's target; undefined means that the
 * text is not of the expected form, and the field then stays under `winlog.event_data`.
 */
export type Conversion = (text: string) => unknown

/** One field of an event and the ECS field it becomes. */
export interface Row {
  /** Name in the event's own data. */
  from: string
  /** ECS path; where `as` gives an object, the path that it is merged at. */
  to: string
  /** Default: the text as it is. */
  as?: Conversion
  /** Event ids the row holds for; default: all of the channel. */
  only?: readonly number[]
  except?: readonly number[]
  /** A field of the same target that goes before: where it says something, this one stays where it is. */
  unless?: string
  /** The field stays under `winlog.event_data` as well. Default: the table's. */
  keep?: boolean
  /** Where the mapping is stated, if not in the table's source. */
  source?: string
}

/** What kind of event an id is. */
export interface EventClass {
  category?: readonly string[]
  type?: readonly string[]
  action?: string
}

/** One channel: its events, its fields, and where both are stated. */
export interface ChannelTable {
  /** The channel's name as Windows has it; recordings spell it in any case. */
  channel: string
  /** Index that its documents go to. */
  index: string
  module: string
  dataset: string
  /** Provider, for shapes that do not say it. */
  provider: string
  /** The pipeline or specification which states the rows. */
  source: string
  /** The data field that holds the time of the event itself; default: the time of the record. */
  eventTime?: string
  /** Whether mapped fields also stay under `winlog.event_data`. */
  keep: boolean
  /** Whether the record's keywords say success or failure of what was audited. */
  audit?: true
  events: Readonly<Record<number, EventClass>>
  rows: readonly Row[]
}
