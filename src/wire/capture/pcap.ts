/** Captures in the classic format: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/ */
import { DamagedInput } from '../../telemetry/readers/damage.ts'
import type { BlockFormat } from '../block-splitter.ts'
import type { Packet } from './packet.ts'

/** By the four bytes a file begins with. */
const VARIANTS: Record<string, { little: boolean; unitsPerMs: number; recordHeader: number }> = {
  d4c3b2a1: { little: true, unitsPerMs: 1e3, recordHeader: 16 },
  a1b2c3d4: { little: false, unitsPerMs: 1e3, recordHeader: 16 },
  '4d3cb2a1': { little: true, unitsPerMs: 1e6, recordHeader: 16 },
  a1b23c4d: { little: false, unitsPerMs: 1e6, recordHeader: 16 },
  // Written by patched libpcaps: eight more bytes in the header of each record.
  '34cdb2a1': { little: true, unitsPerMs: 1e3, recordHeader: 24 },
  a1b2cd34: { little: false, unitsPerMs: 1e3, recordHeader: 24 },
}

const FILE_HEADER = 24
/** libpcap's MAXIMUM_SNAPLEN is a quarter of it. */
const LONGEST_PACKET = 1 << 20

export const isPcap = (head: Buffer): boolean => VARIANTS[head.toString('hex', 0, 4)] !== undefined

/** The file header is the first block, each packet is one after it. */
export class PcapFormat implements BlockFormat {
  readonly #packet: Packet
  readonly #onPacket: (packet: Packet) => void
  readonly #little: boolean
  readonly #unitsPerMs: number
  readonly headLength: number
  #started = false

  constructor(head: Buffer, packet: Packet, onPacket: (packet: Packet) => void) {
    const { little, unitsPerMs, recordHeader } = VARIANTS[head.toString('hex', 0, 4)]!
    this.#packet = packet
    this.#onPacket = onPacket
    this.#little = little
    this.#unitsPerMs = unitsPerMs
    this.headLength = recordHeader
  }

  lengthAt(bytes: Buffer, at: number): number {
    if (!this.#started) return FILE_HEADER
    const captured = this.#u32(bytes, at + 8)
    if (captured > LONGEST_PACKET) {
      throw new DamagedInput(`packet ${this.#packet.frame + 1} claims ${captured} bytes: the capture is damaged here`)
    }
    return this.headLength + captured
  }

  find(): number {
    return -1
  }

  take(bytes: Buffer, at: number, end: number): void {
    const packet = this.#packet
    if (!this.#started) {
      this.#started = true
      // The upper bits say how long a frame check sequence is, which follows the packet and harms nobody.
      packet.linkType = this.#u32(bytes, at + 20) & 0xffff
      return
    }
    packet.timeMs = this.#u32(bytes, at) * 1e3 + this.#u32(bytes, at + 4) / this.#unitsPerMs
    packet.bytes = bytes
    packet.start = at + this.headLength
    packet.end = end
    packet.length = this.#u32(bytes, at + 12)
    packet.frame += 1
    this.#onPacket(packet)
  }

  #u32(bytes: Buffer, at: number): number {
    return this.#little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
  }
}
