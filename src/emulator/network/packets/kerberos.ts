/** Kerberos as it shows on the wire: who asks for which service; all else is encrypted (RFC 4120, RFC 4121). */
import { opaque, u8 } from './bytes.ts'
import { der, field, generalString, identifier, integer, octets, sequence } from './der.ts'
import { MECHANISM } from './mechanisms.ts'

const VERSION = 5
const AES256 = 18
const SERVICE_AND_HOST = 2

const encrypted = (length: number, keyVersion?: number): Buffer =>
  sequence(
    field(0, integer(AES256)),
    ...(keyVersion === undefined ? [] : [field(1, integer(keyVersion))]),
    field(2, octets(opaque(length))),
  )

/** Bytes of what only the service can read: a ticket with its authorisation data, and what proves that it is the client's. */
const TICKET = 1178
const AUTHENTICATOR = 407
const MUTUAL_AUTHENTICATION = Buffer.from([0x00, 0x20, 0x00, 0x00, 0x00])

/** AP-REQ: the client shows its ticket for a host. */
export function ticketFor(host: string, realm: string): Buffer {
  const name = sequence(
    field(0, integer(SERVICE_AND_HOST)),
    field(1, sequence(generalString('HOST'), generalString(host))),
  )
  const ticket = der(
    0x61,
    sequence(
      field(0, integer(VERSION)),
      field(1, generalString(realm)),
      field(2, name),
      field(3, encrypted(TICKET, 1)),
    ),
  )
  const request = sequence(
    field(0, integer(VERSION)),
    field(1, integer(14)),
    field(2, der(0x03, MUTUAL_AUTHENTICATION)),
    field(3, ticket),
    field(4, encrypted(AUTHENTICATOR)),
  )
  return der(0x6e, request)
}

/** AP-REP: the other end shows that it could read the ticket. */
export const ticketAnswer = (length: number): Buffer =>
  der(0x6f, sequence(field(0, integer(VERSION)), field(1, integer(15)), field(2, encrypted(length))))

const TOKEN_IDS = { request: '0100', answer: '0200' }

/** A message as protocols carry it that know no SPNEGO: named as Kerberos', and which of its messages it is. */
export const framed = (kind: keyof typeof TOKEN_IDS, message: Buffer): Buffer =>
  der(0x60, identifier(MECHANISM.kerberos), Buffer.from(TOKEN_IDS[kind], 'hex'), message)

const ACCEPTOR = 0x01
const SEALED = 0x02
const BY_SUBKEY = 0x04

/** A counter of its own for each token of a side. */
const order = (): Buffer => Buffer.concat([Buffer.alloc(4), opaque(4)])

/** A signature over something else. */
export const signature = (byServer: boolean): Buffer =>
  Buffer.concat([
    Buffer.from('0404', 'hex'),
    u8(BY_SUBKEY | (byServer ? ACCEPTOR : 0)),
    Buffer.from('ffffffffff', 'hex'),
    order(),
    opaque(12),
  ])

/** What goes beside sealed data. */
export const seal = (byServer: boolean): Buffer =>
  Buffer.concat([
    Buffer.from('0504', 'hex'),
    u8(BY_SUBKEY | SEALED | (byServer ? ACCEPTOR : 0)),
    Buffer.from('ff0010001c', 'hex'),
    order(),
    opaque(60),
  ])
