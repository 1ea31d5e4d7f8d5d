/** IP addresses in the one form that Elasticsearch gives back: comparisons of `source.ip` are comparisons of text. */
import { isIPv4, isIPv6 } from 'node:net'
import type { Conversion } from './table.ts'

/**
 * The canonical form: IPv4 as it is, IPv6 as RFC 5952 writes it (Sysmon spells `::1` in full), an IPv4 address mapped
 * into IPv6 as IPv4, no zone index. Undefined for what is no address.
 */
export const address: Conversion = (text) => {
  if (isIPv4(text)) return text
  const bare = text.replace(/%.*$/, '')
  if (!isIPv6(bare)) return undefined
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)
  return mapped ? mapped[1] : compress(bare)
}

function compress(text: string): string {
  const groups = expand(text)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.')
  }
  const { start, length } = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

/** The eight 16-bit groups of a valid IPv6 address. */
function expand(text: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  let plain = text
  if (dotted) {
    const [a, b, c, d] = dotted.slice(1).map(Number) as [number, number, number, number]
    plain = `${text.slice(0, dotted.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  }
  const [head, tail] = plain.split('::') as [string, string?]
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  if (tail === undefined) return parse(head)
  const before = parse(head)
  const after = parse(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

function longestZeros(groups: number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start += 1) {
    let end = start
    while (groups[end] === 0) end += 1
    if (end - start > best.length) best = { start, length: end - start }
    if (end > start) start = end
  }
  return best
}
