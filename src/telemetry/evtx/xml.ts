/** What binary XML becomes: elements as they are read, with holes for values, and elements as an event has them. */
import type { InputProblem } from '../readers/damage.ts'

/** An element of an event. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  /** All text in it, joined. */
  text: string
  children: XmlElement[]
}

/** Hears what a reader of event logs finds. */
export interface EventListener {
  /** An event's root element, the number of its record from 1, and the byte it begins at. */
  onEvent(event: XmlElement, record: number, offset: number): void
  /** What is wrong; `lost`: it takes the place of a record. */
  onProblem(problem: InputProblem, lost: boolean): void
}

/** A value of a template's instance: where in the chunk it stands. */
export interface Value {
  /** MS-EVEN6 2.2.18; `0x80` and more: a list of the type below. */
  type: number
  begin: number
  end: number
}

/** Content as it is written: texts, elements, holes that a template's instance fills, instances. */
export type Content = string | ElementNode | Substitution | Instance

export interface ElementNode {
  kind: 'element'
  name: string
  attributes: { name: string; content: Content[] }[]
  children: Content[]
  /** Index of the value without which the element is left out; null when there is none. */
  dependency: number | null
}

export interface Substitution {
  kind: 'substitution'
  index: number
  optional: boolean
}

export interface Instance {
  kind: 'instance'
  template: readonly Content[]
  values: readonly Value[]
}

/** A record that cannot be read. The message is a phrase. */
export class BinaryXmlError extends Error {
  override name = 'BinaryXmlError'
}
