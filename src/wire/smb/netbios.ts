/** SMB over TCP: messages behind a header of four bytes (MS-SMB2 2.1; RFC 1002 4.3 on port 139). */

export const NETBIOS_HEADER = 4
/** Enough to see what a message carries. */
export const SMB_HEAD = NETBIOS_HEADER + 4

const MESSAGE = 0x00
/** Session request, its answers, and keep-alive. */
const SESSION_TYPES = new Set([0x81, 0x82, 0x83, 0x84, 0x85])
const KEEP_ALIVE = 0x85

/** `SMB` behind a byte that says which: SMB1, SMB2, encrypted, compressed. */
export const SMB1 = 0xff
export const SMB2 = 0xfe
const KINDS = new Set([SMB1, SMB2, 0xfd, 0xfc])

const LONGEST = 0xffffff

/** Length of the message at `at` with its header; 0 when it is none. */
export function smbLength(bytes: Buffer, at: number): number {
  const type = bytes[at]!
  const length = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  if (type === MESSAGE) return isSmb(bytes, at + NETBIOS_HEADER) && length <= LONGEST ? NETBIOS_HEADER + length : 0
  if (!SESSION_TYPES.has(type) || length > 256) return 0
  return type === KEEP_ALIVE && length > 0 ? 0 : NETBIOS_HEADER + length
}

const isSmb = (bytes: Buffer, at: number): boolean =>
  KINDS.has(bytes[at]!) && bytes[at + 1] === 0x53 && bytes[at + 2] === 0x4d && bytes[at + 3] === 0x42

/** Whether the bytes, as many as there are, may be the beginning of SMB's messages. */
export function mayBeginSmb(bytes: Buffer, at: number, end: number): boolean {
  if (end - at >= SMB_HEAD) return bytes[at] === MESSAGE && isSmb(bytes, at + NETBIOS_HEADER)
  return end > at && bytes[at] === MESSAGE && (end - at < 5 || KINDS.has(bytes[at + NETBIOS_HEADER]!))
}
