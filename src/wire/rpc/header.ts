/** The common header of connection-oriented DCE/RPC PDUs: C706 chapter 12, MS-RPCE 2.2.2. */

export const HEADER_LENGTH = 16
/** Before the authentication data stands a trailer of that length. */
export const TRAILER_LENGTH = 8

export const FIRST_FRAGMENT = 0x01
export const LAST_FRAGMENT = 0x02
export const OBJECT_UUID = 0x80

/** PDU types by number. */
const TYPES = {
  0: 'request',
  2: 'response',
  3: 'fault',
  11: 'bind',
  12: 'bind_ack',
  13: 'bind_nak',
  14: 'alter_context',
  15: 'alter_context_resp',
  16: 'auth3',
  17: 'shutdown',
  18: 'cancel',
  19: 'orphaned',
} as const
export type PduType = (typeof TYPES)[keyof typeof TYPES]

const typeByNumber: (PduType | undefined)[] = []
for (const [number, type] of Object.entries(TYPES)) typeByNumber[Number(number)] = type

/** What the shortest PDU of a type has. A bind_nak of old servers ends after its reason. */
const SHORTEST: Record<PduType, number> = {
  request: 24,
  response: 24,
  fault: 24,
  bind: 28,
  bind_ack: 24,
  bind_nak: 18,
  alter_context: 28,
  alter_context_resp: 24,
  auth3: 16,
  shutdown: 16,
  cancel: 16,
  orphaned: 16,
}

export const typeAt = (bytes: Buffer, at: number): PduType | undefined => typeByNumber[bytes[at + 2]!]

/** Whether integers of the PDU are little endian: the upper half of the data representation's first byte. */
export const isLittle = (bytes: Buffer, at: number): boolean => (bytes[at + 4]! & 0xf0) !== 0

/** Length of the PDU whose header lies at `at`; 0 when none does. */
export function pduLength(bytes: Buffer, at: number): number {
  if (bytes[at] !== 5 || bytes[at + 1]! > 1) return 0
  const type = typeAt(bytes, at)
  // Integers little or big, characters ASCII or EBCDIC, four kinds of floats, two bytes that are reserved.
  if (type === undefined || (bytes[at + 4]! & 0xee) !== 0 || bytes[at + 5]! > 3) return 0
  if (bytes[at + 6] !== 0 || bytes[at + 7] !== 0) return 0
  const little = isLittle(bytes, at)
  const length = u16(bytes, at + 8, little)
  const authLength = u16(bytes, at + 10, little)
  const authenticated = authLength === 0 ? 0 : authLength + TRAILER_LENGTH
  const shortest = authenticated > 0 && type === 'auth3' ? HEADER_LENGTH : SHORTEST[type]
  return length >= shortest + authenticated ? length : 0
}

/** Whether the bytes, fewer than a header, may be the beginning of one. */
export function mayBeginPdu(bytes: Buffer, at: number, end: number): boolean {
  if (end - at >= HEADER_LENGTH) return pduLength(bytes, at) > 0
  return (
    end > at &&
    bytes[at] === 5 &&
    (end - at < 2 || bytes[at + 1]! <= 1) &&
    (end - at < 3 || typeAt(bytes, at) !== undefined) &&
    (end - at < 5 || (bytes[at + 4]! & 0xee) === 0)
  )
}

export const u16 = (bytes: Buffer, at: number, little: boolean): number =>
  little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)

export const u32 = (bytes: Buffer, at: number, little: boolean): number =>
  little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A UUID as text in lower case; its first three fields are integers. */
export function uuidAt(bytes: Buffer, at: number, little: boolean): string {
  const order = little ? [3, 2, 1, 0, 5, 4, 7, 6] : [0, 1, 2, 3, 4, 5, 6, 7]
  const hex = [...order, 8, 9, 10, 11, 12, 13, 14, 15].map((index) => HEX[bytes[at + index]!]).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
