/** From a link layer's header to the network layer's. Link types: https://www.tcpdump.org/linktypes.html */

const NOTHING = -1
const IPV4 = 0x0800
const IPV6 = 0x86dd
const PPPOE_SESSION = 0x8864
const MPLS = 0x8847
const VLANS = new Set([0x8100, 0x88a8, 0x9100])
const MOST_TAGS = 8

/** Where the header ends; for those that say what follows, where they say it by an EtherType. */
interface LinkHeader {
  length: number
  etherType?: number
}

const LINKS = new Map<number, LinkHeader>([
  // BSD loopback, in the order of the capturing machine and of the network.
  [0, { length: 4 }],
  [108, { length: 4 }],
  [1, { length: 14, etherType: 12 }],
  // Raw IP, by the number of the registry and by those that systems wrote into files.
  [12, { length: 0 }],
  [14, { length: 0 }],
  [101, { length: 0 }],
  [228, { length: 0 }],
  [229, { length: 0 }],
  // Linux's cooked captures, of the interface `any`.
  [113, { length: 16, etherType: 14 }],
  [276, { length: 20, etherType: 0 }],
])

export const isKnownLink = (linkType: number): boolean => LINKS.has(linkType)

/** Where the IP header of a packet begins; -1 where none is found. */
export function networkStart(bytes: Buffer, start: number, end: number, linkType: number): number {
  const link = LINKS.get(linkType)
  if (link === undefined) return NOTHING
  let at = start + link.length
  if (link.etherType === undefined) return at < end ? at : NOTHING
  let typeAt = start + link.etherType
  for (let tags = 0; tags < MOST_TAGS; tags += 1) {
    if (at > end) return NOTHING
    const type = (bytes[typeAt]! << 8) | bytes[typeAt + 1]!
    if (type === IPV4 || type === IPV6) return at < end ? at : NOTHING
    if (type === PPPOE_SESSION) return at + 8 < end ? at + 8 : NOTHING
    if (type === MPLS) return afterLabels(bytes, at, end)
    if (!VLANS.has(type)) return NOTHING
    typeAt = at + 2
    at += 4
  }
  return NOTHING
}

/** The last label has its lowest bit set. */
function afterLabels(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at + 4 < end; at += 4) if (bytes[at + 2]! & 1) return at + 4
  return NOTHING
}
