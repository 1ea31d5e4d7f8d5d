/**
 * The community id of a flow, version 1: the same for both directions and in every sensor's log, so that logs can be
 * joined by it. https://github.com/corelight/community-id-spec
 */
import { createHash } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'

interface End {
  ip?: unknown
  port?: unknown
}

const PROTOCOLS: Record<string, number> = { tcp: 6, udp: 17, sctp: 132 }

/** `1:…`, or null where the flow has no two ports. */
export function communityId(flow: { source: End; destination: End; transport: unknown }): string | null {
  const protocol = PROTOCOLS[String(flow.transport)]
  const ends = [packed(flow.source), packed(flow.destination)]
  if (protocol === undefined || ends[0] === null || ends[1] === null) return null
  const [low, high] = (ends as Buffer[]).sort(Buffer.compare) as [Buffer, Buffer]
  const address = (end: Buffer) => end.subarray(0, -2)
  const port = (end: Buffer) => end.subarray(-2)
  const seed = Buffer.alloc(2)
  const hash = createHash('sha1').update(seed).update(address(low)).update(address(high))
  hash.update(Buffer.of(protocol, 0)).update(port(low)).update(port(high))
  return `1:${hash.digest('base64')}`
}

/** Address, then port, as they travel; null when either is unknown. */
function packed({ ip, port }: End): Buffer | null {
  if (typeof ip !== 'string' || typeof port !== 'number') return null
  const address = isIPv4(ip) ? Buffer.from(ip.split('.').map(Number)) : isIPv6(ip) ? packedIPv6(ip) : null
  return address === null ? null : Buffer.concat([address, Buffer.of(port >> 8, port & 0xff)])
}

/** An address in the form of RFC 5952, in 16 bytes. */
function packedIPv6(text: string): Buffer {
  const [head, tail] = text.split('::') as [string, string?]
  const groups = (part: string | undefined) => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : [])
  const before = groups(head)
  const after = groups(tail)
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}
