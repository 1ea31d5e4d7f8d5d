/** Archives for the tests, made byte by byte where a library would not make them. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface Member {
  name: string
  data: Buffer
  stored?: boolean
  /** Sizes and checksum after the data, as programs write them that do not know them before. */
  sizesFollow?: boolean
  /** General purpose flags, beside that for sizes that follow: 1 is encrypted. */
  flags?: number
  /** Sizes in a field of 64 bits (ZIP64). */
  wide?: boolean
  /** Stands in for the true checksum. */
  checksum?: number
}

/** A zip archive as a streaming program writes it. */
export function zip(members: Member[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const {
    name,
    data,
    stored = false,
    sizesFollow = false,
    flags = 0,
    wide = false,
    checksum = crc32(data),
  } of members) {
    const packed = stored ? data : deflateRawSync(data)
    const label = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE((sizesFollow ? 8 : 0) | flags, 2)
    common.writeUInt16LE(stored ? 0 : 8, 4)
    if (!sizesFollow) writeSizes(common, 10, checksum, packed.length, data.length)
    common.writeUInt16LE(label.length, 22)
    const extra = Buffer.alloc(wide ? 20 : 0)
    if (wide) {
      common.fill(0xff, 14, 22)
      extra.writeUInt16LE(1, 0)
      extra.writeUInt16LE(16, 2)
      extra.writeBigUInt64LE(BigInt(data.length), 4)
      extra.writeBigUInt64LE(BigInt(packed.length), 12)
      common.writeUInt16LE(extra.length, 24)
    }
    const descriptor = Buffer.alloc(sizesFollow ? 16 : 0)
    if (sizesFollow) {
      descriptor.writeUInt32LE(0x08074b50, 0)
      writeSizes(descriptor, 4, checksum, packed.length, data.length)
    }
    const local = Buffer.concat([signature(0x04034b50), common, label, extra, packed, descriptor])
    const entry = Buffer.alloc(42)
    common.copy(entry, 2, 0, 24)
    writeSizes(entry, 12, checksum, packed.length, data.length)
    entry.writeUInt32LE(offset, 38)
    directory.push(signature(0x02014b50), entry, label)
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(members.length, 4)
  end.writeUInt16LE(members.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, central, signature(0x06054b50), end])
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function writeSizes(target: Buffer, at: number, checksum: number, packed: number, unpacked: number): void {
  target.writeUInt32LE(checksum >>> 0, at)
  target.writeUInt32LE(packed, at + 4)
  target.writeUInt32LE(unpacked, at + 8)
}
