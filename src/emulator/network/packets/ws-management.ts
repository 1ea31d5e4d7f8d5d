/** WS-Management on port 5985: HTTP whose content is encrypted (MS-WSMV 2.2.9.1). */
import { opaque } from './bytes.ts'
import { framed, seal, ticketAnswer, ticketFor } from './kerberos.ts'

const lines = (...each: string[]): Buffer => Buffer.from(`${each.join('\r\n')}\r\n\r\n`, 'latin1')

const request = (host: string, more: string[], length: number): Buffer =>
  lines(
    'POST /wsman HTTP/1.1',
    'Connection: Keep-Alive',
    ...more,
    'User-Agent: Microsoft WinRM Client',
    `Host: ${host}:5985`,
    `Content-Length: ${length}`,
  )

const response = (more: string[], length: number): Buffer =>
  lines('HTTP/1.1 200 ', ...more, 'Server: Microsoft-HTTPAPI/2.0', `Content-Length: ${length}`)

/** A client shows its ticket, and the server answers it; neither has content. */
export const wsmanLogon = (host: string, realm: string): { ask: Buffer; answer: Buffer } => ({
  ask: request(host, [`Authorization: Kerberos ${framed('request', ticketFor(host, realm)).toString('base64')}`], 0),
  answer: response([`WWW-Authenticate: Kerberos ${framed('answer', ticketAnswer(110)).toString('base64')}`], 0),
})

const PROTOCOL = 'application/HTTP-Kerberos-session-encrypted'
const BOUNDARY = '--Encrypted Boundary'
const SIGNATURE_LENGTH = 60

/** Content that was `length` bytes of XML: the seal's length, the seal, what was sealed. */
function sealed(length: number, byServer: boolean): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(SIGNATURE_LENGTH)
  const head = [
    BOUNDARY,
    `Content-Type: ${PROTOCOL}`,
    `OriginalContent: type=application/soap+xml;charset=UTF-16;Length=${length}`,
    BOUNDARY,
    'Content-Type: application/octet-stream',
  ]
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n`, 'latin1'),
    size,
    seal(byServer).subarray(0, SIGNATURE_LENGTH),
    opaque(length),
    Buffer.from(`${BOUNDARY}--\r\n`, 'latin1'),
  ])
}

const CONTENT_TYPE = `Content-Type: multipart/encrypted;protocol="${PROTOCOL}";boundary="Encrypted Boundary"`

/** A call and its answer, of so many bytes of XML. */
export function wsmanCall(host: string, asked: number, answered: number): { ask: Buffer; answer: Buffer } {
  const [ask, answer] = [sealed(asked, false), sealed(answered, true)]
  return {
    ask: Buffer.concat([request(host, [CONTENT_TYPE], ask.length), ask]),
    answer: Buffer.concat([response([CONTENT_TYPE], answer.length), answer]),
  }
}
