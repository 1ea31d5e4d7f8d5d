/** ASN.1 in distinguished encoding, as far as security tokens need it. */

/** Tag, length, content. */
export function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff)
}

export const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
export const octets = (content: Buffer): Buffer => der(0x04, content)
export const integer = (value: number): Buffer => der(0x02, Buffer.of(value))
export const enumerated = (value: number): Buffer => der(0x0a, Buffer.of(value))
export const generalString = (text: string): Buffer => der(0x1b, Buffer.from(text, 'latin1'))
/** A field of a sequence by its number. */
export const field = (number: number, ...parts: Buffer[]): Buffer => der(0xa0 | number, ...parts)
/** An object identifier from its content in hex. */
export const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
