/** What a sentence calls an event. */
import type { EventDocument } from '../../model/event.ts'

export type NameOf = (event: EventDocument) => string

/** An event that a SIEM keeps, by its id there. */
export const eventName: NameOf = ({ id }) => `event ${id}`

/** An event of a recording, whose id is its number there. */
export const recordName: NameOf = ({ id }) => `record ${id}`
