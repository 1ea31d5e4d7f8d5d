/** The named pipes of one SMB connection: what is written to them and read from them is DCE/RPC. */
import { type BlockFormat, BlockSplitter } from '../block-splitter.ts'
import { Association, type Ends, type Surroundings } from '../rpc/association.ts'
import { mayBeginPdu } from '../rpc/header.ts'
import { PduStream } from '../rpc/pdu-stream.ts'
import type { StreamReader } from '../tcp/stream.ts'
import { NETBIOS_HEADER, SMB_HEAD, SMB2, smbLength } from './netbios.ts'
import {
  CLOSE,
  CREATE,
  createName,
  FILE_ID_AT,
  fileIdAt,
  IOCTL,
  messagesOf,
  READ,
  RELATED_FILE_ID,
  readData,
  type Smb2Message,
  transceived,
  WRITE,
  writtenData,
} from './smb2.ts'

/** Whoever writes more at once moves files. */
const LONGEST_MESSAGE = 128 << 10
const MOST_PIPES = 256
const MOST_WAITING = 256

class Pipe {
  readonly #association: Association
  readonly #streams: [PduStream, PduStream]

  constructor(surroundings: Surroundings, ends: Ends, name: string | null) {
    const association = new Association(surroundings, ends, name)
    const stream = (from: 0 | 1) =>
      new PduStream(surroundings.memory, (bytes, at, end, place) => association.take(from, bytes, at, end, place))
    this.#association = association
    this.#streams = [stream(0), stream(1)]
  }

  push(from: 0 | 1, bytes: Buffer, start: number, end: number, offset: number, frame: number, timeMs: number): void {
    this.#streams[from].push(bytes, start, end, offset, frame, timeMs)
  }

  end(): void {
    for (const stream of this.#streams) stream.release()
    this.#association.end()
  }
}

export class SmbPipes {
  readonly readers: [StreamReader, StreamReader]
  readonly #surroundings: Surroundings
  readonly #ends: Ends
  readonly #splitters: [BlockSplitter, BlockSplitter]
  readonly #pipes = new Map<string, Pipe>()
  /** Requests whose responses name no pipe: the name that is opened, or the file id that is read. */
  readonly #waiting = new Map<string, string>()
  #seen = 0
  #frame = 0
  #timeMs = 0

  constructor(surroundings: Surroundings, ends: Ends) {
    this.#surroundings = surroundings
    this.#ends = ends
    const format = (from: 0 | 1): BlockFormat => ({
      headLength: SMB_HEAD,
      lengthAt: (bytes, at) => smbLength(bytes, at),
      skipsAt: (bytes, at) => smbLength(bytes, at) > LONGEST_MESSAGE,
      find: (bytes, at, end) => findMessage(bytes, at, end),
      take: (bytes, at, end, offset) => this.#take(from, bytes, at, end, offset),
    })
    this.#splitters = [
      new BlockSplitter(format(0), surroundings.memory),
      new BlockSplitter(format(1), surroundings.memory),
    ]
    const reader = (from: 0 | 1): StreamReader => ({
      data: (bytes, start, end, offset, frame, timeMs) => {
        this.#frame = frame
        this.#timeMs = timeMs
        this.#splitters[from].push(bytes, start, end, offset)
      },
      gap: () => this.#splitters[from].gap(),
    })
    this.readers = [reader(0), reader(1)]
  }

  /** Whether what came after all is no SMB. */
  get mistaken(): boolean {
    return this.#seen === 0 && this.#splitters.some(({ lost }) => lost)
  }

  end(): void {
    for (const splitter of this.#splitters) splitter.release()
    for (const pipe of this.#pipes.values()) pipe.end()
    this.#pipes.clear()
  }

  #take(from: 0 | 1, bytes: Buffer, at: number, end: number, offset: number): void {
    this.#seen += 1
    const start = at + NETBIOS_HEADER
    if (start >= end || bytes[start] !== SMB2) return
    let related: string | null = null
    for (const message of messagesOf(bytes, start, end)) {
      related = this.#understand(from, bytes, message, related, offset - at) ?? related
    }
  }

  /** Gives the file id that the message is about. `base` plus a place in the bytes is a place in the stream. */
  #understand(from: 0 | 1, bytes: Buffer, message: Smb2Message, related: string | null, base: number): string | null {
    const { messageId, isResponse } = message
    const named = (place: number) => {
      const id = fileIdAt(bytes, message, place)
      return id === RELATED_FILE_ID ? related : id
    }
    const push = (id: string | null, range: { start: number; end: number } | null) => {
      if (id === null || range === null) return
      const pipe = this.#pipes.get(id) ?? this.#unnamed(id, bytes, range.start, range.end)
      pipe?.push(from, bytes, range.start, range.end, base + range.start, this.#frame, this.#timeMs)
    }
    switch (message.command) {
      case CREATE: {
        if (!isResponse) {
          this.#wait(messageId, createName(bytes, message))
          return null
        }
        const id = fileIdAt(bytes, message, FILE_ID_AT.createResponse)
        const name = this.#answered(messageId)
        if (id !== null && name !== null) this.#open(id, name)
        return id
      }
      case CLOSE: {
        if (isResponse) return null
        const id = named(FILE_ID_AT.closeRequest)
        if (id !== null) this.#close(id)
        return id
      }
      case WRITE: {
        if (isResponse) return null
        const id = named(FILE_ID_AT.writeRequest)
        push(id, writtenData(bytes, message))
        return id
      }
      case READ: {
        if (isResponse) {
          push(this.#answered(messageId), readData(bytes, message))
          return null
        }
        const id = named(FILE_ID_AT.readRequest)
        this.#wait(messageId, id)
        return id
      }
      case IOCTL: {
        const id = named(FILE_ID_AT.ioctl)
        push(id, transceived(bytes, message))
        return id
      }
      default:
        return null
    }
  }

  #wait(messageId: string, what: string | null): void {
    if (what === null) return
    if (this.#waiting.size >= MOST_WAITING) this.#waiting.delete(this.#waiting.keys().next().value!)
    this.#waiting.set(messageId, what)
  }

  #answered(messageId: string): string | null {
    const what = this.#waiting.get(messageId) ?? null
    this.#waiting.delete(messageId)
    return what
  }

  /** A file that was opened: whether it is a pipe is seen by what passes through it. */
  #open(id: string, name: string): void {
    this.#close(id)
    if (this.#pipes.size >= MOST_PIPES) this.#close(this.#pipes.keys().next().value!)
    this.#pipes.set(id, new Pipe(this.#surroundings, this.#ends, pipeName(name)))
  }

  /** A pipe whose opening was not captured, if a PDU passes through it. */
  #unnamed(id: string, bytes: Buffer, start: number, end: number): Pipe | undefined {
    if (!mayBeginPdu(bytes, start, end)) return undefined
    this.#pipes.set(id, new Pipe(this.#surroundings, this.#ends, null))
    return this.#pipes.get(id)
  }

  #close(id: string): void {
    this.#pipes.get(id)?.end()
    this.#pipes.delete(id)
  }
}

/** `atsvc`, however it is written. */
const pipeName = (name: string) => name.replace(/^\\?(pipe\\)?/i, '')

function findMessage(bytes: Buffer, at: number, end: number): number {
  for (let place = bytes.indexOf('SMB', at, 'latin1'); place !== -1 && place + 3 <= end; ) {
    const start = place - 1 - NETBIOS_HEADER
    if (start >= at && smbLength(bytes, start) > 0) return start
    place = bytes.indexOf('SMB', place + 1, 'latin1')
  }
  return -1
}
