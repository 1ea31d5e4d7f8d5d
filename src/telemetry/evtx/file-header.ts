/** The first block of an event log. Layout: libevtx, "Windows XML Event Log (EVTX) format". */
import { crc32 } from 'node:zlib'
import type { InputProblem } from '../readers/damage.ts'

/** Bytes before the first chunk. */
export const HEADER_BLOCK = 4096

const FILE_MAGIC = Buffer.from('ElfFile\0')
export const CHUNK_MAGIC = Buffer.from('ElfChnk\0')

const DIRTY = 1
export const NO_CHECKSUMS = 4

export interface FileHeader {
  /** Chunks that it says there are; null when it does not say. */
  chunks: number | null
  /** The log was not closed: what the header says may be older than what follows it. */
  dirty: boolean
  /** Bytes to skip to the first chunk. */
  length: number
  problem: InputProblem | null
}

const startsWith = (bytes: Buffer, magic: Buffer, at = 0) => bytes.subarray(at, at + magic.length).equals(magic)

export const isChunk = (bytes: Buffer): boolean => startsWith(bytes, CHUNK_MAGIC)

/** Whether these are the first bytes of an event log, also of one whose header is lost. */
export const looksLikeEvtx = (head: Buffer): boolean =>
  startsWith(head, FILE_MAGIC) || isChunk(head) || startsWith(head, CHUNK_MAGIC, HEADER_BLOCK)

/** Reads the first block, shorter where the file is. */
export function readFileHeader(bytes: Buffer): FileHeader {
  const damaged = (message: string, length: number): FileHeader => ({
    chunks: null,
    dirty: true,
    length,
    problem: { message, record: null, offset: 0 },
  })
  if (isChunk(bytes)) return damaged('the file header is missing', 0)
  if (!startsWith(bytes, FILE_MAGIC)) return damaged('the file header is damaged', HEADER_BLOCK)
  if (bytes.length < 128) return damaged('the file is cut within its header', bytes.length)
  const flags = bytes.readUInt32LE(120)
  if (!(flags & NO_CHECKSUMS) && crc32(bytes.subarray(0, 120)) !== bytes.readUInt32LE(124)) {
    return damaged("the file header's checksum is wrong", HEADER_BLOCK)
  }
  return { chunks: bytes.readUInt16LE(42), dirty: (flags & DIRTY) !== 0, length: HEADER_BLOCK, problem: null }
}
