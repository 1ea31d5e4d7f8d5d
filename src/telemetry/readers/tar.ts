/** Tar archives, member by member. */
import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import type { ByteReader } from './byte-reader.ts'
import { DamagedInput } from './damage.ts'

export interface TarMember {
  name: string
  chunks: AsyncIterable<Buffer>
}

/**
 * The members that are files, each to be read before the next is asked for.
 * @throws DamagedInput where the archive is cut or damaged
 */
export async function* tarMembers(reader: ByteReader): AsyncGenerator<TarMember> {
  const archive = extract()
  const source = Readable.from(reader.rest(), { objectMode: false })
  source.on('error', (error) => archive.destroy(error))
  source.pipe(archive)
  try {
    for await (const entry of archive) {
      if (entry.header.type === 'file') yield { name: entry.header.name, chunks: entry as AsyncIterable<Buffer> }
      entry.resume()
    }
  } catch (error) {
    throw error instanceof DamagedInput
      ? error
      : new DamagedInput(`the archive is cut or damaged (${(error as Error).message})`)
  } finally {
    source.destroy()
  }
}

/** Whether a block is a tar header: `ustar` stands at byte 257. */
export const looksLikeTar = (block: Buffer): boolean =>
  block.length >= 262 && block.toString('latin1', 257, 262) === 'ustar'
