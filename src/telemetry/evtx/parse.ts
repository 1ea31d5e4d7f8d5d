/** Tokens of binary XML to content. Offsets are those of the chunk that holds it. Layout: MS-EVEN6 2.2.12 ff. */
import { BinaryXmlError, type Content, type ElementNode, type Instance, type Value } from './xml.ts'

const TOKEN = {
  end: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  characterReference: 0x08,
  entityReference: 0x09,
  instructionTarget: 0x0a,
  instructionData: 0x0b,
  templateInstance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragmentHeader: 0x0f,
}
/** Set in a token that more follow after; on an element: that it has attributes. */
const MORE = 0x40

const NO_DEPENDENCY = 0xffff
const STRING = 0x01
const DEEPEST = 100

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The binary XML of one chunk: its names and templates are read once. */
export class BinaryXml {
  readonly bytes: Buffer
  readonly #names = new Map<number, string>()
  /** By their offset; null while one is being read: a template within itself would never end. */
  readonly #templates = new Map<number, readonly Content[] | null>()

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  /** @throws BinaryXmlError or RangeError for what cannot be read */
  parse(begin: number, end: number, inTemplate = false): Content[] {
    return new Parser(this, begin, end, inTemplate).content(0)
  }

  /** A name: the offset of the next, a hash, the number of its characters, and these. */
  name(offset: number): string {
    let name = this.#names.get(offset)
    if (name === undefined) {
      name = this.text(offset + 8, this.bytes.readUInt16LE(offset + 6))
      this.#names.set(offset, name)
    }
    return name
  }

  text(begin: number, characters: number): string {
    const end = begin + 2 * characters
    if (end > this.bytes.length) throw new BinaryXmlError('a text goes beyond its chunk')
    return this.bytes.toString('utf16le', begin, end)
  }

  /** A template: the offset of the next, its GUID, its length, and its content. */
  template(offset: number): readonly Content[] {
    const known = this.#templates.get(offset)
    if (known === null) throw new BinaryXmlError('a template holds itself')
    if (known !== undefined) return known
    this.#templates.set(offset, null)
    try {
      const begin = offset + 24
      const template = this.parse(begin, begin + this.templateLength(offset), true)
      this.#templates.set(offset, template)
      return template
    } finally {
      if (this.#templates.get(offset) === null) this.#templates.delete(offset)
    }
  }

  templateLength(offset: number): number {
    const length = this.bytes.readUInt32LE(offset + 20)
    if (offset + 24 + length > this.bytes.length) throw new BinaryXmlError('a template goes beyond its chunk')
    return length
  }
}

class Parser {
  readonly #xml: BinaryXml
  readonly #bytes: Buffer
  readonly #end: number
  readonly #inTemplate: boolean
  #at: number

  constructor(xml: BinaryXml, begin: number, end: number, inTemplate: boolean) {
    this.#xml = xml
    this.#bytes = xml.bytes
    this.#at = begin
    this.#end = end
    this.#inTemplate = inTemplate
  }

  /** Content up to the end of the stretch, of the fragment or of the element that holds it. */
  content(depth: number): Content[] {
    if (depth > DEEPEST) throw new BinaryXmlError(`elements lie more than ${DEEPEST} deep`)
    const found: Content[] = []
    while (this.#at < this.#end) {
      const token = this.#byte()
      switch (token & ~MORE) {
        case TOKEN.end:
        case TOKEN.endElement:
          return found
        case TOKEN.openElement:
          found.push(this.#element(token, depth))
          break
        case TOKEN.templateInstance:
          found.push(this.#instance())
          break
        case TOKEN.fragmentHeader:
          this.#at += 3
          break
        case TOKEN.instructionTarget:
          this.#name()
          break
        case TOKEN.instructionData:
          this.#counted()
          break
        default:
          found.push(this.#piece(token))
      }
    }
    return found
  }

  #element(token: number, depth: number): ElementNode {
    const dependency = this.#inTemplate ? this.#short() : NO_DEPENDENCY
    this.#at += 4
    const name = this.#name()
    const attributes: ElementNode['attributes'] = []
    if (token & MORE) {
      this.#at += 4
      while ((this.#bytes[this.#at]! & ~MORE) === TOKEN.attribute) {
        this.#at += 1
        attributes.push({ name: this.#name(), content: this.#pieces() })
      }
    }
    const close = this.#byte()
    if (close !== TOKEN.closeStart && close !== TOKEN.closeEmpty) throw this.#unexpected(close)
    return {
      kind: 'element',
      name,
      attributes,
      children: close === TOKEN.closeStart ? this.content(depth + 1) : [],
      dependency: dependency === NO_DEPENDENCY ? null : dependency,
    }
  }

  /** The parts of an attribute's value. */
  #pieces(): Content[] {
    const pieces: Content[] = []
    for (;;) {
      const token = this.#bytes[this.#at]! & ~MORE
      const belongs =
        token === TOKEN.value ||
        (token >= TOKEN.characterReference && token <= TOKEN.entityReference) ||
        token === TOKEN.substitution ||
        token === TOKEN.optionalSubstitution
      if (!belongs || this.#at >= this.#end) return pieces
      pieces.push(this.#piece(this.#byte()))
    }
  }

  #piece(token: number): Content {
    switch (token & ~MORE) {
      case TOKEN.value:
        if (this.#byte() !== STRING) throw new BinaryXmlError('a text has another type than text')
        return this.#counted()
      case TOKEN.cdata:
        return this.#counted()
      case TOKEN.characterReference:
        return String.fromCharCode(this.#short())
      case TOKEN.entityReference: {
        const name = this.#name()
        return ENTITIES[name] ?? `&${name};`
      }
      case TOKEN.substitution:
      case TOKEN.optionalSubstitution: {
        const index = this.#short()
        this.#at += 1
        return { kind: 'substitution', index, optional: token === TOKEN.optionalSubstitution }
      }
      default:
        throw this.#unexpected(token)
    }
  }

  /** The template stands where it is first used; later instances point there. */
  #instance(): Instance {
    this.#at += 5
    const offset = this.#long()
    const template = this.#xml.template(offset)
    if (offset === this.#at) this.#at += 24 + this.#xml.templateLength(offset)
    const count = this.#long()
    let begin = this.#at + 4 * count
    if (begin > this.#end) throw new BinaryXmlError('its values go beyond its end')
    const values: Value[] = []
    for (let at = this.#at; values.length < count; at += 4) {
      const end = begin + this.#bytes.readUInt16LE(at)
      values.push({ type: this.#bytes[at + 2]!, begin, end })
      begin = end
    }
    if (begin > this.#end) throw new BinaryXmlError('its values go beyond its end')
    this.#at = begin
    return { kind: 'instance', template, values }
  }

  /** The name at an offset, which may be this very place. */
  #name(): string {
    const offset = this.#long()
    const name = this.#xml.name(offset)
    if (offset === this.#at) this.#at += 10 + 2 * this.#bytes.readUInt16LE(offset + 6)
    return name
  }

  #counted(): string {
    const characters = this.#short()
    const text = this.#xml.text(this.#at, characters)
    this.#at += 2 * characters
    return text
  }

  #byte(): number {
    this.#at += 1
    return this.#bytes.readUInt8(this.#at - 1)
  }

  #short(): number {
    this.#at += 2
    return this.#bytes.readUInt16LE(this.#at - 2)
  }

  #long(): number {
    this.#at += 4
    return this.#bytes.readUInt32LE(this.#at - 4)
  }

  #unexpected(token: number): BinaryXmlError {
    const sign = token.toString(16).padStart(2, '0')
    return new BinaryXmlError(`unexpected token 0x${sign} at byte ${this.#at - 1} of the chunk`)
  }
}
