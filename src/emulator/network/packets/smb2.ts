/** SMB2 messages of a client that opens a pipe (MS-SMB2 2.2), each with its NetBIOS length. */
import { filetime, opaque, u8, u16, u32, u64, wide, zeros } from './bytes.ts'

const COMMANDS = {
  negotiate: 0,
  sessionSetup: 1,
  logoff: 2,
  treeConnect: 3,
  treeDisconnect: 4,
  create: 5,
  close: 6,
  read: 8,
  write: 9,
} as const
type Command = keyof typeof COMMANDS

export const STATUS = {
  success: 0,
  moreProcessingRequired: 0xc000_0016,
  logonFailure: 0xc000_006d,
} as const

export interface SmbHeader {
  command: Command
  /** The answer to a message has its id. */
  messageId: number
  sessionId: bigint
  treeId: number
  /** Of answers; absent on what a client sends. */
  status?: number
}

const HEADER = 64
const IS_RESPONSE = 1
const CREDITS = 127

function message(header: SmbHeader, body: Buffer): Buffer {
  const { command, messageId, sessionId, treeId, status } = header
  const bytes = Buffer.concat([
    Buffer.from('fe534d42', 'hex'),
    u16(HEADER),
    u16(1),
    u32(status ?? 0),
    u16(COMMANDS[command]),
    u16(CREDITS),
    u32(status === undefined ? 0 : IS_RESPONSE),
    u32(0),
    u64(messageId),
    u32(0),
    u32(treeId),
    u64(sessionId),
    zeros(16),
    body,
  ])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

const DIALECTS = [0x0202, 0x0210, 0x0300]
const NEWEST = 0x0300
const SIGNING_ENABLED = 1
const LARGEST = 8 << 20

/** What the messages are made of, one function each; `header` says which message of the connection it is. */
export const smb = {
  negotiate: (header: SmbHeader) =>
    message(
      header,
      Buffer.concat([
        u16(36),
        u16(DIALECTS.length),
        u16(SIGNING_ENABLED),
        u16(0),
        u32(0x40),
        opaque(16),
        zeros(8),
        ...DIALECTS.map(u16),
      ]),
    ),

  negotiated: (header: SmbHeader, offer: Buffer, now: number) =>
    message(
      header,
      Buffer.concat([
        u16(65),
        u16(SIGNING_ENABLED),
        u16(NEWEST),
        u16(0),
        opaque(16),
        u32(0x07),
        ...[LARGEST, LARGEST, LARGEST].map(u32),
        filetime(now),
        zeros(8),
        u16(HEADER + 64),
        u16(offer.length),
        u32(0),
        offer,
      ]),
    ),

  sessionSetup: (header: SmbHeader, token: Buffer) =>
    message(
      header,
      Buffer.concat([
        u16(25),
        u8(0),
        u8(SIGNING_ENABLED),
        u32(0),
        u32(0),
        u16(HEADER + 24),
        u16(token.length),
        zeros(8),
        token,
      ]),
    ),

  sessionAnswer: (header: SmbHeader, token: Buffer) =>
    message(header, Buffer.concat([u16(9), u16(0), u16(HEADER + 8), u16(token.length), token])),

  treeConnect: (header: SmbHeader, share: string) => {
    const path = wide(share)
    return message(header, Buffer.concat([u16(9), u16(0), u16(HEADER + 8), u16(path.length), path]))
  },

  /** A share of pipes. */
  treeConnected: (header: SmbHeader) =>
    message(header, Buffer.concat([u16(16), u8(2), u8(0), u32(0x30), u32(0), u32(0x001f_01ff)])),

  create: (header: SmbHeader, name: string) => {
    const path = wide(name)
    return message(
      header,
      Buffer.concat([
        ...[u16(57), u8(0), u8(0), u32(2), zeros(8), zeros(8)],
        // Read and write data, attributes and the right to wait; shared for reading and writing; what is there is opened.
        ...[u32(0x0012_019f), u32(0), u32(3), u32(1), u32(0x40)],
        ...[u16(HEADER + 56), u16(path.length), u32(0), u32(0), path],
      ]),
    )
  },

  created: (header: SmbHeader, file: Buffer) =>
    message(
      header,
      Buffer.concat([
        ...[u16(89), u8(0), u8(0), u32(1), zeros(32), u64(4096), u64(0), u32(0x80), u32(0)],
        ...[file, u32(0), u32(0)],
      ]),
    ),

  write: (header: SmbHeader, file: Buffer, data: Buffer) =>
    message(
      header,
      Buffer.concat([
        ...[u16(49), u16(HEADER + 48), u32(data.length), u64(0), file],
        ...[u32(0), u32(0), u16(0), u16(0), u32(0), data],
      ]),
    ),

  written: (header: SmbHeader, count: number) =>
    message(header, Buffer.concat([u16(17), u16(0), u32(count), u32(0), u16(0), u16(0)])),

  read: (header: SmbHeader, file: Buffer, most: number) =>
    message(
      header,
      Buffer.concat([
        ...[u16(49), u8(HEADER + 16), u8(0), u32(most), u64(0), file],
        ...[u32(0), u32(0), u32(0), u16(0), u16(0), u8(0)],
      ]),
    ),

  readAnswer: (header: SmbHeader, data: Buffer) =>
    message(header, Buffer.concat([u16(17), u8(HEADER + 16), u8(0), u32(data.length), u32(0), u32(0), data])),

  close: (header: SmbHeader, file: Buffer) => message(header, Buffer.concat([u16(24), u16(0), u32(0), file])),

  closed: (header: SmbHeader) => message(header, Buffer.concat([u16(60), u16(0), u32(0), zeros(52)])),

  /** A message that says nothing but its command: leaving a share or a session, and the answers to both. */
  plain: (header: SmbHeader) => message(header, Buffer.concat([u16(4), u16(0)])),

  /** The answer to what was refused. */
  failed: (header: SmbHeader) => message(header, Buffer.concat([u16(9), u8(0), u8(0), u32(0), u8(0)])),
}
