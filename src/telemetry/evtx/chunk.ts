/** One chunk of an event log, 64 KiB, to the places of its records. Layout: libevtx, chunk and record. */
import { crc32 } from 'node:zlib'
import { isChunk, NO_CHECKSUMS } from './file-header.ts'

export const CHUNK = 0x10000

const HEADER = 512
const RECORD_HEADER = 24
const SMALLEST_RECORD = RECORD_HEADER + 4
const RECORD_MAGIC = Buffer.from('**\0\0')

/** Where the header is lost: how far numbers of records may lie apart that belong together. */
const FARTHEST = 1000n

/** A record, or a stretch that is none. Offsets are those of the chunk. */
export interface ChunkPart {
  offset: number
  /** Number that the log gave the record; null for what is no record. */
  id: bigint | null
  /** Where its binary XML lies. */
  begin: number
  end: number
  /** What is wrong with it. A record is to be read all the same. */
  problem: string | null
}

export interface ChunkParts {
  parts: ChunkPart[]
  /** What is wrong with the chunk as a whole. */
  problem: string | null
}

interface Header {
  /** Where its records end. */
  end: number
  problem: string | null
}

/**
 * The records of a chunk in order. Behind its last record lie those of an older use of the same place: they belong to
 * it only where their numbers go on.
 */
export function chunkParts(bytes: Buffer): ChunkParts {
  const header = readHeader(bytes)
  const trusted = header !== null && header.problem === null
  const stated = trusted ? Math.min(header.end, bytes.length) : 0
  const parts: ChunkPart[] = []
  let last: bigint | null = null
  let beyond = 0
  for (let at = HEADER; at + SMALLEST_RECORD <= bytes.length; ) {
    const record = recordAt(bytes, at)
    if (record !== null && (at < stated || follows(record.id, last, trusted))) {
      parts.push(record)
      if (trusted && at >= stated) beyond += 1
      last = record.id
      at = record.offset + bytes.readUInt32LE(at + 4)
      continue
    }
    if (trusted && at >= stated) break
    const next = nextRecord(bytes, at + 1, trusted ? stated : bytes.length, last, trusted)
    if (next === null && !trusted) break
    const end = next ?? stated
    const cut = bytes.length < CHUNK && next === null
    const problem = cut ? 'the record is cut: the file ends within it' : `${end - at} bytes that hold no record`
    parts.push({ offset: at, id: null, begin: at, end, problem })
    at = end
  }
  return { parts, problem: problemOf(bytes, header, beyond) }
}

function problemOf(bytes: Buffer, header: Header | null, beyond: number): string | null {
  if (bytes.length < CHUNK) return 'the file is cut within it'
  if (header === null) return 'its header is damaged'
  if (header.problem !== null) return header.problem
  if (beyond > 0) return `${beyond} records lie beyond the end that its header states`
  return checksumProblem(bytes, header.end)
}

/** Null when there is none. */
function readHeader(bytes: Buffer): Header | null {
  if (!isChunk(bytes) || bytes.length < HEADER) return null
  const end = bytes.readUInt32LE(48)
  const checksum = crc32(bytes.subarray(128, HEADER), crc32(bytes.subarray(0, 120)))
  const checked = (bytes.readUInt32LE(120) & NO_CHECKSUMS) === 0
  if (checked && checksum !== bytes.readUInt32LE(124)) return { end, problem: "its header's checksum is wrong" }
  if (end < HEADER || end > CHUNK) return { end, problem: 'its header states an end beyond it' }
  return { end, problem: null }
}

function checksumProblem(bytes: Buffer, end: number): string | null {
  if (bytes.readUInt32LE(120) & NO_CHECKSUMS) return null
  return crc32(bytes.subarray(HEADER, end)) === bytes.readUInt32LE(52) ? null : "its records' checksum is wrong"
}

function follows(id: bigint, last: bigint | null, trusted: boolean): boolean {
  if (last === null) return !trusted
  return trusted ? id === last + 1n : id > last && id - last <= FARTHEST
}

/** The record that begins here; null when there is none. */
function recordAt(bytes: Buffer, at: number): (ChunkPart & { id: bigint }) | null {
  if (!bytes.subarray(at, at + 4).equals(RECORD_MAGIC)) return null
  const size = bytes.readUInt32LE(at + 4)
  if (size < SMALLEST_RECORD || at + size > bytes.length) return null
  const whole = bytes.readUInt32LE(at + size - 4) === size
  return {
    offset: at,
    id: bytes.readBigUInt64LE(at + 8),
    begin: at + RECORD_HEADER,
    end: at + size - 4,
    problem: whole ? null : 'the two sizes of the record differ',
  }
}

/** The next place before `end` at which a whole record begins that may follow the last. */
function nextRecord(bytes: Buffer, from: number, end: number, last: bigint | null, trusted: boolean): number | null {
  for (let at = bytes.indexOf(RECORD_MAGIC, from); at !== -1 && at < end; at = bytes.indexOf(RECORD_MAGIC, at + 1)) {
    if (at + SMALLEST_RECORD > bytes.length) return null
    const record = recordAt(bytes, at)
    if (record !== null && record.problem === null && (trusted || last === null || follows(record.id, last, false))) {
      return at
    }
  }
  return null
}
