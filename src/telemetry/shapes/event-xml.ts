/**
 * An event as the event log has it: `System` with its header, `EventData` or `UserData` with its own data. The schema is
 * Microsoft's (Event Schema, winevt). Fields without a name are numbered `param1`, … among all, as Winlogbeat does.
 */
import { long } from '../ecs/convert.ts'
import type { XmlElement } from '../evtx/xml.ts'
import { epoch, instant } from '../times.ts'
import { eventIdOf, headerOf, type Json, NO_HEADER, type Part, textOf, type WindowsEvent } from './shape.ts'

/** Attributes of the elements of `System`, and the name of the field that each becomes. */
const SYSTEM_ATTRIBUTES: Record<string, Record<string, string>> = {
  Provider: { Name: 'SourceName', Guid: 'ProviderGuid' },
  EventID: {},
  TimeCreated: { SystemTime: 'TimeCreated' },
  Correlation: { ActivityID: 'ActivityID', RelatedActivityID: 'RelatedActivityID' },
  Execution: { ProcessID: 'ExecutionProcessID', ThreadID: 'ThreadID' },
  Security: { UserID: 'UserID' },
}

const SECONDS = /^\d{1,11}(\.\d+)?$/

/** What ECS has as numbers. */
const NUMBERS = ['ExecutionProcessID', 'ThreadID']

const HEADER = headerOf({
  SourceName: null,
  EventID: null,
  Channel: null,
  Computer: null,
  TimeCreated: null,
  ProviderGuid: 'winlog.provider_guid',
  Version: 'winlog.version',
  Level: 'winlog.level',
  Task: 'winlog.task',
  Opcode: 'winlog.opcode',
  Keywords: 'winlog.keywords',
  EventRecordID: 'winlog.record_id',
  ActivityID: 'winlog.activity_id',
  RelatedActivityID: 'winlog.related_activity_id',
  ExecutionProcessID: 'winlog.process.pid',
  ThreadID: 'winlog.process.thread.id',
  UserID: 'winlog.user.identifier',
})

/** What a collector made of the header's numbers; only the sentence says more than they do. */
const RENDERING_HEADER = headerOf({
  Message: 'message',
  Task: 'winlog.task_name',
  Level: null,
  Opcode: null,
  Channel: null,
  Provider: null,
  Keywords: null,
})

/** The event; null when it has no event id. */
export function eventOfXml(event: XmlElement): WindowsEvent | null {
  const system = systemFields(child(event, 'System'))
  const eventId = eventIdOf(system.EventID)
  if (eventId === null) return null
  const parts: Part[] = [{ fields: system, header: HEADER, rest: 'event_data' }]
  for (const section of event.children) {
    if (section.name === 'System') continue
    if (section.name === 'UserData') parts.push({ fields: userFields(section), header: NO_HEADER, rest: 'user_data' })
    else if (section.name === 'RenderingInfo') {
      parts.push({ fields: dataFields(section.children), header: RENDERING_HEADER, rest: 'event_data' })
    } else parts.push({ fields: dataFields(section.children), header: NO_HEADER, rest: 'event_data' })
  }
  return {
    envelope: {
      eventId,
      channel: textOf(system.Channel),
      provider: textOf(system.SourceName),
      host: textOf(system.Computer),
      recorded: recordedAt(system.TimeCreated),
    },
    keywords: system.Keywords,
    parts,
  }
}

/** Velociraptor counts seconds since 1970. */
const recordedAt = (time: unknown): string | null => (SECONDS.test(String(time)) ? epoch(Number(time)) : instant(time))

const child = (element: XmlElement, name: string) => element.children.find((inner) => inner.name === name)

function systemFields(system: XmlElement | undefined): Json {
  const fields: Json = {}
  for (const { name, attributes, text } of system?.children ?? []) {
    const names = SYSTEM_ATTRIBUTES[name]
    for (const attribute in attributes) fields[names?.[attribute] ?? `${name}${attribute}`] = attributes[attribute]
    if (text !== '') fields[name] = text
  }
  for (const name of NUMBERS) if (fields[name] !== undefined) fields[name] = long(String(fields[name])) ?? fields[name]
  return fields
}

/** The leaves of elements by their names; a name that comes again makes a list. */
function dataFields(elements: readonly XmlElement[]): Json {
  const fields: Json = {}
  let number = 0
  const take = ({ name, attributes, text, children }: XmlElement) => {
    const label = attributes.Name ?? name
    for (const attribute in attributes) {
      if (attribute !== 'Name' && !attribute.startsWith('xmlns'))
        add(fields, `${label}${attribute}`, attributes[attribute]!)
    }
    if (children.length > 0) {
      for (const inner of children) take(inner)
      return
    }
    number += 1
    if (text !== '') add(fields, label === 'Data' ? `param${number}` : label, text)
  }
  for (const element of elements) take(element)
  return fields
}

/** The fields of the one element in `UserData`, and its name. */
function userFields({ children }: XmlElement): Json {
  const [only] = children
  return only === undefined ? {} : { xml_name: only.name, ...dataFields(children) }
}

function add(fields: Json, name: string, text: string): void {
  const there = fields[name]
  fields[name] = there === undefined ? text : [there, text].flat()
}
