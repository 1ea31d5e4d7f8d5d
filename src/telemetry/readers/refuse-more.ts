/** What stands behind the end of compressed data. */
import type { ByteReader } from './byte-reader.ts'
import { DamagedInput } from './damage.ts'

/** Reads to the end of the stream. @throws DamagedInput for anything but zeros, which are padding */
export async function refuseMore(reader: ByteReader, format: string): Promise<void> {
  const end = reader.offset
  let strange = false
  for await (const chunk of reader.rest()) strange ||= chunk.some((byte) => byte !== 0)
  if (!strange) return
  const bytes = reader.offset - end
  const follow = bytes === 1 ? `1 byte that is not ${format} follows` : `${bytes} bytes that are not ${format} follow`
  throw new DamagedInput(`${follow} its end, from byte ${end} of the compressed data`)
}
