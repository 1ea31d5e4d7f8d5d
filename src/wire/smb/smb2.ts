/** SMB2 messages that open, close, read and write named pipes: MS-SMB2 2.2. Integers are little endian. */

export const CREATE = 5
export const CLOSE = 6
export const READ = 8
export const WRITE = 9
export const IOCTL = 11

const HEADER = 64
const RESPONSE = 1
const PIPE_TRANSCEIVE = 0x0011c017
const FILE_ID = 16

/** One message; several may stand in one frame. */
export interface Smb2Message {
  command: number
  isResponse: boolean
  messageId: string
  /** Where its header and its body begin, and where it ends. */
  header: number
  body: number
  end: number
}

/** The messages from `start` to `end`, one after the other. */
export function* messagesOf(bytes: Buffer, start: number, end: number): Generator<Smb2Message> {
  let header = start
  while (header + HEADER <= end && bytes[header] === 0xfe) {
    const next = bytes.readUInt32LE(header + 20)
    if (next !== 0 && next < HEADER) return
    const stop = next === 0 ? end : Math.min(end, header + next)
    yield {
      command: bytes.readUInt16LE(header + 12),
      isResponse: (bytes.readUInt32LE(header + 16) & RESPONSE) !== 0,
      messageId: bytes.toString('latin1', header + 24, header + 32),
      header,
      body: header + HEADER,
      end: stop,
    }
    if (next === 0) return
    header += next
  }
}

/** A part of a message, or null when it is not there as a whole. */
interface Range {
  start: number
  end: number
}

function range({ header, end }: Smb2Message, offset: number, length: number): Range | null {
  const start = header + offset
  return length > 0 && offset >= HEADER && start + length <= end ? { start, end: start + length } : null
}

const has = ({ body, end }: Smb2Message, length: number) => body + length <= end

/** The name that a CREATE request opens, in UTF-16. */
export function createName(bytes: Buffer, message: Smb2Message): string | null {
  if (!has(message, 48)) return null
  const { body } = message
  const name = range(message, bytes.readUInt16LE(body + 44), bytes.readUInt16LE(body + 46))
  return name === null ? null : bytes.toString('utf16le', name.start, name.end)
}

/** The file id at a place of the body, as a key. */
export const fileIdAt = (bytes: Buffer, message: Smb2Message, offset: number): string | null =>
  has(message, offset + FILE_ID)
    ? bytes.toString('latin1', message.body + offset, message.body + offset + FILE_ID)
    : null

/** Where the file id lies in the bodies that have one. */
export const FILE_ID_AT = { createResponse: 64, closeRequest: 8, readRequest: 16, writeRequest: 16, ioctl: 8 }

/** In a chain of related requests a file id of all ones is that of the one before. */
export const RELATED_FILE_ID = '\xff'.repeat(FILE_ID)

export const writtenData = (bytes: Buffer, message: Smb2Message): Range | null =>
  has(message, 8) ? range(message, bytes.readUInt16LE(message.body + 2), bytes.readUInt32LE(message.body + 4)) : null

export const readData = (bytes: Buffer, message: Smb2Message): Range | null =>
  has(message, 8) ? range(message, bytes[message.body + 2]!, bytes.readUInt32LE(message.body + 4)) : null

/** What a pipe's transaction writes, or in its response reads. */
export function transceived(bytes: Buffer, message: Smb2Message): Range | null {
  const { body, isResponse } = message
  if (!has(message, 40) || bytes.readUInt32LE(body + 4) !== PIPE_TRANSCEIVE) return null
  const at = body + (isResponse ? 32 : 24)
  return range(message, bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4))
}
