/** Packets and captures, made by hand. */

export interface Segment {
  source: [ip: string, port: number]
  destination: [ip: string, port: number]
  sequence: number
  acknowledge?: number
  /** FIN 1, SYN 2, RST 4, ACK 16. */
  flags?: number
  data?: Buffer
}

export function tcp({ source, destination, sequence, acknowledge = 0, flags = 16, data }: Segment): Buffer {
  const header = Buffer.alloc(20)
  header.writeUInt16BE(source[1], 0)
  header.writeUInt16BE(destination[1], 2)
  header.writeUInt32BE(sequence >>> 0, 4)
  header.writeUInt32BE(acknowledge >>> 0, 8)
  header[12] = 0x50
  header[13] = flags
  header.writeUInt16BE(0xffff, 14)
  return Buffer.concat([header, data ?? Buffer.alloc(0)])
}

const v4 = (ip: string): Buffer => Buffer.from(ip.split('.').map(Number))

interface Ipv4Options {
  source: string
  destination: string
  /** Default what it is; 0 as where the network card cuts segments. */
  totalLength?: number
  identification?: number
  fragmentOffset?: number
  more?: boolean
  /** A multiple of four bytes. */
  options?: Buffer
}

export function ipv4(payload: Buffer, options: Ipv4Options): Buffer {
  const header = Buffer.concat([Buffer.alloc(20), options.options ?? Buffer.alloc(0)])
  header[0] = 0x40 | (header.length / 4)
  header.writeUInt16BE(options.totalLength ?? header.length + payload.length, 2)
  header.writeUInt16BE(options.identification ?? 0, 4)
  header.writeUInt16BE((options.more ? 0x2000 : 0) | ((options.fragmentOffset ?? 0) / 8), 6)
  header[8] = 64
  header[9] = 6
  v4(options.source).copy(header, 12)
  v4(options.destination).copy(header, 16)
  return Buffer.concat([header, payload])
}

/**
 * Addresses are `fd00::` and a last byte; `extensions` stand before TCP, each with the number of its kind. `length`:
 * what the header says of it, default what it is.
 */
export function ipv6(
  payload: Buffer,
  {
    source,
    destination,
    extensions = [],
    length,
  }: { source: number; destination: number; extensions?: [number, Buffer][]; length?: number },
): Buffer {
  const header = Buffer.alloc(40)
  header[0] = 0x60
  const chain = extensions.map(([, bytes], index) => {
    const one = Buffer.from(bytes)
    one[0] = extensions[index + 1]?.[0] ?? 6
    return one
  })
  const body = Buffer.concat([...chain, payload])
  header.writeUInt16BE(length ?? body.length, 4)
  header[6] = extensions[0]?.[0] ?? 6
  header[8] = 0xfd
  header[23] = source
  header[24] = 0xfd
  header[39] = destination
  return Buffer.concat([header, body])
}

/** What stands before an IP packet, by link type. `type`: its EtherType. */
export const LINKS: Record<string, { linkType: number; wrap(packet: Buffer, type: number): Buffer }> = {
  ethernet: { linkType: 1, wrap: (packet, type) => Buffer.concat([Buffer.alloc(12), be16(type), packet]) },
  vlan: {
    linkType: 1,
    wrap: (packet, type) => Buffer.concat([Buffer.alloc(12), be16(0x8100), be16(7), be16(type), packet]),
  },
  'vlan in vlan': {
    linkType: 1,
    wrap: (packet, type) =>
      Buffer.concat([Buffer.alloc(12), be16(0x88a8), be16(7), be16(0x8100), be16(8), be16(type), packet]),
  },
  'cooked 1': { linkType: 113, wrap: (packet, type) => Buffer.concat([Buffer.alloc(14), be16(type), packet]) },
  'cooked 2': { linkType: 276, wrap: (packet, type) => Buffer.concat([be16(type), Buffer.alloc(18), packet]) },
  raw: { linkType: 101, wrap: (packet) => packet },
  'raw of BSD': { linkType: 12, wrap: (packet) => packet },
  loopback: { linkType: 0, wrap: (packet) => Buffer.concat([Buffer.from([2, 0, 0, 0]), packet]) },
  'loopback of OpenBSD': { linkType: 108, wrap: (packet) => Buffer.concat([Buffer.from([0, 0, 0, 2]), packet]) },
  PPPoE: {
    linkType: 1,
    wrap: (packet, type) =>
      Buffer.concat([
        Buffer.alloc(12),
        ...[be16(0x8864), Buffer.from([0x11, 0, 0, 7]), be16(packet.length + 2), be16(type === 0x0800 ? 0x21 : 0x57)],
        packet,
      ]),
  },
  'two MPLS labels': {
    linkType: 1,
    wrap: (packet) =>
      Buffer.concat([Buffer.alloc(12), be16(0x8847), Buffer.from([0, 1, 0x40, 64, 0, 1, 0x51, 64]), packet]),
  },
}

function be16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

interface CaptureOptions {
  little?: boolean
  linkType?: number
  /** Most bytes kept of each packet. */
  snapLength?: number
}

const START = 1_600_000_000

const writer = (little: boolean) => ({
  u32: (value: number) => {
    const bytes = Buffer.alloc(4)
    if (little) bytes.writeUInt32LE(value >>> 0)
    else bytes.writeUInt32BE(value >>> 0)
    return bytes
  },
  u16: (value: number) => {
    const bytes = Buffer.alloc(2)
    if (little) bytes.writeUInt16LE(value)
    else bytes.writeUInt16BE(value)
    return bytes
  },
})

/** A pcap; packet n was seen n milliseconds after its start. */
export function pcap(
  packets: Buffer[],
  {
    little = true,
    linkType = 1,
    snapLength = 65_535,
    nanoseconds = false,
    patched = false,
  }: CaptureOptions & {
    nanoseconds?: boolean
    patched?: boolean
  } = {},
): Buffer {
  const { u32, u16 } = writer(little)
  const magic = patched ? 0xa1b2cd34 : nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4
  const head = [u32(magic), u16(2), u16(4), u32(0), u32(0), u32(snapLength), u32(linkType)]
  const records = packets.flatMap((packet, index) => {
    const kept = packet.subarray(0, snapLength)
    const fraction = index * (nanoseconds ? 1e6 : 1e3)
    const more = patched ? [Buffer.alloc(8)] : []
    return [u32(START), u32(fraction), u32(kept.length), u32(packet.length), ...more, kept]
  })
  return Buffer.concat([...head, ...records])
}

/** A pcapng; `kind` of its packets' blocks. */
export function pcapng(
  packets: Buffer[],
  {
    little = true,
    linkType = 1,
    snapLength = 0,
    kind = 'enhanced',
    nanoseconds = false,
  }: CaptureOptions & {
    kind?: 'enhanced' | 'simple' | 'old'
    nanoseconds?: boolean
  } = {},
): Buffer {
  const { u32, u16 } = writer(little)
  const block = (type: number, body: Buffer) => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)])
    return Buffer.concat([u32(type), u32(padded.length + 12), padded, u32(padded.length + 12)])
  }
  const resolution = nanoseconds ? [u16(9), u16(1), Buffer.from([9, 0, 0, 0]), u16(0), u16(0)] : []
  const section = block(0x0a0d0d0a, Buffer.concat([u32(0x1a2b3c4d), u16(1), u16(0), Buffer.alloc(8, 0xff)]))
  const other = block(1, Buffer.concat([u16(147), u16(0), u32(0)]))
  const described = block(1, Buffer.concat([u16(linkType), u16(0), u32(snapLength), ...resolution]))
  const unknown = block(0xbad, Buffer.from('nobody knows'))
  const blocks = packets.map((packet, index) => {
    const kept = snapLength > 0 ? packet.subarray(0, snapLength) : packet
    const units = BigInt(START * 1e3 + index) * (nanoseconds ? 1_000_000n : 1_000n)
    const time = [u32(Number(units >> 32n)), u32(Number(units & 0xffff_ffffn))]
    const lengths = [u32(kept.length), u32(packet.length)]
    if (kind === 'simple') return block(3, Buffer.concat([u32(packet.length), kept]))
    if (kind === 'old') return block(2, Buffer.concat([u16(1), u16(0), ...time, ...lengths, kept]))
    return block(6, Buffer.concat([u32(1), ...time, ...lengths, kept]))
  })
  const interfaces = kind === 'simple' ? [described] : [other, described]
  return Buffer.concat([section, ...interfaces, unknown, ...blocks])
}
