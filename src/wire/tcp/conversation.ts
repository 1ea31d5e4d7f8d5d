/** A TCP connection that may carry DCE/RPC, directly or through named pipes: which, its first bytes tell. */
import { Association, type Ends, type Surroundings } from '../rpc/association.ts'
import { mayBeginPdu } from '../rpc/header.ts'
import { PduStream } from '../rpc/pdu-stream.ts'
import { mayBeginSmb } from '../smb/netbios.ts'
import { SmbPipes } from '../smb/pipes.ts'
import { type StreamReader, TcpStream } from './stream.ts'

/** So many pieces of a stream may pass before it is taken for something else. */
const MOST_STRANGE = 16

/** What a connection is read as. */
interface Protocol {
  readers: [StreamReader, StreamReader]
  /** Whether what came after all is something else. */
  readonly mistaken: boolean
  end(): void
}

/** Whether a connection whose side begins so is worth being followed. */
export const mayCarryRpc = (bytes: Buffer, start: number, end: number): boolean =>
  mayBeginPdu(bytes, start, end) || mayBeginSmb(bytes, start, end)

export class Conversation {
  readonly #surroundings: Surroundings
  readonly #ends: Ends
  readonly #streams: [TcpStream | null, TcpStream | null] = [null, null]
  #protocol: Protocol | null = null
  #strange = 0

  constructor(surroundings: Surroundings, ends: Ends) {
    this.#surroundings = surroundings
    this.#ends = ends
  }

  /** Whether it turned out to carry something else. */
  get isOther(): boolean {
    return this.#protocol === null ? this.#strange >= MOST_STRANGE : this.#protocol.mistaken
  }

  get isFinished(): boolean {
    return this.#streams.every((stream) => stream?.finished)
  }

  /** One side's stream; its first byte has this sequence number if nothing of it was seen before. */
  stream(from: 0 | 1, first: number): TcpStream {
    this.#streams[from] ??= new TcpStream(first, this.#reader(from), this.#surroundings.memory)
    return this.#streams[from]
  }

  /** One side's stream, if any of its bytes were seen. */
  knownStream(from: 0 | 1): TcpStream | null {
    return this.#streams[from]
  }

  /** Nothing more comes: what waits is given out. */
  end(): void {
    for (const stream of this.#streams) stream?.flush()
    this.#protocol?.end()
  }

  #reader(from: 0 | 1): StreamReader {
    return {
      data: (bytes, start, end, offset, frame, timeMs) => {
        this.#protocol ??= this.#recognise(bytes, start, end)
        if (this.#protocol === null) this.#strange += offset === 0 ? MOST_STRANGE : 1
        else this.#protocol.readers[from].data(bytes, start, end, offset, frame, timeMs)
      },
      gap: () => this.#protocol?.readers[from].gap(),
    }
  }

  #recognise(bytes: Buffer, start: number, end: number): Protocol | null {
    if (mayBeginSmb(bytes, start, end)) return new SmbPipes(this.#surroundings, this.#ends)
    return mayBeginPdu(bytes, start, end) ? rpcOverTcp(this.#surroundings, this.#ends) : null
  }
}

function rpcOverTcp(surroundings: Surroundings, ends: Ends): Protocol {
  const association = new Association(surroundings, ends)
  const stream = (from: 0 | 1) =>
    new PduStream(surroundings.memory, (bytes, at, end, place) => association.take(from, bytes, at, end, place))
  const streams: [PduStream, PduStream] = [stream(0), stream(1)]
  const reader = (from: 0 | 1): StreamReader => ({
    data: (...piece) => streams[from].push(...piece),
    gap: () => streams[from].gap(),
  })
  return {
    readers: [reader(0), reader(1)],
    get mistaken() {
      return streams.every(({ seen }) => seen === 0) && streams.some(({ lost }) => lost)
    },
    end() {
      for (const one of streams) one.release()
      association.end()
    },
  }
}
