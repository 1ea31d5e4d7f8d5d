/** Gzip, member by member (RFC 1952). */
import { crc32 } from 'node:zlib'
import type { ByteReader } from './byte-reader.ts'
import { DamagedInput } from './damage.ts'
import type { Gauge } from './gauge.ts'
import { inflateRaw } from './inflate.ts'
import { refuseMore } from './refuse-more.ts'

const FIXED_HEADER = 10
const DEFLATED = 8

const HEADER_CHECKSUM = 2
const EXTRA = 4
const NAME = 8
const COMMENT = 16

/** Longest name or comment that is looked for. */
const LONGEST_TEXT = 1 << 16

export const looksLikeGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b

/**
 * The members of a stream joined, to its end. Zeros after the last are padding.
 * @throws DamagedInput where it is cut or damaged, or where something else follows it
 */
export async function* gunzip(reader: ByteReader, gauge: Gauge): AsyncGenerator<Buffer> {
  while (looksLikeGzip(await reader.peek(2))) {
    await skipHeader(reader)
    let checksum = 0
    for await (const chunk of inflateRaw(reader, null, gauge)) {
      checksum = crc32(chunk, checksum)
      yield chunk
    }
    const trailer = await reader.read(8)
    if (trailer.length < 8) throw new DamagedInput('the compressed data is cut')
    if (trailer.readUInt32LE(0) !== checksum) throw new DamagedInput('its checksum is wrong')
  }
  await refuseMore(reader, 'gzip')
}

async function skipHeader(reader: ByteReader): Promise<void> {
  const fixed = await take(reader, FIXED_HEADER)
  const flags = fixed[3]!
  if (fixed[2] !== DEFLATED) throw new DamagedInput(`compression method ${fixed[2]} is not read`)
  if (flags & EXTRA) await take(reader, (await take(reader, 2)).readUInt16LE(0))
  for (const flag of [NAME, COMMENT]) {
    if (!(flags & flag)) continue
    const end = (await reader.peek(LONGEST_TEXT)).indexOf(0)
    if (end === -1) throw new DamagedInput('the compressed data is cut')
    await take(reader, end + 1)
  }
  if (flags & HEADER_CHECKSUM) await take(reader, 2)
}

async function take(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.read(length)
  if (bytes.length < length) throw new DamagedInput('the compressed data is cut')
  return bytes
}
