/** `--scrub` and `--scrub-key`, of every command that writes a recording. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { mendUnknown } from '../files/suggest.ts'
import { SCRUBBABLE, type Scrubbable } from '../model/scrubbable.ts'
import type { Scrubber } from '../record/scrub/scrubber.ts'
import { type Io, UsageError } from './io.ts'

export interface ScrubOptions {
  record?: string
  scrub?: string
  scrubKey?: string
}

export const addScrubOptions = (command: Command): Command =>
  command
    .option('--scrub <list>', `with --record: replace these by pseudonyms, with commas: ${SCRUBBABLE.join(',')}`)
    .option(
      '--scrub-key <file>',
      'with --scrub: the key, so that recordings agree; default: a random one that is not kept',
    )

/** Bytes of the shortest key that nobody can guess. */
const SHORTEST_KEY = 16

/** Undefined when nothing is to be scrubbed. Throws `UsageError` for options that do not go together. */
export async function scrubberFor({ record, scrub, scrubKey }: ScrubOptions, io: Io): Promise<Scrubber | undefined> {
  if (scrub === undefined) {
    if (scrubKey !== undefined) throw new UsageError('--scrub-key needs --scrub, which says what to replace')
    return undefined
  }
  if (record === undefined) throw new UsageError('--scrub needs --record: it is recordings that are scrubbed')
  const what = scrub.split(',').map((name) => name.trim())
  for (const name of what) {
    if (isScrubbable(name)) continue
    throw new UsageError(`--scrub: there is no ${name}: ${mendUnknown(name, SCRUBBABLE, 'there are')}`)
  }
  const key = scrubKey === undefined ? randomBytes(32) : await keyFrom(scrubKey, io)
  const { createScrubber } = await import('../record/scrub/scrubber.ts')
  return createScrubber(what as Scrubbable[], key)
}

const isScrubbable = (name: string): name is Scrubbable => (SCRUBBABLE as readonly string[]).includes(name)

async function keyFrom(path: string, io: Io): Promise<Uint8Array> {
  const key = await readFile(resolve(io.cwd, path)).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--scrub-key ${path}: it cannot be read (${error.code})`)
  })
  if (key.length >= SHORTEST_KEY) return key
  throw new UsageError(
    `--scrub-key ${path}: a key has at least ${SHORTEST_KEY} bytes\n  make one: openssl rand -out ${path} 32`,
  )
}
