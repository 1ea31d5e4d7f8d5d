/** The text of one event in XML to its elements. */
import { createRequire } from 'node:module'
import type { XmlElement } from '../evtx/xml.ts'

const ATTRIBUTES = ':@'
const TEXT = '#text'

const require = createRequire(import.meta.url)

/** Loaded with the first event: that takes longer than most commands need to start. */
const load = (): typeof import('fast-xml-parser') => require('fast-xml-parser')

const OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // It takes references by number, `&#10;`, for HTML's.
  htmlEntities: true,
}

/** As the parser gives them: an object with the children under the element's name, or with a text. */
type Node = Record<string, unknown>

/** The event's root; null for what is no XML, or nests deeper than any event does. */
export function parseEvent(text: string): XmlElement | null {
  loaded ??= read(load())
  return loaded(text)
}

let loaded: ((text: string) => XmlElement | null) | null = null

function read({ XMLParser, XMLValidator }: ReturnType<typeof load>): typeof parseEvent {
  const parser = new XMLParser(OPTIONS)
  return (text) => {
    // The parser alone takes elements that are closed by others.
    if (XMLValidator.validate(text) !== true) return null
    try {
      return elementsOf(parser.parse(text) as Node[])[0] ?? null
    } catch {
      return null
    }
  }
}

function elementsOf(nodes: readonly Node[]): XmlElement[] {
  const elements: XmlElement[] = []
  for (const node of nodes) {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT)
    if (name === undefined) continue
    const inner = node[name] as Node[]
    elements.push({
      name,
      attributes: (node[ATTRIBUTES] ?? {}) as Record<string, string>,
      text: inner.map((child) => child[TEXT] ?? '').join(''),
      children: elementsOf(inner),
    })
  }
  return elements
}
