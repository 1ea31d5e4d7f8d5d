/** Files of evidence in a run's folder: written as they come, with the SHA-256 of what was written. */
import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { EvidenceFile } from '../engine/ports.ts'

/** Opens a file by its path from the folder; an older one there is replaced. What cannot be written is said by `close`. */
export function openEvidence(folder: string, path: string): EvidenceFile {
  const at = join(folder, path)
  const hash = createHash('sha256')
  let bytes = 0
  let stream: ReturnType<typeof createWriteStream>
  let failed: Error | undefined
  try {
    mkdirSync(dirname(at), { recursive: true })
    // It holds what hosts said to each other: for its owner only.
    stream = createWriteStream(at, { mode: 0o600, flush: true })
    stream.on('error', (error) => {
      failed ??= error
    })
  } catch (error) {
    failed = error as Error
  }
  return {
    write(chunk) {
      if (failed !== undefined) return
      bytes += chunk.length
      hash.update(chunk)
      stream.write(chunk)
    },
    async close() {
      if (failed === undefined) await finished(stream.end()).catch((error: Error) => (failed ??= error))
      if (failed !== undefined) throw failed
      return { sha256: hash.digest('hex'), bytes }
    },
  }
}
