/** Protocol towers, in which endpoint mappers write where an interface listens: C706 appendices I and L. */
import { uuidAt } from './header.ts'

export interface Tower {
  uuid: string
  /** TCP port; null for other transports. */
  port: number | null
  /** IPv4 address; null when the tower has none or leaves it open. */
  ip: string | null
}

const UUID_FLOOR = 0x0d
const TCP_FLOOR = 0x07
const IP_FLOOR = 0x09
const MOST_FLOORS = 16
const UUID_LENGTH = 16

/** The tower in these bytes, or null when there is none. Its lengths are always little endian. */
export function towerAt(bytes: Buffer, start: number, end: number): Tower | null {
  if (start + 2 > end) return null
  const count = Math.min(bytes.readUInt16LE(start), MOST_FLOORS)
  let at = start + 2
  let uuid: string | null = null
  let port: number | null = null
  let ip: string | null = null
  for (let floor = 0; floor < count; floor += 1) {
    if (at + 2 > end) return null
    const left = at + 2
    const right = left + bytes.readUInt16LE(at)
    if (right + 2 > end || right === left) return null
    const value = right + 2
    const next = value + bytes.readUInt16LE(right)
    if (next > end) return null
    const protocol = bytes[left]!
    if (floor === 0) {
      if (protocol !== UUID_FLOOR || right - left < 1 + UUID_LENGTH) return null
      uuid = uuidAt(bytes, left + 1, true)
    } else if (protocol === TCP_FLOOR && next - value === 2) port = bytes.readUInt16BE(value)
    else if (protocol === IP_FLOOR && next - value === 4) ip = Array.from(bytes.subarray(value, next)).join('.')
    at = next
  }
  return uuid === null ? null : { uuid, port, ip: ip === '0.0.0.0' ? null : ip }
}
