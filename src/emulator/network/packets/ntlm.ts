/** NTLM as it shows on the wire (MS-NLMP 2.2.1): names in clear, proofs that say nothing. */
import { filetime, opaque, u8, u16, u32, wide, zeros } from './bytes.ts'

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1')
const FLAGS = 0xe288_8235
const VERSION = Buffer.from([10, 0, 0x7c, 0x4f, 0, 0, 0, 15])
const VALUES = { end: 0, computer: 1, domain: 2, dnsComputer: 3, dnsDomain: 4, time: 7 }

/** Length twice, then where it lies. */
const place = (length: number, at: number): Buffer => Buffer.concat([u16(length), u16(length), u32(at)])

const pair = (id: keyof typeof VALUES, value: Buffer): Buffer =>
  Buffer.concat([u16(VALUES[id]), u16(value.length), value])

export const negotiate = (): Buffer => Buffer.concat([SIGNATURE, u32(1), u32(FLAGS), place(0, 0), place(0, 0), VERSION])

export interface Computer {
  name: string
  domain: string
  /** Lab milliseconds. */
  now: number
}

function targetInformation({ name, domain, now }: Computer): Buffer {
  return Buffer.concat([
    pair('domain', wide(domain)),
    pair('computer', wide(name)),
    pair('dnsDomain', wide(domain.toLowerCase())),
    pair('dnsComputer', wide(`${name}.${domain}`.toLowerCase())),
    pair('time', filetime(now)),
    pair('end', zeros(0)),
  ])
}

const CHALLENGE_HEADER = 56

export function challenge(server: Computer): Buffer {
  const target = wide(server.domain)
  const information = targetInformation(server)
  return Buffer.concat([
    SIGNATURE,
    u32(2),
    place(target.length, CHALLENGE_HEADER),
    u32(FLAGS),
    opaque(8),
    zeros(8),
    place(information.length, CHALLENGE_HEADER + target.length),
    VERSION,
    target,
    information,
  ])
}

const AUTHENTICATE_HEADER = 64
/** Without it the message has neither version nor integrity code. */
const VERSION_FLAG = 0x0200_0000

export function authenticate(user: { name: string; domain: string }, server: Computer): Buffer {
  const blob = [u8(1), u8(1), zeros(6), filetime(server.now), opaque(8), zeros(4), targetInformation(server), zeros(4)]
  const values = {
    domain: wide(user.domain),
    user: wide(user.name),
    workstation: zeros(0),
    older: zeros(24),
    proof: Buffer.concat([opaque(16), ...blob]),
    key: opaque(16),
  }
  let at = AUTHENTICATE_HEADER
  const placed = Object.fromEntries(
    Object.entries(values).map(([name, { length }]) => {
      const start = at
      at += length
      return [name, place(length, start)]
    }),
  ) as Record<keyof typeof values, Buffer>
  const { older, proof, domain, user: name, workstation, key } = placed
  return Buffer.concat([
    SIGNATURE,
    u32(3),
    ...[older, proof, domain, name, workstation, key],
    u32(FLAGS & ~VERSION_FLAG),
    ...Object.values(values),
  ])
}

/** What goes beside sealed data: version, checksum, counter. */
export const seal = (): Buffer => Buffer.concat([u32(1), opaque(8), opaque(4)])
