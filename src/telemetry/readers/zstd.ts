/** Zstandard streams, frames joined. */
import { Decompress, ZstdErrorCode } from 'fzstd'
import type { ByteReader } from './byte-reader.ts'
import { DamagedInput } from './damage.ts'
import type { Gauge } from './gauge.ts'

/** What comes of more is held at once. */
const INPUT_CHUNK = 1 << 14

/** A stream to the end of the input. @throws DamagedInput where it is cut or damaged */
export async function* unzstd(reader: ByteReader, gauge: Gauge): AsyncGenerator<Buffer> {
  const output: Buffer[] = []
  const engine = new Decompress((chunk) => output.push(Buffer.from(chunk)))
  for (let more = true; more; ) {
    const chunk = await reader.chunk(INPUT_CHUNK)
    more = chunk !== null
    let failure: unknown = null
    try {
      engine.push(chunk ?? new Uint8Array(0), chunk === null)
    } catch (error) {
      failure = error
    }
    for (const part of output.splice(0)) {
      gauge.made(part.length)
      yield part
    }
    if (failure !== null) throw damage(failure)
  }
}

function damage(error: unknown): DamagedInput {
  const { code, message } = error as { code?: number; message: string }
  if (code === ZstdErrorCode.UnexpectedEOF) return new DamagedInput('the compressed data is cut')
  return new DamagedInput(`the compressed data is damaged (${message})`)
}
