/** The IP layer: from a packet to what it carries, IPv4 and IPv6 with their extension headers and fragments. */

import type { InputProblem } from '../../telemetry/readers/damage.ts'
import { u16, u32 } from '../big-endian.ts'
import type { Packet } from '../capture/packet.ts'
import { FragmentTable } from './fragments.ts'
import { isKnownLink, networkStart } from './link-layer.ts'

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION = 60
const MOST_EXTENSIONS = 16

/** An IPv4 address is kept as the IPv6 address that stands for it. */
const MAPPED = 0xffff

/** What one packet carries above IP. A single object is used for all. */
export class Datagram {
  /** Source and destination, four words each, the first the highest. */
  readonly addresses = new Uint32Array(8)
  version = 4
  protocol = 0
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  /** Where the part that was captured ends. */
  end = 0
  /** Where it would end if all of it had been captured. */
  wireEnd = 0

  readonly #fragments: FragmentTable
  readonly #onProblem: (problem: InputProblem) => void
  readonly #strangers = new Set<number>()

  constructor(onProblem: (problem: InputProblem) => void) {
    this.#onProblem = onProblem
    this.#fragments = new FragmentTable()
  }

  /** Reads a packet; false when it carries no whole datagram. */
  read(packet: Packet): boolean {
    const at = networkStart(packet.bytes, packet.start, packet.end, packet.linkType)
    if (at === -1) {
      if (!isKnownLink(packet.linkType)) this.#stranger(packet)
      return false
    }
    this.bytes = packet.bytes
    const version = packet.bytes[at]! >> 4
    if (version === 4) return this.#readV4(packet, at)
    return version === 6 && this.#readV6(packet, at)
  }

  #readV4(packet: Packet, at: number): boolean {
    const { bytes, end } = packet
    if (end - at < 20) return false
    const headerLength = (bytes[at]! & 15) * 4
    // 0 where the network card was left to cut the segment: then the frame alone says how long it is.
    const length = u16(bytes, at + 2) || onWire(packet) - at
    if (headerLength < 20 || length < headerLength) return false
    this.version = 4
    this.protocol = bytes[at + 9]!
    this.#setV4(0, bytes, at + 12)
    this.#setV4(4, bytes, at + 16)
    this.start = at + headerLength
    this.wireEnd = at + length
    this.end = Math.min(end, this.wireEnd)
    if (this.start > this.end) return false
    const flags = u16(bytes, at + 6)
    if ((flags & 0x3fff) === 0) return true
    return this.#fragment(packet, u16(bytes, at + 4), (flags & 0x1fff) * 8, (flags & 0x2000) !== 0)
  }

  #readV6(packet: Packet, at: number): boolean {
    const { bytes, end } = packet
    if (end - at < 40) return false
    const length = u16(bytes, at + 4)
    this.version = 6
    for (let word = 0; word < 8; word += 1) this.addresses[word] = u32(bytes, at + 8 + word * 4)
    this.wireEnd = length === 0 ? onWire(packet) : at + 40 + length
    this.end = Math.min(end, this.wireEnd)
    let next = bytes[at + 6]!
    let header = at + 40
    for (let extensions = 0; extensions < MOST_EXTENSIONS; extensions += 1) {
      this.start = header
      this.protocol = next
      if (
        next !== HOP_BY_HOP &&
        next !== ROUTING &&
        next !== DESTINATION &&
        next !== FRAGMENT &&
        next !== AUTHENTICATION
      )
        return header <= this.end
      if (header + 8 > this.end) return false
      next = bytes[header]!
      if (this.protocol === FRAGMENT) {
        const place = u16(bytes, header + 2)
        this.protocol = next
        this.start = header + 8
        if ((place & 0xfff9) === 0) {
          header += 8
          continue
        }
        return this.#fragment(packet, u32(bytes, header + 4), place & 0xfff8, (place & 1) !== 0)
      }
      const units = bytes[header + 1]!
      header += this.protocol === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8
    }
    return false
  }

  /** Keeps a fragment; true when it completes its datagram, which then stands here. */
  #fragment(packet: Packet, identification: number, offset: number, more: boolean): boolean {
    // A fragment that was cut when it was captured can complete nothing.
    if (this.end < this.wireEnd) return false
    const key = `${this.addresses.join()},${this.protocol},${identification}`
    const whole = this.#fragments.take(key, {
      offset,
      more,
      bytes: this.bytes,
      start: this.start,
      end: this.end,
      frame: packet.frame,
      timeMs: packet.timeMs,
    })
    if (whole === null) return false
    this.bytes = whole
    this.start = 0
    this.end = whole.length
    this.wireEnd = whole.length
    return true
  }

  #setV4(word: number, bytes: Buffer, at: number): void {
    this.addresses[word] = 0
    this.addresses[word + 1] = 0
    this.addresses[word + 2] = MAPPED
    this.addresses[word + 3] = u32(bytes, at)
  }

  #stranger({ linkType, frame }: Packet): void {
    if (this.#strangers.has(linkType) || this.#strangers.size > 8) return
    this.#strangers.add(linkType)
    const message = `packets of link type ${linkType} are not read`
    this.#onProblem({ message, record: frame, offset: null })
  }
}

/** Where the packet would end if all of it had been captured. */
const onWire = ({ start, end, length }: Packet) => Math.max(end, start + length)
