/** Rows of Velociraptor's artifacts over event logs, such as Windows.EventLogs.EvtxHunter: a header of their own, the data in an object. */
import { epoch } from '../times.ts'
import { eventIdOf, headerOf, isJson, NO_HEADER, type Part, textOf, type WindowsShape } from './shape.ts'

const HEADER = headerOf({
  Message: 'message',
  EventRecordID: 'winlog.record_id',
  UserSID: 'winlog.user.identifier',
})

export const velociraptor: WindowsShape = {
  name: 'velociraptor',
  tells: ({ EventID, EventTime, EventData, UserData, TimeCreated, TimeGenerated, ...record }) =>
    EventID !== undefined &&
    EventTime !== undefined &&
    (isJson(EventData) || isJson(UserData)) &&
    (TimeCreated ?? TimeGenerated ?? record['@timestamp']) === undefined,
  read: ({ EventID, EventTime, Channel, Provider, Computer, EventData, UserData, ...record }) => {
    const eventId = eventIdOf(EventID)
    if (eventId === null) return null
    const { Message, EventRecordID, UserSID } = record
    const parts: Part[] = [{ fields: { Message, EventRecordID, UserSID }, header: HEADER, rest: 'event_data' }]
    if (isJson(EventData)) parts.push({ fields: EventData, header: NO_HEADER, rest: 'event_data' })
    if (isJson(UserData)) parts.push({ fields: UserData, header: NO_HEADER, rest: 'user_data' })
    return {
      envelope: {
        eventId,
        channel: textOf(Channel),
        provider: textOf(Provider),
        host: textOf(Computer),
        recorded: epoch(EventTime),
      },
      keywords: undefined,
      parts,
    }
  },
}
