/** Conversions of the mapping tables: event texts to ECS values. */
import type { Conversion } from './table.ts'

/** Decimal text to a number. */
export const long: Conversion = (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined)

/** Decimal or `0x…` text to a number: the Security log writes process ids in hexadecimal. */
export const hexOrLong: Conversion = (text) => (/^0x[0-9a-f]{1,12}$/i.test(text) ? Number(text) : long(text))

/** A port; 0 stands for none. */
export const port: Conversion = (text) => {
  const value = long(text) as number | undefined
  return value !== undefined && value > 0 && value <= 65_535 ? value : undefined
}

export const boolean: Conversion = (text) => ({ true: true, false: false })[text.toLowerCase()]

export const lower: Conversion = (text) => text.toLowerCase()

/** A GUID in its braces, which some converters of event logs leave out. */
export const guid: Conversion = (text) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? `{${text}}` : text

/** A path to the ECS fields of a running program: `executable` and the last segment as `name`. */
export const program: Conversion = (text) => ({ executable: text, name: lastSegment(text) })

/** A path to the ECS fields of a file. */
export const file: Conversion = (text) => {
  const slash = text.lastIndexOf('\\')
  if (slash === -1) return { path: text }
  const name = text.slice(slash + 1)
  const dot = name.lastIndexOf('.')
  return {
    path: text,
    name,
    directory: text.slice(0, slash),
    ...(dot > 0 ? { extension: name.slice(dot + 1) } : {}),
  }
}

/** `DOMAIN\name` to its two parts. */
export const account: Conversion = (text) => {
  const slash = text.indexOf('\\')
  return slash === -1 ? { name: text } : { domain: text.slice(0, slash), name: text.slice(slash + 1) }
}

/** `SHA1=…,MD5=…` to lower-case ECS hashes; an algorithm whose digits are all 0 was not computed. */
export const hashes: Conversion = (text) => {
  const found: Record<string, string> = {}
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    const digits = part.slice(equals + 1).toLowerCase()
    if (equals > 0 && !/^0*$/.test(digits)) found[part.slice(0, equals).trim().toLowerCase()] = digits
  }
  const { imphash, ...hash } = found
  if (imphash === undefined && Object.keys(hash).length === 0) return undefined
  return { ...(Object.keys(hash).length > 0 ? { hash } : {}), ...(imphash !== undefined ? { pe: { imphash } } : {}) }
}

/** Sysmon's `Initiated`: whether this process opened the connection. */
export const direction: Conversion = (text) => ({ true: 'egress', false: 'ingress' })[text.toLowerCase()]

/** The Filtering Platform's direction codes. */
export const platformDirection: Conversion = (text) =>
  ({ '%%14592': 'ingress', '%%14593': 'egress', Inbound: 'ingress', Outbound: 'egress' })[text]

export const addressFamily: Conversion = (text) => ({ true: 'ipv6', false: 'ipv4' })[text.toLowerCase()]

const TRANSPORTS: Record<string, string> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp' }

/** An IANA protocol number. */
export const protocolNumber: Conversion = (text) => {
  const transport = TRANSPORTS[text]
  return { iana_number: text, ...(transport ? { transport } : {}) }
}

const LOGON_TYPES: Record<string, string> = {
  2: 'Interactive',
  3: 'Network',
  4: 'Batch',
  5: 'Service',
  7: 'Unlock',
  8: 'NetworkCleartext',
  9: 'NewCredentials',
  10: 'RemoteInteractive',
  11: 'CachedInteractive',
}

export const logonType: Conversion = (text) => LOGON_TYPES[text]

/** A security id, but for the one that stands for nobody. */
export const knownSid: Conversion = (text) => (text === 'S-1-0-0' ? undefined : text)

/** White space apart, as the Security log lists privileges. */
export const words: Conversion = (text) => text.trim().split(/\s+/)

/** Everything after the last backslash. */
function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1)
}
