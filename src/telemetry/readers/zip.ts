/** Zip archives, read forward: from a pipe as from a disk, and as far as a cut archive goes. */
import { crc32 } from 'node:zlib'
import type { ByteReader } from './byte-reader.ts'
import { DamagedInput } from './damage.ts'
import type { Gauge } from './gauge.ts'
import { inflateRaw } from './inflate.ts'

const LOCAL_HEADER = 0x04034b50
const DESCRIPTOR = 0x08074b50
const DESCRIPTOR_BYTES = Buffer.from('PK\x07\x08', 'latin1')
const HEADER_BYTES = [Buffer.from('PK\x03\x04', 'latin1'), Buffer.from('PK\x01\x02', 'latin1')]
/** Bytes looked through at once. */
const WINDOW = 1 << 16
const CENTRAL_DIRECTORY = new Set([0x02014b50, 0x06054b50, 0x06064b50, 0x08064b50])

const ENCRYPTED = 1
const SIZES_FOLLOW = 8

const STORED = 0
const DEFLATED = 8

export interface ZipMember {
  name: string
  chunks: AsyncIterable<Buffer>
}

interface Header {
  name: string
  method: number
  flags: number
  crc: number
  packed: number
  wide: boolean
}

/**
 * The members, each to be read before the next is asked for; what is left of one is skipped.
 * @throws DamagedInput where the archive cannot be followed any further
 */
export async function* zipMembers(reader: ByteReader, gauge: Gauge): AsyncGenerator<ZipMember> {
  for (let header = await readHeader(reader); header !== null; header = await readHeader(reader)) {
    const state = { done: false, complete: false }
    const chunks = contents(reader, header, gauge, state)
    if (header.name.endsWith('/')) {
      for await (const _ of chunks);
      continue
    }
    yield { name: header.name, chunks }
    if (!state.done) for await (const _ of chunks);
    // The end of the archive within a member was that member's problem already.
    if (!state.complete && (await reader.peek(1)).length === 0) return
  }
}

/** The next local header, or null at the central directory. */
async function readHeader(reader: ByteReader): Promise<Header | null> {
  const fixed = await reader.read(30)
  if (fixed.length < 4) throw new DamagedInput('the archive is cut: its directory is missing')
  const signature = fixed.readUInt32LE(0)
  if (CENTRAL_DIRECTORY.has(signature)) return null
  if (signature !== LOCAL_HEADER || fixed.length < 30) {
    throw new DamagedInput(`the archive is damaged: no member begins at byte ${reader.offset - fixed.length}`)
  }
  const nameLength = fixed.readUInt16LE(26)
  const extraLength = fixed.readUInt16LE(28)
  const variable = await reader.read(nameLength + extraLength)
  if (variable.length < nameLength + extraLength) throw new DamagedInput('the archive is cut')
  const packed = fixed.readUInt32LE(18)
  const wide = wideSize(variable.subarray(nameLength))
  return {
    name: variable.toString('utf8', 0, nameLength),
    flags: fixed.readUInt16LE(6),
    method: fixed.readUInt16LE(8),
    crc: fixed.readUInt32LE(14),
    packed: packed === 0xffffffff && wide !== null ? wide : packed,
    wide: wide !== null,
  }
}

/** The packed size of the ZIP64 extra field. */
function wideSize(extra: Buffer): number | null {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const length = extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1 && length >= 16 && at + 20 <= extra.length) {
      const size = extra.readBigUInt64LE(at + 12)
      return size > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(size)
    }
  }
  return null
}

async function* contents(
  reader: ByteReader,
  header: Header,
  gauge: Gauge,
  state: { done: boolean; complete: boolean },
): AsyncGenerator<Buffer> {
  const { flags, method, packed } = header
  const begin = reader.offset
  // Some programs say both: the sizes here, and again after the data.
  const sizesFollow = (flags & SIZES_FOLLOW) !== 0 && packed === 0
  const described = (flags & SIZES_FOLLOW) !== 0
  try {
    if (flags & ENCRYPTED) throw new DamagedInput('it is encrypted')
    if (method !== DEFLATED && method !== STORED) throw new DamagedInput(`compression method ${method} is not read`)
    let checksum = 0
    for await (const chunk of method === STORED
      ? sizesFollow
        ? storedToDescriptor(reader, header.wide)
        : stored(reader, packed)
      : inflateRaw(reader, sizesFollow ? null : packed, gauge)) {
      checksum = crc32(chunk, checksum)
      yield chunk
    }
    if (!sizesFollow && reader.offset - begin < packed) throw new DamagedInput('the archive is cut')
    const wanted = described ? await readDescriptor(reader, header.wide) : header.crc
    if (wanted !== null && wanted !== checksum) throw new DamagedInput('its checksum is wrong')
    state.complete = true
  } finally {
    state.done = true
    // Where the size is known a member that cannot be read does not hide the next.
    if (!sizesFollow) await skip(reader, packed - (reader.offset - begin))
    else if (!state.complete) await seekHeader(reader)
  }
}

async function* stored(reader: ByteReader, size: number): AsyncGenerator<Buffer> {
  for (let left = size; left > 0; ) {
    const chunk = await reader.chunk(left)
    if (chunk === null) return
    left -= chunk.length
    yield chunk
  }
}

/**
 * Stored data whose size follows it: up to the descriptor, which is known by the size and checksum of what stands before
 * it. Without its signature it cannot be told.
 */
async function* storedToDescriptor(reader: ByteReader, wide: boolean): AsyncGenerator<Buffer> {
  const length = wide ? 24 : 16
  let size = 0
  let checksum = 0
  for (;;) {
    const ahead = await reader.peek(WINDOW)
    if (ahead.length === 0) throw new DamagedInput('the archive is cut')
    const found = ahead.indexOf(DESCRIPTOR_BYTES)
    // What could be the beginning of a descriptor waits for the rest of it.
    const safe = found === -1 ? (ahead.length < WINDOW ? ahead.length : ahead.length - 3) : found
    if (safe > 0) {
      const chunk = await reader.read(safe)
      size += chunk.length
      checksum = crc32(chunk, checksum)
      yield chunk
      continue
    }
    const descriptor = await reader.peek(length)
    if (descriptor.length === length && isDescriptor(descriptor, size, checksum, wide)) return
    const chunk = await reader.read(1)
    size += 1
    checksum = crc32(chunk, checksum)
    yield chunk
  }
}

const isDescriptor = (bytes: Buffer, size: number, checksum: number, wide: boolean) =>
  bytes.readUInt32LE(4) === checksum && (wide ? Number(bytes.readBigUInt64LE(8)) : bytes.readUInt32LE(8)) === size

/** The checksum after the data, null when there is none; its signature is optional. */
async function readDescriptor(reader: ByteReader, wide: boolean): Promise<number | null> {
  const first = await reader.read(4)
  if (first.length < 4) return null
  const signed = first.readUInt32LE(0) === DESCRIPTOR
  const crc = signed ? await reader.read(4) : first
  await reader.read(wide ? 16 : 8)
  return crc.length < 4 ? null : crc.readUInt32LE(0)
}

/** Goes on to where the next member may begin, or the directory. */
async function seekHeader(reader: ByteReader): Promise<void> {
  for (;;) {
    const ahead = await reader.peek(WINDOW)
    const found = HEADER_BYTES.map((bytes) => ahead.indexOf(bytes)).filter((at) => at !== -1)
    if (found.length > 0) return void (await reader.read(Math.min(...found)))
    if (ahead.length < WINDOW) return void (await reader.read(ahead.length))
    await reader.read(ahead.length - 3)
  }
}

async function skip(reader: ByteReader, length: number): Promise<void> {
  for (let left = length; left > 0; ) {
    const chunk = await reader.chunk(left)
    if (chunk === null) return
    left -= chunk.length
  }
}
