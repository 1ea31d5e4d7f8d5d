/** SMB2 messages that carry a named pipe, made by hand. */
import type { Said } from './conversation.ts'

const FILE_ID = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
const RESPONSE = 1
const COMMANDS = { create: 5, close: 6, read: 8, write: 9, ioctl: 11 } as const
const PIPE_TRANSCEIVE = 0x0011c017
const HEADER = 64

/** One message; `next` when another follows it in the frame. */
function message(command: keyof typeof COMMANDS, id: number, body: Buffer, flags = 0, next = 0): Buffer {
  const header = Buffer.alloc(HEADER)
  header.write('\xfeSMB', 'latin1')
  header.writeUInt16LE(HEADER, 4)
  header.writeUInt16LE(COMMANDS[command], 12)
  header.writeUInt32LE(flags, 16)
  header.writeUInt32LE(next, 20)
  header.writeUInt32LE(id, 24)
  return Buffer.concat([header, body])
}

/** Messages in one frame, each aligned to eight bytes. */
export function frame(...messages: Buffer[]): Buffer {
  const parts = messages.map((one, index) => {
    if (index === messages.length - 1) return one
    const padded = Buffer.concat([one, Buffer.alloc((8 - (one.length % 8)) % 8)])
    padded.writeUInt32LE(padded.length, 20)
    return padded
  })
  const body = Buffer.concat(parts)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

export function create(id: number, name: string): Buffer {
  const body = Buffer.alloc(56)
  const text = Buffer.from(name, 'utf16le')
  body.writeUInt16LE(HEADER + 56, 44)
  body.writeUInt16LE(text.length, 46)
  return message('create', id, Buffer.concat([body, text]))
}

/** A server's answer that says only how it went; by default, that it needs time. */
export function status(command: keyof typeof COMMANDS, id: number, code = 0x00000103): Buffer {
  const answer = message(command, id, Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 0]), RESPONSE)
  answer.writeUInt32LE(code, 8)
  return answer
}

export function created(id: number, fileId = FILE_ID): Buffer {
  const body = Buffer.alloc(88)
  fileId.copy(body, 64)
  return message('create', id, body, RESPONSE)
}

export function write(id: number, data: Buffer, fileId = FILE_ID): Buffer {
  const body = Buffer.alloc(48)
  body.writeUInt16LE(HEADER + 48, 2)
  body.writeUInt32LE(data.length, 4)
  fileId.copy(body, 16)
  return message('write', id, Buffer.concat([body, data]))
}

export function read(id: number, fileId = FILE_ID): Buffer {
  const body = Buffer.alloc(49)
  fileId.copy(body, 16)
  return message('read', id, body)
}

export function readAnswer(id: number, data: Buffer): Buffer {
  const body = Buffer.alloc(16)
  body[2] = HEADER + 16
  body.writeUInt32LE(data.length, 4)
  return message('read', id, Buffer.concat([body, data]), RESPONSE)
}

export function transceive(id: number, data: Buffer, isResponse = false, fileId = FILE_ID): Buffer {
  const body = Buffer.alloc(isResponse ? 48 : 56)
  body.writeUInt32LE(PIPE_TRANSCEIVE, 4)
  fileId.copy(body, 8)
  const at = isResponse ? 32 : 24
  body.writeUInt32LE(HEADER + body.length, at)
  body.writeUInt32LE(data.length, at + 4)
  return message('ioctl', id, Buffer.concat([body, data]), isResponse ? RESPONSE : 0)
}

export function close(id: number, fileId = FILE_ID): Buffer {
  const body = Buffer.alloc(24)
  fileId.copy(body, 8)
  return message('close', id, body)
}

export const RELATED = Buffer.alloc(16, 0xff)

/** What both sides say to pass a bind by write and read, and a call by one transaction. */
export function throughPipe(name: string, [bind, bindAnswer, call, answer]: [Buffer, Buffer, Buffer, Buffer]): Said[] {
  const client = (...messages: Buffer[]): Said => ({ by: 'client', bytes: frame(...messages) })
  const server = (...messages: Buffer[]): Said => ({ by: 'server', bytes: frame(...messages) })
  return [
    client(create(1, name)),
    server(created(1)),
    client(write(2, bind)),
    client(read(3)),
    server(readAnswer(3, bindAnswer)),
    client(transceive(4, call)),
    server(transceive(4, answer, true)),
    client(close(5)),
  ]
}
