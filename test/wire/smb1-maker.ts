/** SMB1 messages that carry a named pipe, made by hand. */
import type { Said } from './conversation.ts'

const HEADER = 32
const REPLY = 0x80
const UNICODE = 0x8000
const COMMANDS = {
  close: 0x04,
  transaction: 0x25,
  transactionSecondary: 0x26,
  read: 0x2e,
  write: 0x2f,
  treeConnect: 0x75,
  create: 0xa2,
} as const
type Command = keyof typeof COMMANDS

/** Parameters as words; `bytes` begin at a place of the header that `place` is told. */
interface Block {
  words: Buffer
  bytes: Buffer
}

const u16 = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8])
const u32 = (value: number): Buffer => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)])
/** Nothing is chained. */
const ALONE = Buffer.from([0xff, 0, 0, 0])

interface Options {
  id?: number
  reply?: boolean
  status?: number
  unicode?: boolean
}

/** A whole message behind its length. */
function smb1(command: Command, { words, bytes }: Block, options: Options = {}): Buffer {
  const { id = 1, reply = false, status = 0, unicode = true } = options
  const header = Buffer.alloc(HEADER)
  header.write('\xffSMB', 'latin1')
  header[4] = COMMANDS[command]
  header.writeUInt32LE(status, 5)
  header[9] = reply ? REPLY : 0
  header.writeUInt16LE(0x4001 | (unicode ? UNICODE : 0), 10)
  header.writeUInt16LE(1, 24)
  header.writeUInt16LE(99, 26)
  header.writeUInt16LE(7, 28)
  header.writeUInt16LE(id, 30)
  const message = Buffer.concat([header, Buffer.of(words.length / 2), words, u16(bytes.length), bytes])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  return Buffer.concat([length, message])
}

/** Where the bytes of a block with so many parameters begin, counted from the header. */
const bytesAt = (words: number): number => HEADER + 1 + words + 2

const EMPTY: Block = { words: Buffer.alloc(0), bytes: Buffer.alloc(0) }

/** The share of pipes: what tells a dissector that files on it are pipes. */
export const treeConnect = (): Buffer =>
  smb1(
    'treeConnect',
    {
      words: Buffer.concat([ALONE, u16(0), u16(1)]),
      bytes: Buffer.concat([Buffer.alloc(1), Buffer.from('\\\\SRV1\\IPC$\0', 'utf16le'), Buffer.from('?????\0')]),
    },
    {},
  )

export const treeConnected = (): Buffer =>
  smb1('treeConnect', { words: Buffer.concat([ALONE, u16(1)]), bytes: Buffer.from('IPC\0\0\0') }, { reply: true })

export function create(name: string, { unicode = true, ...options }: Options = {}): Buffer {
  const text = unicode ? Buffer.from(name, 'utf16le') : Buffer.from(name, 'latin1')
  const words = Buffer.concat([ALONE, Buffer.of(0), u16(text.length), Buffer.alloc(48 - 7)])
  const padding = Buffer.alloc(unicode ? bytesAt(words.length) % 2 : 0)
  const bytes = Buffer.concat([padding, text, Buffer.alloc(unicode ? 2 : 1)])
  return smb1('create', { words, bytes }, { unicode, ...options })
}

export const created = (file: number, options: Options = {}): Buffer =>
  smb1(
    'create',
    { words: Buffer.concat([ALONE, Buffer.of(0), u16(file), Buffer.alloc(68 - 7)]), bytes: Buffer.alloc(0) },
    { reply: true, ...options },
  )

export const refused = (command: Command, options: Options = {}): Buffer =>
  smb1(command, EMPTY, { reply: true, status: 0xc0000034, ...options })

/** `raw`: with its length before it, as the oldest clients write. */
export function write(
  file: number,
  data: Buffer,
  { raw = false, ...options }: Options & { raw?: boolean } = {},
): Buffer {
  const whole = raw ? Buffer.concat([u16(data.length), data]) : data
  const words = Buffer.concat([
    ...[ALONE, u16(file), u32(0), u32(0), u16(raw ? 0x0c : 0), u16(0), u16(whole.length >>> 16)],
    ...[u16(whole.length & 0xffff), u16(bytesAt(28)), u32(0)],
  ])
  return smb1('write', { words, bytes: whole }, options)
}

export const read = (file: number, options: Options = {}): Buffer =>
  smb1(
    'read',
    {
      words: Buffer.concat([ALONE, u16(file), u32(0), u16(4280), u16(0), u32(0), u16(0), u32(0)]),
      bytes: Buffer.alloc(0),
    },
    options,
  )

export function readAnswer(data: Buffer, options: Options = {}): Buffer {
  const words = Buffer.concat([
    ...[ALONE, u16(0xffff), u16(0), u16(0), u16(data.length & 0xffff), u16(bytesAt(24))],
    ...[u16(data.length >>> 16), Buffer.alloc(8)],
  ])
  return smb1('read', { words, bytes: data }, { reply: true, ...options })
}

const PIPE = Buffer.from('\0\\PIPE\\\0', 'utf16le').subarray(1)

/** `rest`: so many bytes of the whole come in later messages. */
export function transact(
  file: number,
  data: Buffer,
  { rest = 0, ...options }: Options & { rest?: number } = {},
): Buffer {
  const at = bytesAt(32) + PIPE.length
  const words = Buffer.concat([
    ...[u16(0), u16(data.length + rest), u16(0), u16(4280), u16(0), u16(0), u32(0), u16(0)],
    ...[u16(0), u16(at), u16(data.length), u16(at), Buffer.of(2, 0), u16(0x0026), u16(file)],
  ])
  return smb1('transaction', { words, bytes: Buffer.concat([PIPE, data]) }, options)
}

export function transactMore(data: Buffer, before: number, options: Options = {}): Buffer {
  const at = bytesAt(16)
  const words = Buffer.concat([
    ...[u16(0), u16(data.length + before), u16(0), u16(at), u16(0), u16(data.length), u16(at), u16(before)],
  ])
  return smb1('transactionSecondary', { words, bytes: data }, options)
}

/** A part of a transaction's answer: of so many bytes, behind so many. */
export function transacted(
  data: Buffer,
  { of = data.length, before = 0, ...options }: Options & { of?: number; before?: number } = {},
): Buffer {
  const at = bytesAt(20)
  const words = Buffer.concat([
    ...[u16(0), u16(of), u16(0), u16(0), u16(at), u16(0), u16(data.length), u16(at), u16(before), Buffer.of(0, 0)],
  ])
  return smb1('transaction', { words, bytes: data }, { reply: true, ...options })
}

export const close = (file: number, options: Options = {}): Buffer =>
  smb1('close', { words: Buffer.concat([u16(file), u32(0)]), bytes: Buffer.alloc(0) }, options)

/** What both sides say to pass a bind by write and read, and a call by one transaction. */
export function throughOldPipe(
  name: string,
  [bind, bindAnswer, call, answer]: [Buffer, Buffer, Buffer, Buffer],
): Said[] {
  const FILE = 0x4001
  const client = (bytes: Buffer): Said => ({ by: 'client', bytes })
  const server = (bytes: Buffer): Said => ({ by: 'server', bytes })
  return [
    client(treeConnect()),
    server(treeConnected()),
    client(create(name, { id: 2 })),
    server(created(FILE, { id: 2 })),
    client(write(FILE, bind, { id: 3 })),
    server(
      smb1(
        'write',
        { words: Buffer.concat([ALONE, u16(bind.length), Buffer.alloc(6)]), bytes: Buffer.alloc(0) },
        { id: 3, reply: true },
      ),
    ),
    client(read(FILE, { id: 4 })),
    server(readAnswer(bindAnswer, { id: 4 })),
    client(transact(FILE, call, { id: 5 })),
    server(transacted(answer, { id: 5 })),
    client(close(FILE, { id: 6 })),
    server(smb1('close', EMPTY, { id: 6, reply: true })),
  ]
}
