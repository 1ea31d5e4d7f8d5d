/** Containers of any nesting, told by their first bytes, to the inputs that they hold. */
import { looksLikeEventXml } from '../event-xml/recognise.ts'
import { HEADER_BLOCK, looksLikeEvtx } from '../evtx/file-header.ts'
import { ByteReader } from './byte-reader.ts'
import { DamagedInput } from './damage.ts'
import { Gauge } from './gauge.ts'
import { gunzip, looksLikeGzip } from './gzip.ts'
import { zipMembers } from './zip.ts'

/** JSON records, a Windows event log, its events in XML, or packets. */
export type InputFormat = 'json' | 'evtx' | 'xml' | 'capture'

/** One stream of records: a file, or an archive's member. */
export interface Input {
  /** As the user named it; a member's name follows its archive's after a slash. */
  path: string
  format: InputFormat
  /** To be read before the next input is asked for. Throws DamagedInput where it cannot be read further. */
  chunks: AsyncIterable<Buffer>
  /** Where a file holds just these bytes, for who would rather read it himself. */
  file?: PlainFile
}

export interface PlainFile {
  absolute: string
  /** To be told of the bytes that are read of it. */
  heard(bytes: number): void
}

/** pcap in both byte orders, with microseconds and nanoseconds and as patched libpcaps write it; pcapng. */
const CAPTURES = ['d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '34cdb2a1', 'a1b2cd34', '0a0d0d0a']

/** As far as an event log can be told whose header is lost. */
const HEAD = HEADER_BLOCK + 8
const DEEPEST = 4

/** Formats that are known, but not as recordings of events. */
const FOREIGN: readonly [string, string][] = [
  ['377abcaf271c', 'a 7z archive, which is not read: unpack it first'],
  ['425a68', 'bzip2, which is not read: unpack it first'],
  ['fd377a585a00', 'xz, which is not read: unpack it first'],
  ['5d00008000', 'lzma, which is not read: unpack it first'],
  ['526172211a07', 'a RAR archive, which is not read: unpack it first'],
  ['4d53434600000000', 'a cabinet, which is not read: unpack it first'],
  ['50415231', 'Parquet, which is not read: write it as JSON first'],
  ['53514c697465', 'an SQLite database, which is not read: write it as JSON first'],
]

/** The inputs in a stream, in order. @throws DamagedInput where a container cannot be followed any further */
export async function* unpack(path: string, chunks: AsyncIterable<Buffer>, file?: PlainFile): AsyncGenerator<Input> {
  const gauge = new Gauge()
  yield* unpackLayer(path, gauge.given(chunks), gauge, 0, file)
}

async function* unpackLayer(
  path: string,
  chunks: AsyncIterable<Buffer>,
  gauge: Gauge,
  depth: number,
  file?: PlainFile,
): AsyncGenerator<Input> {
  const reader = new ByteReader(chunks)
  let failure: unknown = null
  const head = await reader.peek(HEAD).catch((error) => {
    // What was read before the damage is an input still; it fails when it is read that far.
    failure = error
    return reader.peek(HEAD)
  })
  const rest = failure === null ? reader.rest() : upTo(reader, failure)
  const hex = head.toString('hex', 0, 8)
  const members =
    hex.startsWith('504b0304') || hex.startsWith('504b0506')
      ? zipMembers(reader, gauge)
      : looksLikeTar(head)
        ? (await import('./tar.ts')).tarMembers(reader)
        : null
  const unpacked = looksLikeGzip(head)
    ? gunzip(reader, gauge)
    : isZstd(hex)
      ? (await import('./zstd.ts')).unzstd(reader, gauge)
      : null
  if (depth > DEEPEST && (members ?? unpacked) !== null) {
    yield refused(path, 'archives within archives, too deep')
    return
  }
  if (members !== null) {
    let isEmpty = true
    for await (const { name, chunks: member } of members) {
      isEmpty = false
      // A name from the root, as some programs write it, is one from the archive's root.
      const inner = `${path}/${name.replace(/^[/\\]+/, '')}`
      if (climbs(name)) yield refused(inner, 'its name leads out of the archive: not read')
      else yield* withoutHarm(inner, unpackLayer(inner, member, gauge, depth + 1))
    }
    if (isEmpty) yield refused(path, 'an archive without files')
  } else if (unpacked !== null) {
    yield* unpackLayer(path, unpacked, gauge, depth + 1)
  } else if (looksLikeEvtx(head)) {
    yield { path, format: 'evtx', chunks: rest }
  } else if (looksLikeEventXml(head)) {
    yield { path, format: 'xml', chunks: rest }
  } else if (CAPTURES.some((magic) => hex.startsWith(magic))) {
    yield { path, format: 'capture', chunks: rest }
  } else {
    const foreign = FOREIGN.find(([magic]) => hex.startsWith(magic))
    if (foreign) yield refused(path, `this is ${foreign[1]}`)
    else yield { path, format: 'json', chunks: rest, ...(file !== undefined && failure === null && { file }) }
  }
}

/** A member's inputs: an archive in it that cannot be followed does not hide the next member. */
async function* withoutHarm(path: string, inputs: AsyncGenerator<Input>): AsyncGenerator<Input> {
  try {
    yield* inputs
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error
    yield refused(path, error.message)
  }
}

const refused = (path: string, reason: string): Input => ({ path, format: 'json', chunks: refuse(reason) })

/** Whether a block is a tar header: `ustar` stands at byte 257. */
const looksLikeTar = (block: Buffer): boolean => block.length >= 262 && block.toString('latin1', 257, 262) === 'ustar'

/** A frame, or one that is to be skipped before it. */
const isZstd = (hex: string) => hex.startsWith('28b52ffd') || /^5[0-9a-f]2a4d18/.test(hex)

/** Nothing is written here, but whoever unpacks such an archive is in danger. */
const climbs = (name: string) => name.split(/[/\\]/).includes('..')

async function* upTo(reader: ByteReader, problem: unknown): AsyncGenerator<Buffer> {
  yield* reader.rest()
  throw problem
}

// biome-ignore lint/correctness/useYield: it is an input that fails when it is read
async function* refuse(reason: string): AsyncGenerator<Buffer> {
  throw new DamagedInput(reason)
}
