/** Blocks of pcapng captures, little endian, made by hand. */

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

function block(type: number, ...parts: Buffer[]): Buffer {
  const body = padded(Buffer.concat(parts))
  return Buffer.concat([u32(type), u32(body.length + 12), body, u32(body.length + 12)])
}

const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])

export const section = (): Buffer => block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), Buffer.alloc(8, 0xff))

/** `options`: code and value each. */
export const described = (
  linkType: number,
  { snapLength = 0, options = [] }: { snapLength?: number; options?: [code: number, value: Buffer][] } = {},
): Buffer =>
  block(
    1,
    ...[u16(linkType), u16(0), u32(snapLength)],
    ...options.flatMap(([code, value]) => [u16(code), u16(value.length), padded(value)]),
  )

export const simple = (length: number, kept: Buffer): Buffer => block(3, u32(length), kept)

/** `units`: of time since 1970, as the interface counts. */
export const enhanced = (
  kept: Buffer,
  { units = 0n, captured = kept.length, length = kept.length, from = 0 } = {},
): Buffer =>
  block(
    6,
    ...[u32(from), u32(Number(units >> 32n)), u32(Number(units & 0xffff_ffffn)), u32(captured), u32(length)],
    kept,
  )
