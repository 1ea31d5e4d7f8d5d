/** Addresses, and what each becomes: another one of its kind, so that rules which ask for the kind still hold. */
import { isIPv6 } from 'node:net'
import type { KeyedHash } from './keyed-hash.ts'

/** `keeps` bits of the address stay, the rest comes from the hash; 32 keeps it whole. */
interface Range {
  base: number
  bits: number
}

const range = (text: string): Range => {
  const [address, bits] = text.split('/') as [string, string]
  return { base: numberOf(address), bits: Number(bits) }
}

/** They say nothing of whose they are: this host, loopback, multicast, reserved. */
const KEPT = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4'].map(range)
/** Private and link-local addresses stay in their block (RFC 1918, RFC 3927, RFC 6598). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10'].map(range)
/** All others go to documentation (RFC 5737), and when that is full to benchmarking (RFC 2544). */
const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map(range)
const BENCHMARKING = range('198.18.0.0/15')

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const IPV4 = new RegExp(`(?<![\\d.])${OCTET}(?:\\.${OCTET}){3}(?!\\d|\\.\\d)`, 'g')
const IPV6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:.])/gi
const MAC = /(?<![\w:-])[0-9a-f]{2}(?:([-:])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi

/** A flow's community id is made of its addresses and ports without a key: who has the ports tries addresses until it fits. */
const COMMUNITY_ID = /(?<![\w+/:])1:[A-Za-z0-9+/]{27}=(?![\w+/=])/g
const COMMUNITY_ID_BYTES = 20

/** Tries before an address goes to where there is more room. */
const TRIES = 64

export class Addresses {
  readonly #hash: KeyedHash
  readonly #known = new Map<string, string>()
  readonly #taken = new Set<string>()

  constructor(hash: KeyedHash) {
    this.#hash = hash
  }

  /** All addresses in a text replaced: IPv4, IPv6 and those of network cards, and what is made of addresses. */
  replace(text: string): string {
    return text
      .replace(IPV4, (address) => this.#once(address, () => this.#ipv4(address)))
      .replace(IPV6, (address) => (isIPv6(address) ? this.#ipv6(address) : address))
      .replace(MAC, (address) => this.#mac(address))
      .replace(COMMUNITY_ID, (id) => `1:${this.#hash.bytes(id).subarray(0, COMMUNITY_ID_BYTES).toString('base64')}`)
  }

  /** The IPv4 addresses that were replaced in texts, in bytes as packets hold them: one character a byte. */
  replaceInBytes(bytes: string): string {
    let changed = bytes
    for (const [address, replacement] of this.#known) {
      if (address.includes('.')) changed = changed.replaceAll(bytesOf(address), bytesOf(replacement))
    }
    return changed
  }

  #once(address: string, make: () => string): string {
    const known = this.#known.get(address)
    if (known !== undefined) return known
    const made = make()
    this.#known.set(address, made)
    this.#taken.add(made)
    return made
  }

  #ipv4(address: string): string {
    const number = numberOf(address)
    if (KEPT.some((each) => isIn(number, each))) return address
    const own = PRIVATE.find((each) => isIn(number, each))
    for (let attempt = 0; ; attempt += 1) {
      const bytes = this.#hash.bytes(`${address}#${attempt}`)
      const documentation = DOCUMENTATION[bytes[4]! % DOCUMENTATION.length]!
      const into = own ?? (attempt < TRIES ? documentation : BENCHMARKING)
      // Neither a network's own address nor its broadcast.
      const last = 1 + (bytes[3]! % 254)
      const random = ((bytes.readUInt32BE(0) & 0xffffff00) | last) >>> 0
      const made = textOf((into.base | (random & hostMask(into))) >>> 0)
      if (made !== address && !this.#taken.has(made)) return made
    }
  }

  #ipv6(address: string): string {
    const words = wordsOf(address)
    const [first] = words as [number]
    if (first >= 0xff00 || words.slice(0, 7).every((word) => word === 0)) return address
    return this.#once(words.join(':'), () => {
      const bytes = this.#hash.bytes(words.join(':'))
      const prefix = (first & 0xffc0) === 0xfe80 ? 'fe80:' : (first & 0xfe00) === 0xfc00 ? 'fd00:' : '2001:db8:'
      const host = [0, 2, 4, 6].map((at) => bytes.readUInt16BE(at).toString(16))
      return `${prefix}:${host.join(':')}`
    })
  }

  /** Locally administered, as no card is sold. */
  #mac(address: string): string {
    const sign = address[2]!
    const hex = this.#hash.bytes(address.toLowerCase().replaceAll(sign, ':')).toString('hex')
    const made = ['02', ...[0, 2, 4, 6, 8].map((at) => hex.slice(at, at + 2))].join(sign)
    return address === address.toUpperCase() ? made.toUpperCase() : made
  }
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0)
}

const bytesOf = (address: string): string => String.fromCharCode(...address.split('.').map(Number))

const textOf = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')

const hostMask = ({ bits }: Range): number => (bits === 0 ? 0xffffffff : 0xffffffff >>> bits)

const isIn = (number: number, range: Range): boolean => (number & ~hostMask(range)) >>> 0 === range.base

/** The eight words of an IPv6 address without a dotted end. */
function wordsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)))
  const before = words(head)
  const after = words(tail ?? '')
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after]
}
