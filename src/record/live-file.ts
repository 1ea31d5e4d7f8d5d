/** A file that is written again and again while it grows, and is whole at any moment. */
import { renameSync, writeFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Real time within which several changes become one write. */
const DELAY_MS = 200

export interface LiveFile<Content> {
  /**
   * Writes the content soon; several calls within the delay become one write. The first is on disk when it returns; it
   * throws what the write threw.
   */
  save(content: Content): void
  /** Writes what is left to write, at once. Throws what a write threw. */
  close(): Promise<void>
}

/** The file `name` in `folder`, which is made when it is missing. Throws when it cannot be written. */
export async function openLiveFile<Content>(
  folder: string,
  name: string,
  textOf: (content: Content) => string,
): Promise<LiveFile<Content>> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  const aside = join(folder, `.${name}.part`)
  let latest: { content: Content } | null = null
  let begun = false
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    // The text is made when its turn has come: a slow disk does not pile up old ones. After a failure it is tried again.
    writing = writing
      .catch(() => {})
      .then(async () => {
        if (latest === null) return
        const taken = latest
        latest = null
        try {
          // Whoever reads meanwhile, or after a crash, finds the old file or the new one, never a part.
          await writeFile(aside, textOf(taken.content), { flush: true })
          await rename(aside, path)
        } catch (error) {
          latest ??= taken
          throw error
        }
      })
    // Reported by close(); a failed write must not end the run that it is about.
    writing.catch(() => {})
    return writing
  }
  return {
    save(content) {
      if (!begun) {
        begun = true
        writeFileSync(aside, textOf(content), { flush: true })
        renameSync(aside, path)
        return
      }
      latest = { content }
      timer ??= setTimeout(write, DELAY_MS)
    },
    close: write,
  }
}
