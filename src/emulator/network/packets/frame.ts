/** TCP segments as Ethernet frames, with the checksums that a receiver would verify. */
import type { Endpoint } from '../../machine/changes.ts'

/** One frame as it passes a sensor. */
export interface Frame {
  /** Lab milliseconds, to the microsecond. */
  at: number
  /** From the Ethernet header on. */
  bytes: Buffer
}

export interface Segment {
  source: Endpoint
  destination: Endpoint
  sequence: number
  acknowledged: number
  flags: number
  /** IP identification: counts a host's packets. */
  identification: number
  options: Buffer
  data: Buffer
}

export const FLAG = { finish: 0x01, synchronise: 0x02, reset: 0x04, push: 0x08, acknowledge: 0x10 }

const ETHERNET = 14
const IP = 20
const TCP = 20
const IPV4 = 0x0800
const DO_NOT_FRAGMENT = 0x4000
const TIME_TO_LIVE = 128
const TCP_PROTOCOL = 6
/** What Windows announces; with its scale of 8 about half a megabyte. */
const WINDOW = 2049
/** A first segment's window is not scaled. */
const FIRST_WINDOW = 64_240

export function encodeFrame(segment: Segment): Buffer {
  const { source, destination, options, data } = segment
  const header = TCP + options.length
  const frame = Buffer.alloc(ETHERNET + IP + header + data.length)
  frame.set(hardwareAddress(destination.ip), 0)
  frame.set(hardwareAddress(source.ip), 6)
  frame.writeUInt16BE(IPV4, 12)

  const ip = frame.subarray(ETHERNET)
  ip[0] = 0x45
  ip.writeUInt16BE(ip.length, 2)
  ip.writeUInt16BE(segment.identification & 0xffff, 4)
  ip.writeUInt16BE(DO_NOT_FRAGMENT, 6)
  ip[8] = TIME_TO_LIVE
  ip[9] = TCP_PROTOCOL
  ip.set(octets(source.ip), 12)
  ip.set(octets(destination.ip), 16)
  ip.writeUInt16BE(checksum(ip.subarray(0, IP)), 10)

  const tcp = ip.subarray(IP)
  tcp.writeUInt16BE(source.port, 0)
  tcp.writeUInt16BE(destination.port, 2)
  tcp.writeUInt32BE(segment.sequence >>> 0, 4)
  tcp.writeUInt32BE(segment.acknowledged >>> 0, 8)
  tcp[12] = (header / 4) << 4
  tcp[13] = segment.flags
  tcp.writeUInt16BE(windowOf(segment.flags), 14)
  tcp.set(options, TCP)
  tcp.set(data, header)
  tcp.writeUInt16BE(checksum(tcp, pseudoHeader(source.ip, destination.ip, tcp.length)), 16)
  return frame
}

function windowOf(flags: number): number {
  if (flags & FLAG.reset) return 0
  return flags & FLAG.synchronise ? FIRST_WINDOW : WINDOW
}

const octets = (ip: string): number[] => ip.split('.').map(Number)

/** A locally administered address that carries the host's own. */
const hardwareAddress = (ip: string): number[] => [0x02, 0x00, ...octets(ip)]

/** The sum of what TCP's checksum covers besides the segment. */
function pseudoHeader(source: string, destination: string, length: number): number {
  const bytes = Buffer.from([...octets(source), ...octets(destination), 0, TCP_PROTOCOL, length >> 8, length & 0xff])
  return sum(bytes)
}

function sum(bytes: Buffer): number {
  let total = 0
  for (let at = 0; at + 1 < bytes.length; at += 2) total += bytes.readUInt16BE(at)
  return bytes.length % 2 === 0 ? total : total + (bytes[bytes.length - 1]! << 8)
}

/** The Internet checksum (RFC 1071) of bytes, on top of another sum. */
function checksum(bytes: Buffer, before = 0): number {
  let total = before + sum(bytes)
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x10000)
  return ~total & 0xffff
}
