/** One named pipe while it is open: what passes through it is DCE/RPC. */
import { Association, type Ends, type Surroundings } from '../rpc/association.ts'
import { PduStream } from '../rpc/pdu-stream.ts'

export class Pipe {
  readonly #association: Association
  readonly #streams: [PduStream, PduStream]
  #ended = false

  /** `name`: such as `atsvc`; null when its opening was not captured. */
  constructor(surroundings: Surroundings, ends: Ends, name: string | null) {
    const association = new Association(surroundings, ends, name)
    const stream = (from: 0 | 1) =>
      new PduStream(surroundings.memory, (bytes, at, end, place) => association.take(from, bytes, at, end, place))
    this.#association = association
    this.#streams = [stream(0), stream(1)]
  }

  /** Bytes of one side, which lie at `offset` of its stream. */
  push(from: 0 | 1, bytes: Buffer, start: number, end: number, offset: number, frame: number, timeMs: number): void {
    if (!this.#ended) this.#streams[from].push(bytes, start, end, offset, frame, timeMs)
  }

  /** It was closed: what waits for an answer gets none, and what still comes is none of it. */
  end(): void {
    this.#ended = true
    for (const stream of this.#streams) stream.release()
    this.#association.end()
  }
}
