/** The named pipes of one SMB connection: what is written to them and read from them is DCE/RPC. */
import { type BlockFormat, BlockSplitter } from '../block-splitter.ts'
import type { Ends, Surroundings } from '../rpc/association.ts'
import { mayBeginPdu } from '../rpc/header.ts'
import type { StreamReader } from '../tcp/stream.ts'
import { NETBIOS_HEADER, SMB_HEAD, SMB1, SMB2, smbLength } from './netbios.ts'
import { openedBy, type PipeOperation, type Range } from './operation.ts'
import { Pipe } from './pipe.ts'
import { smb1Operations } from './smb1.ts'
import { smb2Operations } from './smb2.ts'

/** Whoever writes more at once moves files. */
const LONGEST_MESSAGE = 128 << 10
const MOST_PIPES = 256
const MOST_ASKED = 256

/** What messages do, by the byte that says which version they are. */
const VERSIONS: Record<number, typeof smb2Operations> = { [SMB1]: smb1Operations, [SMB2]: smb2Operations }

export class SmbPipes {
  readonly readers: [StreamReader, StreamReader]
  readonly #surroundings: Surroundings
  readonly #ends: Ends
  readonly #splitters: [BlockSplitter, BlockSplitter]
  /** By file, those that were opened first coming first. */
  readonly #pipes = new Map<string, Pipe>()
  /** Requests whose answers do not name the pipe: the pipe, or the file where none is known of it yet. */
  readonly #asked = new Map<string, Pipe | string>()
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
    const operations = VERSIONS[bytes[start]!]
    if (start >= end || operations === undefined) return
    for (const operation of operations(bytes, start, end)) this.#do(operation, from, bytes, offset - at)
  }

  /** `base` plus a place in the bytes is a place in the stream. */
  #do(operation: PipeOperation, from: 0 | 1, bytes: Buffer, base: number): void {
    const push = (pipe: Pipe | undefined, { start, end }: Range) =>
      pipe?.push(from, bytes, start, end, base + start, this.#frame, this.#timeMs)
    switch (operation.kind) {
      case 'open':
        this.#open(openedBy(operation.request), new Pipe(this.#surroundings, this.#ends, pipeName(operation.name)))
        break
      case 'opened':
        this.#opened(openedBy(operation.request), operation.file)
        break
      case 'close':
        this.#close(operation.file)
        break
      case 'data':
        push(this.#pipes.get(operation.file) ?? this.#unnamed(operation.file, bytes, operation), operation)
        break
      case 'ask':
        this.#ask(operation.request, this.#pipes.get(operation.file) ?? operation.file)
        break
      case 'answer': {
        const asked = this.#asked.get(operation.request)
        if (typeof asked !== 'string') push(asked, operation)
        else push(this.#pipes.get(asked) ?? this.#unnamed(asked, bytes, operation), operation)
      }
    }
  }

  /** A file that is opened: whether it is a pipe is seen by what passes through it. */
  #open(file: string, pipe: Pipe): void {
    this.#close(file)
    if (this.#pipes.size >= MOST_PIPES) this.#close(this.#pipes.keys().next().value!)
    this.#pipes.set(file, pipe)
  }

  #opened(before: string, file: string | null): void {
    const pipe = this.#pipes.get(before)
    if (pipe === undefined) return
    if (file === null) this.#close(before)
    else {
      this.#pipes.delete(before)
      this.#open(file, pipe)
    }
  }

  #ask(request: string, what: Pipe | string): void {
    this.#asked.delete(request)
    if (this.#asked.size >= MOST_ASKED) this.#asked.delete(this.#asked.keys().next().value!)
    this.#asked.set(request, what)
  }

  /** A pipe whose opening was not captured, if a PDU passes through it. */
  #unnamed(file: string, bytes: Buffer, { start, end }: Range): Pipe | undefined {
    if (!mayBeginPdu(bytes, start, end)) return undefined
    this.#open(file, new Pipe(this.#surroundings, this.#ends, null))
    return this.#pipes.get(file)
  }

  #close(file: string): void {
    this.#pipes.get(file)?.end()
    this.#pipes.delete(file)
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
