/** Captures in the new format: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/ */
import { DamagedInput } from '../../telemetry/readers/damage.ts'
import type { BlockFormat } from '../block-splitter.ts'
import type { Packet } from './packet.ts'

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const OLD_PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6

const BYTE_ORDER = 0x1a2b3c4d
const SHORTEST_BLOCK = 12
/** Wireshark's own limit. */
const LONGEST_BLOCK = 16 << 20
const MOST_INTERFACES = 1 << 16

const OPTION_RESOLUTION = 9
const OPTION_OFFSET = 14

interface Interface {
  linkType: number
  /** Most bytes that were captured of a packet; 0 for all. */
  snapLength: number
  unitsPerMs: number
  offsetMs: number
}

export const isPcapng = (head: Buffer): boolean => head.length >= 4 && head.readUInt32BE(0) === SECTION

export class PcapngFormat implements BlockFormat {
  readonly headLength = SHORTEST_BLOCK
  readonly #packet: Packet
  readonly #onPacket: (packet: Packet) => void
  #little = true
  #interfaces: Interface[] = []

  constructor(packet: Packet, onPacket: (packet: Packet) => void) {
    this.#packet = packet
    this.#onPacket = onPacket
  }

  lengthAt(bytes: Buffer, at: number): number {
    // A section states its byte order itself; its type reads the same in both.
    if (bytes.readUInt32BE(at) === SECTION) this.#little = byteOrder(bytes, at + 8)
    const length = this.#u32(bytes, at + 4)
    if (length < SHORTEST_BLOCK || length > LONGEST_BLOCK || length % 4 !== 0) {
      throw new DamagedInput(`a block claims ${length} bytes: the capture is damaged here`)
    }
    return length
  }

  find(): number {
    return -1
  }

  take(bytes: Buffer, at: number, end: number): void {
    if (this.#u32(bytes, end - 4) !== end - at) {
      throw new DamagedInput('the two lengths of a block differ: the capture is damaged here')
    }
    const last = end - 4
    switch (this.#u32(bytes, at)) {
      case SECTION:
        this.#interfaces = []
        break
      case INTERFACE:
        if (this.#interfaces.length === MOST_INTERFACES) throw new DamagedInput('too many interfaces')
        this.#interfaces.push(this.#interface(bytes, at + 8, last))
        break
      case ENHANCED_PACKET:
        this.#timed(bytes, at + 8, last, this.#u32(bytes, need(at + 8, 20, last)))
        break
      case OLD_PACKET:
        this.#timed(bytes, at + 8, last, this.#u16(bytes, need(at + 8, 20, last)))
        break
      case SIMPLE_PACKET: {
        const length = this.#u32(bytes, need(at + 8, 4, last))
        const from = this.#from(0)
        const captured = Math.min(length, last - at - 12, from.snapLength || length)
        this.#emit(bytes, at + 12, captured, length, from)
        break
      }
    }
  }

  /** A packet with its time. The two kinds differ in how the interface is written: both have four bytes for it. */
  #timed(bytes: Buffer, at: number, end: number, number: number): void {
    const from = this.#from(number)
    const captured = this.#u32(bytes, at + 12)
    if (captured > end - at - 20) throw new DamagedInput(`a packet claims ${captured} bytes, more than its block has`)
    const units = this.#u32(bytes, at + 4) * 2 ** 32 + this.#u32(bytes, at + 8)
    this.#packet.timeMs = units / from.unitsPerMs + from.offsetMs
    this.#emit(bytes, at + 20, captured, this.#u32(bytes, at + 16), from)
  }

  #emit(bytes: Buffer, start: number, captured: number, length: number, { linkType }: Interface): void {
    const packet = this.#packet
    packet.bytes = bytes
    packet.start = start
    packet.end = start + captured
    packet.length = length
    packet.linkType = linkType
    packet.frame += 1
    this.#onPacket(packet)
  }

  #from(number: number): Interface {
    const found = this.#interfaces[number]
    if (found === undefined) throw new DamagedInput(`a packet came from interface ${number}, which is not described`)
    return found
  }

  #interface(bytes: Buffer, at: number, end: number): Interface {
    const described: Interface = {
      linkType: this.#u16(bytes, need(at, 8, end)),
      snapLength: this.#u32(bytes, at + 4),
      unitsPerMs: 1e3,
      offsetMs: 0,
    }
    for (let option = at + 8; option + 4 <= end; ) {
      const code = this.#u16(bytes, option)
      const length = this.#u16(bytes, option + 2)
      const value = option + 4
      if (code === 0 || value + length > end) break
      if (code === OPTION_RESOLUTION && length === 1) described.unitsPerMs = unitsPerMs(bytes[value]!)
      if (code === OPTION_OFFSET && length === 8) described.offsetMs = this.#seconds(bytes, value) * 1e3
      option = value + length + ((4 - (length % 4)) % 4)
    }
    return described
  }

  #seconds(bytes: Buffer, at: number): number {
    return Number(this.#little ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at))
  }

  #u32(bytes: Buffer, at: number): number {
    return this.#little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
  }

  #u16(bytes: Buffer, at: number): number {
    return this.#little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
  }
}

/** True for little endian. */
function byteOrder(bytes: Buffer, at: number): boolean {
  if (bytes.readUInt32LE(at) === BYTE_ORDER) return true
  if (bytes.readUInt32BE(at) === BYTE_ORDER) return false
  throw new DamagedInput('a section without its byte order: the capture is damaged here')
}

/** Where to read, when that many bytes are there. */
function need(at: number, length: number, end: number): number {
  if (end - at < length) throw new DamagedInput('a block is too short for what it is')
  return at
}

/** The highest bit tells powers of two from powers of ten. */
const unitsPerMs = (resolution: number): number =>
  (resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution) / 1e3
