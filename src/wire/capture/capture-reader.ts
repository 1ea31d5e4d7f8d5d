/** Bytes of a capture in, packets out: the format is told by the first bytes. */
import { DamagedInput, type InputProblem } from '../../telemetry/readers/damage.ts'
import { BlockSplitter } from '../block-splitter.ts'
import { emptyPacket, type Packet } from './packet.ts'
import { isPcap, PcapFormat } from './pcap.ts'
import { isPcapng, PcapngFormat } from './pcapng.ts'

const MAGIC = 4

export interface CaptureHandlers {
  /** The packet and its bytes are only lent. */
  onPacket(packet: Packet): void
  /** Reading ends with a problem. `record` is the number of packets before it. */
  onProblem(problem: InputProblem): void
}

export class CaptureReader {
  readonly #handlers: CaptureHandlers
  readonly #packet = emptyPacket()
  #splitter: BlockSplitter | null = null
  #head = Buffer.alloc(0)
  #offset = 0
  /** Where the block begins that is read. */
  #block = 0
  #ended = false

  constructor(handlers: CaptureHandlers) {
    this.#handlers = handlers
  }

  /** Packets so far. */
  get packets(): number {
    return this.#packet.frame
  }

  push(chunk: Buffer): void {
    if (this.#ended) return
    let bytes = chunk
    if (this.#splitter === null) {
      bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
      if (bytes.length < MAGIC) {
        this.#head = Buffer.from(bytes)
        return
      }
      this.#splitter = this.#open(bytes)
      this.#head = Buffer.alloc(0)
      if (this.#splitter === null) return
    }
    try {
      this.#splitter.push(bytes, 0, bytes.length, this.#offset)
      this.#offset += bytes.length
    } catch (error) {
      if (!(error instanceof DamagedInput)) throw error
      this.#stop(error.message, this.#block)
    }
  }

  /** The capture is over: says when it was cut. */
  end(): void {
    if (this.#ended) return
    if (this.#splitter === null) {
      const empty = this.#head.length === 0
      this.#stop(empty ? 'it is empty' : 'it is too short to be a capture', 0)
      return
    }
    const { heldLength, heldOffset, wanted } = this.#splitter
    if (heldLength > 0) {
      const there = wanted === 0 ? `${heldLength} bytes` : `${heldLength} of ${wanted} bytes`
      this.#stop(`the capture is cut: of its last part ${there} are there`, heldOffset)
    }
    this.#ended = true
  }

  #open(head: Buffer): BlockSplitter | null {
    const onPacket = (packet: Packet) => this.#handlers.onPacket(packet)
    const format = isPcap(head)
      ? new PcapFormat(head, this.#packet, onPacket)
      : isPcapng(head)
        ? new PcapngFormat(this.#packet, onPacket)
        : null
    if (format === null) {
      this.#stop(`it is no capture: it begins with ${head.toString('hex', 0, MAGIC)}`, 0)
      return null
    }
    const following = {
      headLength: format.headLength,
      lengthAt: (bytes: Buffer, at: number) => format.lengthAt(bytes, at),
      find: () => -1,
      take: (bytes: Buffer, at: number, end: number, offset: number) => {
        this.#block = offset
        format.take(bytes, at, end)
        this.#block = offset + end - at
      },
    }
    return new BlockSplitter(following, { held: 0 })
  }

  #stop(message: string, offset: number): void {
    this.#ended = true
    this.#handlers.onProblem({ message, record: this.packets, offset })
  }
}
