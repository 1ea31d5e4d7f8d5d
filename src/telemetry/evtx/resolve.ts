/** Content with its holes filled: the elements of an event. */
import type { BinaryXml } from './parse.ts'
import { BINARY_XML, NULL, textOf } from './values.ts'
import {
  BinaryXmlError,
  type Content,
  type ElementNode,
  type Substitution,
  type Value,
  type XmlElement,
} from './xml.ts'

/** A record has some hundred elements at most; values that hold templates that hold values could make millions. */
const MOST_PARTS = 20_000
const MOST_BYTES = 1 << 20

/** The elements in a stretch of binary XML. @throws BinaryXmlError or RangeError for what cannot be read */
export function elementsOf(xml: BinaryXml, begin: number, end: number): XmlElement[] {
  const root = { name: '', attributes: {}, text: '', children: [] }
  new Resolver(xml).fill(root, xml.parse(begin, end), [])
  return root.children
}

class Resolver {
  readonly #xml: BinaryXml
  #parts = 0
  #bytes = 0

  constructor(xml: BinaryXml) {
    this.#xml = xml
  }

  fill(parent: XmlElement, content: readonly Content[], values: readonly Value[]): void {
    for (const part of content) {
      this.#count(1, 0)
      if (typeof part === 'string') parent.text += part
      else if (part.kind === 'element') this.#element(parent, part, values)
      else if (part.kind === 'instance') this.fill(parent, part.template, part.values)
      else {
        const value = values[part.index]
        if (value?.type === BINARY_XML) this.#nested(parent, value)
        else parent.text += this.#substituted(part, values)
      }
    }
  }

  #nested(parent: XmlElement, { begin, end }: Value): void {
    this.#count(1, end - begin)
    this.fill(parent, this.#xml.parse(begin, end), [])
  }

  #element(parent: XmlElement, node: ElementNode, values: readonly Value[]): void {
    if (node.dependency !== null && (values[node.dependency]?.type ?? NULL) === NULL) return
    const attributes: Record<string, string> = {}
    for (const { name, content } of node.attributes) {
      let text = ''
      for (const part of content) {
        this.#count(1, 0)
        if (typeof part === 'string') text += part
        else if (part.kind === 'substitution') text += this.#substituted(part, values)
      }
      if (text !== '' || content.length === 0) attributes[name] = text
    }
    const list = this.#list(node, values)
    if (list === null) {
      const element: XmlElement = { name: node.name, attributes, text: '', children: [] }
      parent.children.push(element)
      this.fill(element, node.children, values)
    } else for (const text of list) parent.children.push({ name: node.name, attributes, text, children: [] })
  }

  /** An element around a list is written once for each item. */
  #list({ children }: ElementNode, values: readonly Value[]): string[] | null {
    const [only, more] = children
    if (only === undefined || more !== undefined || typeof only === 'string' || only.kind !== 'substitution')
      return null
    const value = values[only.index]
    if (value === undefined || value.type < 0x80) return null
    const list = textOf(this.#xml.bytes, value)
    this.#count(list.length, value.end - value.begin)
    return [list].flat()
  }

  #substituted({ index }: Substitution, values: readonly Value[]): string {
    const value = values[index]
    if (value === undefined || value.type === NULL) return ''
    this.#count(1, value.end - value.begin)
    const text = textOf(this.#xml.bytes, value)
    return typeof text === 'string' ? text : text.join(', ')
  }

  #count(parts: number, bytes: number): void {
    this.#parts += parts
    this.#bytes += bytes
    if (this.#parts > MOST_PARTS || this.#bytes > MOST_BYTES)
      throw new BinaryXmlError('its templates unfold without end')
  }
}
