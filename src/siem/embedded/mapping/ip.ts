/** IP addresses as 32 hexadecimal digits, which sort as the addresses do; IPv4 as `::ffff:a.b.c.d`. */
import { isIPv4, isIPv6 } from 'node:net'

const IPV4_PREFIX = '00000000000000000000ffff'

/** Null when the text is no address. */
export function parseIp(text: string): string | null {
  if (isIPv4(text)) return IPV4_PREFIX + hexOfIpv4(text)
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  return isIPv6(bare) && !bare.includes('%') ? hexOfIpv6(bare) : null
}

const hexOfIpv4 = (text: string) =>
  text
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')

function hexOfIpv6(text: string): string {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const hex = tail === null ? text : tail[1]! + hexOfIpv4(tail[2]!).replace(/^(.{4})/, '$1:')
  const [before, after] = hex.split('::') as [string, string | undefined]
  const head = before === '' ? [] : before.split(':')
  const rest = after === undefined || after === '' ? [] : after.split(':')
  const zeros = Array<string>(8 - head.length - rest.length).fill('0')
  return [...head, ...(after === undefined ? [] : zeros), ...rest].map((group) => group.padStart(4, '0')).join('')
}

/** First and last address of a CIDR block; null when the text is none. */
export function parseCidr(text: string): [string, string] | null {
  const slash = text.indexOf('/')
  if (slash === -1) return null
  const address = parseIp(text.slice(0, slash))
  const bits = text.slice(slash + 1)
  if (address === null || !/^\d{1,3}$/.test(bits)) return null
  const wanted = Number(bits) + (isIPv4(text.slice(0, slash)) ? 96 : 0)
  if (wanted > 128) return null
  const low = (BigInt(`0x${address}`) >> BigInt(128 - wanted)) << BigInt(128 - wanted)
  const high = low | ((1n << BigInt(128 - wanted)) - 1n)
  return [low, high].map((value) => value.toString(16).padStart(32, '0')) as [string, string]
}

/** The address as Elasticsearch writes it: dotted IPv4, or IPv6 with its longest run of zeros left out. */
export function formatIp(hex: string): string {
  if (hex.startsWith(IPV4_PREFIX)) {
    return hex
      .slice(24)
      .match(/../g)!
      .map((byte) => Number.parseInt(byte, 16))
      .join('.')
  }
  const groups = hex.match(/.{4}/g)!.map((group) => group.replace(/^0{1,3}/, ''))
  const runs = [...groups.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)]
  const longest = runs.sort((a, b) => b[0].length - a[0].length)[0]
  if (longest === undefined) return groups.join(':')
  const text = groups.join(':')
  const before = text.slice(0, longest.index).replace(/:$/, '')
  return `${before}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`
}
