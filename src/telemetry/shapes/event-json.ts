/**
 * The event log's own form as JSON: `Event.System` and `Event.EventData`, with attributes in any of the ways that
 * converters write them. It is read as the XML that it came from.
 */
import type { XmlElement } from '../evtx/xml.ts'
import { eventOfXml } from './event-xml.ts'
import { isJson, type Json, type WindowsShape } from './shape.ts'

/** Keys under which converters put an element's text. */
const TEXT_KEYS = new Set(['#text', '_', '$t', 'Value'])
const ATTRIBUTES_KEY = '#attributes'
const ATTRIBUTE_PREFIX = '@'
/** evtx_dump's other form: attributes beside their element. */
const BESIDE = '_attributes'

/** Elements of `System` that have nothing but attributes: some converters leave out the sign of these. */
const ATTRIBUTES_ONLY = new Set(['Provider', 'TimeCreated', 'Correlation', 'Execution', 'Security'])

export const eventJson: WindowsShape = {
  name: 'evtx-json',
  tells: (record) => isJson(rootOf(record).System),
  read: (record) => eventOfXml({ name: 'Event', attributes: {}, text: '', children: childrenOf(rootOf(record)) }),
}

/** EvtxECmd: a header of its own, and the event's data as JSON in a text. */
export const evtxecmd: WindowsShape = {
  name: 'evtxecmd',
  tells: ({ EventId, Channel, Payload }) =>
    EventId !== undefined && Channel !== undefined && typeof Payload === 'string' && Payload.startsWith('{'),
  read: (record) => {
    const { EventId, Channel, Provider, Computer, TimeCreated, EventRecordId, UserId, ProcessId, ThreadId } = record
    const System = {
      EventID: EventId,
      Channel,
      Provider: { '@Name': Provider },
      Computer,
      TimeCreated: { '@SystemTime': TimeCreated },
      EventRecordID: EventRecordId,
      Security: { '@UserID': UserId },
      Execution: { '@ProcessID': ProcessId, '@ThreadID': ThreadId },
      Keywords: KEYWORDS[String(record.Keywords)],
    }
    return eventJson.read({ Event: { System, ...parsed(record.Payload as string) } })
  },
}

/** What EvtxECmd calls the bits that say how an audited action ended. */
const KEYWORDS: Record<string, string> = {
  'Audit success': '0x8020000000000000',
  'Audit failure': '0x8010000000000000',
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return { EventData: { Payload: text } }
  }
}

/** The event itself: some converters wrap it, some leave its root element out; chainsaw shows it with what it found there. */
function rootOf({ document, ...record }: Json): Json {
  const whole = isJson(document) && isJson(document.data) ? document.data : record
  return isJson(whole.Event) ? whole.Event : whole
}

/** No event nests so deep; what does would overflow the stack. */
const DEEPEST = 50

function childrenOf(object: Json, depth = 0): XmlElement[] {
  const children: XmlElement[] = []
  if (depth > DEEPEST) return children
  for (const key in object) {
    if (key === ATTRIBUTES_KEY || key.startsWith(ATTRIBUTE_PREFIX) || TEXT_KEYS.has(key)) continue
    if (key.endsWith(BESIDE) && isJson(object[key])) {
      // An element that has nothing but attributes has no key of its own.
      const name = key.slice(0, -BESIDE.length)
      if (!(name in object)) children.push(elementOf(name, null, object[key], depth))
    } else {
      const value = object[key]
      const attributes = object[`${key}${BESIDE}`]
      for (const item of Array.isArray(value) ? value : [value])
        children.push(...elementsOf(key, item, attributes, depth))
    }
  }
  return children
}

/** A list of texts is one element each. */
function elementsOf(name: string, value: unknown, beside: unknown, depth: number): XmlElement[] {
  const text = isJson(value) ? value['#text'] : undefined
  if (Array.isArray(text))
    return text.map((item) => elementOf(name, { ...(value as Json), '#text': item }, beside, depth))
  return [elementOf(name, value, beside, depth)]
}

function elementOf(name: string, value: unknown, beside: unknown, depth: number): XmlElement {
  const element: XmlElement = { name, attributes: {}, text: '', children: [] }
  takeAttributes(element, beside)
  if (!isJson(value)) {
    element.text = textOf(value)
    return element
  }
  takeAttributes(element, value[ATTRIBUTES_KEY])
  for (const key in value) {
    const inner = value[key]
    if (TEXT_KEYS.has(key)) element.text = textOf(inner)
    else if (key.startsWith(ATTRIBUTE_PREFIX)) element.attributes[key.slice(1)] = textOf(inner)
    else if (ATTRIBUTES_ONLY.has(name) && !isJson(inner)) element.attributes[key] = textOf(inner)
  }
  if (!ATTRIBUTES_ONLY.has(name)) element.children = childrenOf(value, depth + 1)
  return element
}

function takeAttributes(element: XmlElement, attributes: unknown): void {
  if (!isJson(attributes)) return
  for (const name in attributes) element.attributes[name] = textOf(attributes[name])
}

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value))
