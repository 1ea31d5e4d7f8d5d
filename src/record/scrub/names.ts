/** Names of hosts, domains and users, and what each becomes. */
import type { KeyedHash } from './keyed-hash.ts'

/** Names that say nothing of whose they are, lower case: those of Windows itself, and what is no name. */
const COMMON = new Set([
  ...['-', '.', '*', 'n/a', 'unknown', 'localhost', 'workgroup', 'mshome', 'builtin', 'azuread', 'microsoftaccount'],
  ...['nt authority', 'nt service', 'nt virtual machine', 'font driver host', 'window manager', 'iis apppool'],
  ...['system', 'localsystem', 'local system', 'localservice', 'local service', 'networkservice', 'network service'],
  ...['administrator', 'administrators', 'user', 'users', 'guest', 'guests', 'everyone', 'authenticated users'],
  ...['interactive', 'network', 'batch', 'service', 'anonymous logon', 'creator owner', 'trustedinstaller', 'krbtgt'],
  ...['defaultaccount', 'wdagutilityaccount', 'public', 'default', 'default user', 'all users', 'root', 'nobody'],
])

const COMMON_SHAPES = [/^(dwm|umfd)-\d+$/, /^\d*$/, /^.$/]

const GUID = /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/

/** A test's marker is no name, whoever is called so. */
const MARKER = 'tocsin-[a-z2-7]{10}'

const isCommon = (name: string): boolean => COMMON.has(name) || COMMON_SHAPES.some((shape) => shape.test(name))

export class Names {
  readonly #hash: KeyedHash
  readonly #what: { hosts: boolean; users: boolean }
  /** Lower case → lower case. */
  readonly #known = new Map<string, string>()
  readonly #domains = new Set<string>()
  #expression: RegExp | null = null
  #inBytes: RegExp | null = null

  /** `what`: whose names become others; domains go with hosts. */
  constructor(hash: KeyedHash, what: { hosts: boolean; users: boolean }) {
    this.#hash = hash
    this.#what = what
  }

  /** Grows with each name that is learned. */
  get size(): number {
    return this.#known.size
  }

  /** DNS and NetBIOS names of domains, lower case. */
  get domains(): ReadonlySet<string> {
    return this.#domains
  }

  /** A host by its short or its full name, or by the id of its machine. */
  learnHost(value: string): void {
    const name = value.trim().toLowerCase().replace(/\$$/, '').replace(/\.$/, '')
    if (isCommon(name) || isAddress(name)) return
    if (GUID.test(name)) {
      const bare = name.replace(/[{}]/g, '')
      if (this.#what.hosts) this.#learn(bare, () => this.#hash.guid(bare))
      return
    }
    const [short, ...domain] = name.split('.') as [string, ...string[]]
    if (isCommon(short)) return
    if (this.#what.hosts) this.#learn(short, () => this.#hash.name(short))
    if (domain.length === 0) return
    this.learnDomain(domain.join('.'))
    if (this.#what.hosts) this.#learn(name, () => `${this.#hash.name(short)}.${this.#domain(domain.join('.'))}`)
  }

  learnDomain(value: string): void {
    const name = value.trim().toLowerCase()
    if (isCommon(name) || isAddress(name) || name.endsWith('$')) return
    this.#domains.add(name)
    if (this.#what.hosts) this.#learn(name, () => this.#domain(name))
  }

  learnUser(value: string): void {
    const name = value.trim().toLowerCase()
    const foreign = isCommon(name) || name.endsWith('$') || name.startsWith('s-1-')
    if (this.#what.users && !foreign) this.#learn(name, () => this.#hash.name(name))
  }

  /** All names in a text replaced. Upper case stays where it was: what is compared case by case still differs. */
  replace(text: string): string {
    this.#expression ??= expressionOf(this.#known.keys())
    return text.replace(this.#expression, (found) => {
      const replacement = this.#known.get(found.toLowerCase())
      return replacement === undefined ? found : inCaseOf(found, replacement)
    })
  }

  /**
   * All names in what sensors show of bytes, where a name may touch any letter: one character a byte, in ASCII or in
   * UTF-16. Nothing changes its length, so that what is found by its offset is found again.
   */
  replaceInBytes(bytes: string): string {
    this.#inBytes ??= bytesExpressionOf(this.#known.keys())
    return bytes.replace(this.#inBytes, (found) => {
      const wide = found[1] === '\0'
      const name = wide ? found.replaceAll('\0', '') : found
      const replacement = inCaseOf(name, this.#known.get(name.toLowerCase())!)
      const fitting = replacement.repeat(Math.ceil(name.length / replacement.length)).slice(0, name.length)
      return wide ? [...fitting].map((letter) => `${letter}\0`).join('') : fitting
    })
  }

  /** Every label but the last, which says nothing: `corp.example.com` keeps `com`. */
  #domain(name: string): string {
    const labels = name.split('.')
    return labels
      .map((label, index) => (index > 0 && index === labels.length - 1 ? label : this.#hash.name(label)))
      .join('.')
  }

  #learn(name: string, replacement: () => string): void {
    if (this.#known.has(name)) return
    this.#known.set(name, replacement())
    this.#expression = null
    this.#inBytes = null
  }
}

const isAddress = (name: string): boolean => /^[\d.]+$/.test(name) || name.includes(':')

/** A name stands between signs that are no letter and no digit, or after an escape of a URL. */
function expressionOf(names: Iterable<string>): RegExp {
  const longestFirst = [...names].sort((a, b) => b.length - a.length)
  const alternatives = longestFirst.map(escaped)
  const before = '(?:(?<![\\p{L}\\p{N}])|(?<=%[0-9a-f]{2}))'
  const name = alternatives.length === 0 ? '(?!)' : `${before}(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`
  return new RegExp(`${MARKER}|${name}`, 'giu')
}

/** Shorter ones stand in bytes by chance. */
const SHORTEST_IN_BYTES = 3

function bytesExpressionOf(names: Iterable<string>): RegExp {
  const plain = [...names].filter((name) => name.length >= SHORTEST_IN_BYTES).sort((a, b) => b.length - a.length)
  if (plain.length === 0) return /(?!)/
  const wide = plain.map((name) => [...name].map((letter) => `${escaped(letter)}\\0`).join(''))
  return new RegExp([...wide, ...plain.map(escaped)].join('|'), 'gi')
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function inCaseOf(original: string, replacement: string): string {
  if (original === original.toLowerCase()) return replacement
  if (original === original.toUpperCase()) return replacement.toUpperCase()
  return [...replacement]
    .map((letter, index) => (/\p{Lu}/u.test(original[index] ?? '') ? letter.toUpperCase() : letter))
    .join('')
}
