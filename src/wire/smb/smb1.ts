/** SMB1 messages that open, close, read and write named pipes: MS-CIFS 2.2, MS-SMB 2.2. Integers are little endian. */
import type { PipeOperation, Range } from './operation.ts'

const CLOSE = 0x04
const TRANSACTION = 0x25
const TRANSACTION_SECONDARY = 0x26
const READ_ANDX = 0x2e
const WRITE_ANDX = 0x2f
const NT_CREATE_ANDX = 0xa2

/** Commands behind which another may follow in the same message, by a command and an offset at their beginning. */
const CHAINED = new Set([0x24, 0x2d, READ_ANDX, WRITE_ANDX, 0x73, 0x74, 0x75, NT_CREATE_ANDX])
const NO_MORE = 0xff
const MOST_CHAINED = 8

const HEADER = 32
const REPLY = 0x80
const UNICODE = 0x8000
/** What a pipe's transaction is by its first setup word; the second is the file. */
const TRANSACT_NAMED_PIPE = 0x0026
/** A write that begins a message and is raw: its length stands before it. */
const RAW_BEGINNING = 0x0c

interface Block {
  command: number
  isReply: boolean
  /** What a reply has of its request: process, session, tree and number. */
  request: string
  isUnicode: boolean
  /** Where the header begins, from which offsets count, and where the message ends. */
  header: number
  end: number
  /** Parameters, in words, and where they end; then come two bytes that count the rest. */
  words: number
  wordsEnd: number
}

/** What the message from `start` to `end` does to pipes. */
export function* smb1Operations(bytes: Buffer, start: number, end: number): Generator<PipeOperation> {
  for (const block of blocksOf(bytes, start, end)) {
    const operations = block.isReply ? REPLIES : REQUESTS
    yield* operations[block.command]?.(bytes, block) ?? []
  }
}

function* blocksOf(bytes: Buffer, header: number, end: number): Generator<Block> {
  if (header + HEADER > end) return
  const flags2 = bytes.readUInt16LE(header + 10)
  const isReply = (bytes[header + 9]! & REPLY) !== 0
  const request = bytes.toString('latin1', header + 24, header + HEADER)
  const common = { isReply, request, isUnicode: (flags2 & UNICODE) !== 0, header, end }
  let command = bytes[header + 4]!
  let at = header + HEADER
  for (let count = 0; count < MOST_CHAINED && at < end; count += 1) {
    const words = at + 1
    const wordsEnd = words + bytes[at]! * 2
    if (wordsEnd + 2 > end) return
    yield { ...common, command, words, wordsEnd }
    if (!CHAINED.has(command) || wordsEnd - words < 4 || bytes[words] === NO_MORE) return
    command = bytes[words]!
    const next = header + bytes.readUInt16LE(words + 2)
    if (next <= at) return
    at = next
  }
}

type Operations = Record<number, (bytes: Buffer, block: Block) => PipeOperation[]>

const REQUESTS: Operations = {
  [NT_CREATE_ANDX]: (bytes, block) => {
    const name = createName(bytes, block)
    return name === null ? [] : [{ kind: 'open', request: block.request, name }]
  },
  [CLOSE]: (bytes, block) => (has(block, 2) ? [{ kind: 'close', file: fileAt(bytes, block.words) }] : []),
  [READ_ANDX]: (bytes, block) =>
    has(block, 6) ? [{ kind: 'ask', request: block.request, file: fileAt(bytes, block.words + 4) }] : [],
  [WRITE_ANDX]: (bytes, block) => {
    if (!has(block, 24)) return []
    const { words } = block
    const prefix = (bytes.readUInt16LE(words + 14) & RAW_BEGINNING) === RAW_BEGINNING ? 2 : 0
    const length = bytes.readUInt16LE(words + 18) * 0x10000 + bytes.readUInt16LE(words + 20) - prefix
    return data(fileAt(bytes, words + 4), range(block, bytes.readUInt16LE(words + 22) + prefix, length))
  },
  [TRANSACTION]: (bytes, block) => {
    const { words, request } = block
    if (!has(block, 32) || bytes.readUInt16LE(words + 28) !== TRANSACT_NAMED_PIPE) return []
    const file = fileAt(bytes, words + 30)
    return [{ kind: 'ask', request, file }, ...data(file, rangeAt(bytes, block, 22))]
  },
  // It names no file, but has the number of the transaction that it goes on with.
  [TRANSACTION_SECONDARY]: (bytes, block) => answer(block, has(block, 16) ? rangeAt(bytes, block, 10) : null),
}

const REPLIES: Operations = {
  [NT_CREATE_ANDX]: (bytes, block) => [
    { kind: 'opened', request: block.request, file: has(block, 7) ? fileAt(bytes, block.words + 5) : null },
  ],
  [READ_ANDX]: (bytes, block) => {
    if (!has(block, 16)) return []
    const { words } = block
    const length = bytes.readUInt16LE(words + 14) * 0x10000 + bytes.readUInt16LE(words + 10)
    return answer(block, range(block, bytes.readUInt16LE(words + 12), length))
  },
  [TRANSACTION]: (bytes, block) => answer(block, has(block, 20) ? rangeAt(bytes, block, 12) : null),
}

const data = (file: string, found: Range | null): PipeOperation[] =>
  found === null ? [] : [{ kind: 'data', file, ...found }]

const answer = ({ request }: Block, found: Range | null): PipeOperation[] =>
  found === null ? [] : [{ kind: 'answer', request, ...found }]

const has = ({ words, wordsEnd }: Block, length: number): boolean => words + length <= wordsEnd

const fileAt = (bytes: Buffer, at: number): string => `file ${bytes.readUInt16LE(at)}`

/** A part of the message, or null when it is not there as a whole. */
function range({ header, end, wordsEnd }: Block, offset: number, length: number): Range | null {
  const start = header + offset
  return length > 0 && start >= wordsEnd + 2 && start + length <= end ? { start, end: start + length } : null
}

/** What a transaction's length and offset, one after the other in its parameters, say. */
const rangeAt = (bytes: Buffer, block: Block, at: number): Range | null =>
  range(block, bytes.readUInt16LE(block.words + at + 2), bytes.readUInt16LE(block.words + at))

/** The name that is opened: in UTF-16, aligned to words, or in bytes. */
function createName(bytes: Buffer, block: Block): string | null {
  const { words, wordsEnd, header, end, isUnicode } = block
  if (!has(block, 7)) return null
  const length = bytes.readUInt16LE(words + 5)
  const first = wordsEnd + 2
  const start = isUnicode ? first + ((first - header) % 2) : first
  if (start + length > end) return null
  return bytes.toString(isUnicode ? 'utf16le' : 'latin1', start, start + length).replace(/\0$/, '')
}
