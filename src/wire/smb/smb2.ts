/** SMB2 messages that open, close, read and write named pipes: MS-SMB2 2.2. Integers are little endian. */
import { openedBy, type PipeOperation, type Range } from './operation.ts'

const CREATE = 5
const CLOSE = 6
const READ = 8
const WRITE = 9
const IOCTL = 11

const HEADER = 64
const RESPONSE = 1
const PENDING = 0x00000103
const PIPE_TRANSCEIVE = 0x0011c017
const FILE_ID = 16

/** Where the file id lies in the bodies that have one. */
const FILE_ID_AT = { created: 64, close: 8, read: 16, write: 16, ioctl: 8 }
/** In a chain of related requests a file id of all ones is that of the one before. */
const OF_THE_ONE_BEFORE = '\xff'.repeat(FILE_ID)

interface Message {
  command: number
  isResponse: boolean
  /** Its number, which its response has, too. */
  id: string
  /** Where its header and its body begin, and where it ends. */
  header: number
  body: number
  end: number
}

/** What the messages from `start` to `end`, one after the other, do to pipes. */
export function* smb2Operations(bytes: Buffer, start: number, end: number): Generator<PipeOperation> {
  let before: string | null = null
  for (const message of messagesOf(bytes, start, end)) {
    const file = fileOf(bytes, message, before)
    yield* operationsOf(bytes, message, file)
    before = file ?? before
  }
}

function* messagesOf(bytes: Buffer, start: number, end: number): Generator<Message> {
  let header = start
  while (header + HEADER <= end && bytes[header] === 0xfe) {
    const next = bytes.readUInt32LE(header + 20)
    if (next !== 0 && next < HEADER) return
    // A server that needs time says so, and answers later.
    if (bytes.readUInt32LE(header + 8) !== PENDING) {
      yield {
        command: bytes.readUInt16LE(header + 12),
        isResponse: (bytes.readUInt32LE(header + 16) & RESPONSE) !== 0,
        id: bytes.toString('latin1', header + 24, header + 32),
        header,
        body: header + HEADER,
        end: next === 0 ? end : Math.min(end, header + next),
      }
    }
    if (next === 0) return
    header += next
  }
}

/** The file that the message is about, as far as it says so. */
function fileOf(bytes: Buffer, message: Message, before: string | null): string | null {
  const { command, isResponse, id } = message
  const named = (offset: number) => {
    const file = fileIdAt(bytes, message, offset)
    return file === OF_THE_ONE_BEFORE ? before : file
  }
  if (command === CREATE) return isResponse ? named(FILE_ID_AT.created) : openedBy(id)
  if (command === IOCTL) return named(FILE_ID_AT.ioctl)
  if (isResponse) return null
  if (command === CLOSE) return named(FILE_ID_AT.close)
  if (command === READ) return named(FILE_ID_AT.read)
  return command === WRITE ? named(FILE_ID_AT.write) : null
}

function* operationsOf(bytes: Buffer, message: Message, file: string | null): Generator<PipeOperation> {
  const { command, isResponse, id: request } = message
  if (command === CREATE) {
    const name = isResponse ? null : createName(bytes, message)
    if (isResponse) yield { kind: 'opened', request, file }
    else if (name !== null) yield { kind: 'open', request, name }
  } else if (command === READ && isResponse) {
    const range = readData(bytes, message)
    if (range !== null) yield { kind: 'answer', request, ...range }
  } else if (file === null) return
  else if (command === CLOSE) yield { kind: 'close', file }
  else if (command === READ) yield { kind: 'ask', request, file }
  else if (command === WRITE || command === IOCTL) {
    const range = command === WRITE ? writtenData(bytes, message) : transceived(bytes, message)
    if (range !== null) yield { kind: 'data', file, ...range }
  }
}

/** A part of a message, or null when it is not there as a whole. */
function range({ header, end }: Message, offset: number, length: number): Range | null {
  const start = header + offset
  return length > 0 && offset >= HEADER && start + length <= end ? { start, end: start + length } : null
}

const has = ({ body, end }: Message, length: number) => body + length <= end

/** The name that a CREATE request opens, in UTF-16. */
function createName(bytes: Buffer, message: Message): string | null {
  if (!has(message, 48)) return null
  const { body } = message
  const name = range(message, bytes.readUInt16LE(body + 44), bytes.readUInt16LE(body + 46))
  return name === null ? null : bytes.toString('utf16le', name.start, name.end)
}

const fileIdAt = (bytes: Buffer, message: Message, offset: number): string | null =>
  has(message, offset + FILE_ID)
    ? bytes.toString('latin1', message.body + offset, message.body + offset + FILE_ID)
    : null

const writtenData = (bytes: Buffer, message: Message): Range | null =>
  has(message, 8) ? range(message, bytes.readUInt16LE(message.body + 2), bytes.readUInt32LE(message.body + 4)) : null

const readData = (bytes: Buffer, message: Message): Range | null =>
  has(message, 8) ? range(message, bytes[message.body + 2]!, bytes.readUInt32LE(message.body + 4)) : null

/** What a pipe's transaction writes, or in its response reads. */
function transceived(bytes: Buffer, message: Message): Range | null {
  const { body, isResponse } = message
  if (!has(message, 40) || bytes.readUInt32LE(body + 4) !== PIPE_TRANSCEIVE) return null
  const at = body + (isResponse ? 32 : 24)
  return range(message, bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4))
}
