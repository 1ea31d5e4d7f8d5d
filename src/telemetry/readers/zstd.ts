/** Zstandard streams, frame by frame (RFC 8878). */
import { Decompress } from 'fzstd'
import type { ByteReader } from './byte-reader.ts'
import { DamagedInput } from './damage.ts'
import type { Gauge } from './gauge.ts'
import { refuseMore } from './refuse-more.ts'

const MAGIC = Buffer.from('28b52ffd', 'hex')
const BLOCK_HEADER = 3
const CHECKSUM = 4
/** The kind of a block that is one byte, many times. */
const REPEATED = 1

const CUT = 'the compressed data is cut'

const isFrame = (head: Buffer) => head.subarray(0, MAGIC.length).equals(MAGIC)

/** What readers are to pass over, such as the index of a stream. */
const isSkippable = (head: Buffer) => head.length >= 4 && head.readUInt32LE() >>> 4 === 0x184d2a5

/**
 * The frames of a stream joined, to its end. Zeros after the last are padding.
 * @throws DamagedInput where it is cut or damaged, or where something else follows it
 */
export async function* unzstd(reader: ByteReader, gauge: Gauge): AsyncGenerator<Buffer> {
  for (;;) {
    const head = await reader.peek(MAGIC.length + 1)
    if (isFrame(head)) yield* frame(reader, head, gauge)
    else if (isSkippable(head)) await skip(reader)
    else if (head.length > 0 && head.equals(MAGIC.subarray(0, head.length))) throw new DamagedInput(CUT)
    else break
  }
  await refuseMore(reader, 'zstd')
}

/** A frame, block by block, so that what follows it is never taken for a part of it. */
async function* frame(reader: ByteReader, head: Buffer, gauge: Gauge): AsyncGenerator<Buffer> {
  const output: Buffer[] = []
  const engine = new Decompress((chunk) => output.push(Buffer.from(chunk)))
  const { length, hasChecksum } = layoutOf(head)
  let given = await take(reader, length)
  for (let more = true; more; ) {
    const block = await take(reader, BLOCK_HEADER)
    const header = block.readUIntLE(0, BLOCK_HEADER)
    more = (header & 1) === 0
    const size = ((header >> 1) & 3) === REPEATED ? 1 : header >> 3
    const parts = [given, block, await take(reader, size)]
    if (!more && hasChecksum) parts.push(await take(reader, CHECKSUM))
    given = Buffer.alloc(0)
    let failure: Error | null = null
    try {
      engine.push(Buffer.concat(parts), !more)
    } catch (error) {
      failure = error as Error
    }
    for (const part of output.splice(0)) {
      gauge.made(part.length)
      if (part.length > 0) yield part
    }
    if (failure !== null) throw new DamagedInput(`the compressed data is damaged (${failure.message})`)
  }
}

/** Of a frame's header: its descriptor says which of its fields are there, and how long they are. */
function layoutOf(head: Buffer): { length: number; hasChecksum: boolean } {
  const descriptor = head[MAGIC.length] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3]!
  const size = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!
  return { length: MAGIC.length + 1 + (isSingle ? 0 : 1) + dictionary + size, hasChecksum: (descriptor & 4) !== 0 }
}

async function skip(reader: ByteReader): Promise<void> {
  let left = (await take(reader, 8)).readUInt32LE(4)
  while (left > 0) {
    const chunk = await reader.chunk(left)
    if (chunk === null) throw new DamagedInput(CUT)
    left -= chunk.length
  }
}

async function take(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.read(length)
  if (bytes.length < length) throw new DamagedInput(CUT)
  return bytes
}
