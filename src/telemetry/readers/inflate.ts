/** Deflated streams, chunk by chunk, with zlib's own threads at work on the next chunk meanwhile. */
import { createInflateRaw } from 'node:zlib'
import type { ByteReader } from './byte-reader.ts'
import { DamagedInput } from './damage.ts'
import type { Gauge } from './gauge.ts'

/** Large output buffers: each one costs a turn of the event loop. */
const OUTPUT_CHUNK = 1 << 20
const INPUT_CHUNK = 1 << 16

/** A raw deflate stream of `size` bytes, or up to its own end when the size is null. The reader is left right after it. */
export async function* inflateRaw(reader: ByteReader, size: number | null, gauge: Gauge): AsyncGenerator<Buffer> {
  const engine = createInflateRaw({ chunkSize: OUTPUT_CHUNK })
  const output: Buffer[] = []
  let failure: Error | null = null
  let ended = false
  /** Lets go on what waits for the engine: it took its input, came to its end, or failed. */
  let wake = () => {}
  const settled = (start: () => void) =>
    new Promise<void>((resolve) => {
      wake = resolve
      start()
    })
  engine.on('data', (chunk: Buffer) => output.push(chunk))
  engine.on('error', (error: Error) => {
    failure = error
    wake()
  })
  engine.on('end', () => {
    ended = true
    wake()
  })
  let given = 0

  /** Takes one chunk in; false when there is nothing more to take. */
  const step = async (): Promise<boolean> => {
    const chunk = await reader.chunk(size === null ? INPUT_CHUNK : Math.min(INPUT_CHUNK, size - given))
    if (chunk === null || chunk.length === 0) {
      if (failure === null) await settled(() => engine.end())
      return false
    }
    given += chunk.length
    await settled(() => engine.write(chunk, () => wake()))
    if (failure !== null) return false
    const unused = given - engine.bytesWritten
    if (unused === 0) return true
    reader.unread(chunk.subarray(chunk.length - unused))
    given -= unused
    // The stream ended by itself before the chunk did; its last output may still be on the way.
    if (!ended) await settled(() => {})
    return false
  }

  try {
    let next = step()
    for (;;) {
      const more = await next
      const chunks = output.splice(0)
      if (more) next = step()
      for (const chunk of chunks) {
        try {
          gauge.made(chunk.length)
        } catch (error) {
          // The engine must not be taken away while it works.
          if (more) await next
          throw error
        }
        yield chunk
      }
      if (!more) break
    }
    const problem = failure as Error | null
    if (problem !== null) throw new DamagedInput(reason(problem))
  } finally {
    engine.destroy()
  }
}

const reason = (error: NodeJS.ErrnoException) =>
  error.code === 'Z_BUF_ERROR' ? 'the compressed data is cut' : `the compressed data is damaged (${error.message})`
