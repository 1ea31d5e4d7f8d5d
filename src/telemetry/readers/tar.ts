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
  const state = { failed: false }
  try {
    for await (const entry of archive) {
      if (entry.header.type === 'file') yield { name: entry.header.name, chunks: contents(entry, state) }
      entry.resume()
    }
  } catch (error) {
    // A member that was cut has said so already.
    if (!state.failed) throw damage(error)
  } finally {
    source.destroy()
  }
}

async function* contents(entry: AsyncIterable<unknown>, state: { failed: boolean }): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of entry) yield chunk as Buffer
  } catch (error) {
    state.failed = true
    throw damage(error)
  }
}

const damage = (error: unknown) =>
  error instanceof DamagedInput
    ? error
    : new DamagedInput(`the archive is cut or damaged (${(error as Error).message.toLowerCase()})`)
