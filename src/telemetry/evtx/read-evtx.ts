/** Windows event logs (EVTX), chunk by chunk: damage costs what is damaged and nothing else. */
import { ByteReader } from '../readers/byte-reader.ts'
import { CHUNK, type ChunkPart, chunkParts } from './chunk.ts'
import { CHUNK_MAGIC, HEADER_BLOCK, isChunk, readFileHeader } from './file-header.ts'
import { BinaryXml } from './parse.ts'
import { elementsOf } from './resolve.ts'
import { BinaryXmlError, type EventListener, type XmlElement } from './xml.ts'

/** @throws what the stream throws */
export async function readEvtx(chunks: AsyncIterable<Buffer>, listener: EventListener): Promise<void> {
  await new EvtxReader(new ByteReader(chunks), listener).read()
}

class EvtxReader {
  readonly #input: ByteReader
  readonly #listener: EventListener
  #record = 0
  /** Chunks seen, zeroed ones included. */
  #chunks = 0
  /** Offsets of zeroed chunks that nothing has followed yet: the log may have reserved their place only. */
  #zeroed: number[] = []

  constructor(input: ByteReader, listener: EventListener) {
    this.#input = input
    this.#listener = listener
  }

  async read(): Promise<void> {
    const header = readFileHeader(await this.#input.peek(HEADER_BLOCK))
    await this.#input.read(header.length)
    if (header.problem !== null) this.#listener.onProblem(header.problem, false)
    let beyond = 0
    for (;;) {
      const offset = this.#input.offset
      const bytes = await this.#input.read(CHUNK)
      if (bytes.length === 0) break
      const expected = header.chunks === null ? null : this.#chunks < header.chunks
      if (isChunk(bytes)) {
        if (expected === false) beyond += 1
        this.#chunk(bytes, offset)
      } else this.#stray(bytes, offset, expected)
    }
    if (header.chunks === null) return
    if (this.#chunks < header.chunks) {
      this.#note(`the file is cut: it has ${this.#chunks} of ${header.chunks} chunks`, this.#input.offset)
    } else if (beyond > 0 && !header.dirty) {
      this.#note(`${counted(beyond, 'chunk')} more than the file header states`, 0)
    }
  }

  /** What stands where a chunk should begin and does not. `expected`: whether the file header counts it. */
  #stray(bytes: Buffer, offset: number, expected: boolean | null): void {
    const next = bytes.indexOf(CHUNK_MAGIC)
    if (next > 0) {
      this.#note(`${counted(next, 'byte')} that belong to no chunk`, offset)
      this.#input.unread(bytes.subarray(next))
      return
    }
    if (isZero(bytes)) {
      if (expected) this.#note('a chunk of nothing but zeros', offset)
      else this.#zeroed.push(offset)
      this.#chunks += 1
      return
    }
    // Behind the last chunk a closed log may hold anything.
    if (expected === false) return
    this.#chunk(bytes, offset)
  }

  #chunk(bytes: Buffer, offset: number): void {
    for (const zeroed of this.#zeroed.splice(0)) this.#note('a chunk of nothing but zeros', zeroed)
    this.#chunks += 1
    const { parts, problem } = chunkParts(bytes)
    if (problem !== null) this.#note(`chunk ${this.#chunks}: ${problem}`, offset)
    const xml = new BinaryXml(bytes)
    for (const part of parts) this.#part(xml, part, offset)
  }

  #part(xml: BinaryXml, { id, offset, begin, end, problem }: ChunkPart, base: number): void {
    this.#record += 1
    const place = { record: this.#record, offset: base + offset }
    if (problem !== null) this.#listener.onProblem({ message: problem, ...place }, id === null)
    if (id === null) return
    const event = eventIn(xml, begin, end)
    if (typeof event !== 'string') this.#listener.onEvent(event, place.record, place.offset)
    else this.#listener.onProblem({ message: `event record ${id} cannot be read: ${event}`, ...place }, true)
  }

  #note(message: string, offset: number): void {
    this.#listener.onProblem({ message, record: null, offset }, false)
  }
}

/** The event, or why it cannot be read. */
function eventIn(xml: BinaryXml, begin: number, end: number): XmlElement | string {
  try {
    return elementsOf(xml, begin, end).find(({ name }) => name === 'Event') ?? 'it holds no event'
  } catch (error) {
    if (error instanceof BinaryXmlError) return error.message
    if (error instanceof RangeError) return 'it goes beyond its chunk'
    throw error
  }
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

const ZEROS = Buffer.alloc(CHUNK)
const isZero = (bytes: Buffer) => bytes.equals(ZEROS.subarray(0, bytes.length))
