/** Values of binary XML to the texts that Windows shows for them. Types: MS-EVEN6 2.2.18. */
import { BinaryXmlError, type Value } from './xml.ts'

export const NULL = 0x00
export const BINARY_XML = 0x21
const LIST = 0x80

type Reader = (bytes: Buffer, begin: number, end: number) => string

interface ValueType {
  /** Bytes of one value; null when the value fills its place. */
  size: number | null
  read: Reader
}

const signed =
  (length: number): Reader =>
  (bytes, at) =>
    String(bytes.readIntLE(at, length))
const unsigned =
  (length: number): Reader =>
  (bytes, at) =>
    String(bytes.readUIntLE(at, length))

const hex32: Reader = (bytes, at) => `0x${bytes.readUInt32LE(at).toString(16)}`
const hex64: Reader = (bytes, at) => `0x${bytes.readBigUInt64LE(at).toString(16)}`
/** A pointer's size depends on the machine that wrote it. */
const hexOfPlace: Reader = (bytes, at, end) => (end - at >= 8 ? hex64 : hex32)(bytes, at, end)

const wide: Reader = (bytes, begin, end) => withoutNull(bytes.toString('utf16le', begin, end))
const narrow: Reader = (bytes, begin, end) => withoutNull(bytes.toString('latin1', begin, end))

const TYPES: Record<number, ValueType> = {
  [NULL]: { size: null, read: () => '' },
  1: { size: null, read: wide },
  2: { size: null, read: narrow },
  3: { size: 1, read: signed(1) },
  4: { size: 1, read: unsigned(1) },
  5: { size: 2, read: signed(2) },
  6: { size: 2, read: unsigned(2) },
  7: { size: 4, read: signed(4) },
  8: { size: 4, read: unsigned(4) },
  9: { size: 8, read: (bytes, at) => String(bytes.readBigInt64LE(at)) },
  10: { size: 8, read: (bytes, at) => String(bytes.readBigUInt64LE(at)) },
  11: { size: 4, read: (bytes, at) => String(Math.fround(bytes.readFloatLE(at))) },
  12: { size: 8, read: (bytes, at) => String(bytes.readDoubleLE(at)) },
  13: { size: 4, read: (bytes, at) => String(bytes.readUInt32LE(at) !== 0) },
  14: { size: null, read: (bytes, begin, end) => bytes.toString('hex', begin, end).toUpperCase() },
  15: { size: 16, read: guid },
  16: { size: null, read: hexOfPlace },
  17: { size: 8, read: fileTime },
  18: { size: 16, read: systemTime },
  19: { size: null, read: securityId },
  20: { size: 4, read: hex32 },
  21: { size: 8, read: hex64 },
  32: { size: null, read: hexOfPlace },
  35: { size: null, read: wide },
}

/** A value's text; a list of texts for a value that is a list. @throws BinaryXmlError for a type that is not known */
export function textOf(bytes: Buffer, { type, begin, end }: Value): string | string[] {
  const found = TYPES[type & ~LIST]
  if (found === undefined) throw new BinaryXmlError(`a value of the unknown type 0x${type.toString(16)}`)
  if (type & LIST) return listOf(bytes, begin, end, type & ~LIST, found)
  if (found.size !== null && end - begin < found.size) {
    if (begin === end) return ''
    throw new BinaryXmlError(`a value of ${end - begin} bytes where ${found.size} are needed`)
  }
  return found.read(bytes, begin, end)
}

function listOf(bytes: Buffer, begin: number, end: number, type: number, { size, read }: ValueType): string[] {
  if (begin === end) return []
  if (type === 1) return withoutNull(bytes.toString('utf16le', begin, end)).split('\0')
  if (type === 2) return withoutNull(bytes.toString('latin1', begin, end)).split('\0')
  if (type === 19) return securityIds(bytes, begin, end)
  if (size === null) return [read(bytes, begin, end)]
  const items: string[] = []
  for (let at = begin; at + size <= end; at += size) items.push(read(bytes, at, at + size))
  return items
}

const withoutNull = (text: string) => (text.endsWith('\0') ? text.slice(0, -1) : text)

function guid(bytes: Buffer, at: number): string {
  const part = (offset: number, length: number) =>
    bytes
      .readUIntLE(at + offset, length)
      .toString(16)
      .padStart(2 * length, '0')
  const tail = bytes.toString('hex', at + 8, at + 16)
  return `{${part(0, 4)}-${part(4, 2)}-${part(6, 2)}-${tail.slice(0, 4)}-${tail.slice(4)}}`
}

const TICKS_A_SECOND = 10_000_000n
const EPOCH_SECONDS = 11_644_473_600n
/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799

/** 100 ns since 1601; a number where it lies beyond the years of ISO 8601. */
function fileTime(bytes: Buffer, at: number): string {
  const ticks = bytes.readBigUInt64LE(at)
  const seconds = Number(ticks / TICKS_A_SECOND - EPOCH_SECONDS)
  if (seconds > LAST_SECOND) return String(ticks)
  const fraction = String(ticks % TICKS_A_SECOND).padStart(7, '0')
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}

/** Year, month, day of the week, day, hour, minute, second, millisecond. */
function systemTime(bytes: Buffer, at: number): string {
  const field = (index: number, length: number) => String(bytes.readUInt16LE(at + 2 * index)).padStart(length, '0')
  const day = `${field(0, 4)}-${field(1, 2)}-${field(3, 2)}`
  return `${day}T${field(4, 2)}:${field(5, 2)}:${field(6, 2)}.${field(7, 3)}Z`
}

const securityIdLength = (bytes: Buffer, at: number) => 8 + 4 * bytes.readUInt8(at + 1)

/** Revision, number of parts, authority in big-endian, parts. */
function securityId(bytes: Buffer, at: number, end: number): string {
  if (end - at < 8 || at + securityIdLength(bytes, at) > end) throw new BinaryXmlError('a security id that is cut')
  const parts: number[] = [bytes.readUInt8(at), bytes.readUIntBE(at + 2, 6)]
  for (let index = 0; index < bytes.readUInt8(at + 1); index += 1) parts.push(bytes.readUInt32LE(at + 8 + 4 * index))
  return `S-${parts.join('-')}`
}

function securityIds(bytes: Buffer, begin: number, end: number): string[] {
  const items: string[] = []
  for (let at = begin; at < end; at += securityIdLength(bytes, at)) items.push(securityId(bytes, at, end))
  return items
}
