/** One packet of a capture, where it lies. A single object is used for all packets: nothing is made for each. */
export interface Packet {
  bytes: Buffer
  start: number
  /** Where the part that was captured ends. */
  end: number
  /** Length on the wire, the part that was not captured included. */
  length: number
  /** A link-layer header type of the registry at https://www.tcpdump.org/linktypes.html. */
  linkType: number
  /** Milliseconds since 1970, with fractions. */
  timeMs: number
  /** Number in its capture, from 1. */
  frame: number
}

export const emptyPacket = (): Packet => ({
  bytes: Buffer.alloc(0),
  start: 0,
  end: 0,
  length: 0,
  linkType: 0,
  timeMs: 0,
  frame: 0,
})
