/** The sensor on the lab's network: what passes it, as the bytes that `tcpdump -w -` would write. */
import type { Frame } from '../network/packets/frame.ts'

const MICROSECONDS = 0xa1b2_c3d4
const ETHERNET = 1
const LONGEST = 262_144

/** Begins a capture (the pcap format: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/); gives what takes its frames. */
export function startCapture(write: (bytes: Buffer) => void): (frame: Frame) => void {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(MICROSECONDS, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(LONGEST, 16)
  header.writeUInt32LE(ETHERNET, 20)
  write(header)
  return ({ at, bytes }) => {
    const microseconds = Math.round(at * 1000)
    const record = Buffer.alloc(16)
    record.writeUInt32LE(Math.floor(microseconds / 1_000_000), 0)
    record.writeUInt32LE(microseconds % 1_000_000, 4)
    record.writeUInt32LE(bytes.length, 8)
    record.writeUInt32LE(bytes.length, 12)
    write(Buffer.concat([record, bytes]))
  }
}
