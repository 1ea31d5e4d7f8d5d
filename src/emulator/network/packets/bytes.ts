/** Fields of packets: little-endian, as DCE/RPC, SMB2 and NTLM write them. */
import { randomBytes } from 'node:crypto'

export const u8 = (value: number): Buffer => Buffer.of(value & 0xff)

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value & 0xffff)
  return bytes
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

export const zeros = (length: number): Buffer => Buffer.alloc(length)

export const wide = (text: string): Buffer => Buffer.from(text, 'utf16le')

/** How many bytes bring a length to a multiple. */
export const missingTo = (length: number, multiple: number): number => (multiple - (length % multiple)) % multiple

/** A UUID as it travels: its first three groups little-endian. */
export function uuid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex')
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return bytes
}

const FILETIME_EPOCH_MS = 11_644_473_600_000

/** A moment of milliseconds since 1970 as Windows counts it: 100 ns since 1601. */
export const filetime = (ms: number): Buffer => u64(BigInt(Math.floor(ms) + FILETIME_EPOCH_MS) * 10_000n)

/** What nobody but the two ends can read. */
export const opaque = (length: number): Buffer => randomBytes(length)
