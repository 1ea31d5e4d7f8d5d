/** Results of Splunk searches over logs that it collects as XML (`XmlWinEventLog`): the event as it was written, in `_raw`. */
import { parseEvent } from '../event-xml/parse.ts'
import { eventOfXml } from './event-xml.ts'
import { isJson, type Json, type WindowsShape } from './shape.ts'

const EVENT = /^\s*<Event[\s>]/

/** Exports wrap each result. */
const rawOf = ({ result, _raw }: Json): unknown => (isJson(result) ? result._raw : _raw)

export const splunk: WindowsShape = {
  name: 'splunk',
  tells: (record) => {
    const raw = rawOf(record)
    return typeof raw === 'string' && EVENT.test(raw)
  },
  read: (record) => {
    const event = parseEvent((rawOf(record) as string).trim())
    return event && eventOfXml(event)
  },
}
