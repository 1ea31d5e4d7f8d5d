/** Files in the user's cache: what can be made again. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../io.ts'

export class UserCache {
  readonly #folder: string

  constructor({ env }: Pick<Io, 'env'>) {
    this.#folder = join(env.XDG_CACHE_HOME || env.LOCALAPPDATA || join(homedir(), '.cache'), 'tocsin')
  }

  /** Throws when there is no such file. */
  read(name: string): Buffer {
    return readFileSync(join(this.#folder, name))
  }

  /** A cache that cannot be written is none, and no mistake of the user's. */
  write(name: string, content: string | Uint8Array): void {
    const path = join(this.#folder, name)
    const own = `${path}.${process.pid}`
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      writeFileSync(own, content, { mode: 0o600 })
      renameSync(own, path)
    } catch {}
  }
}
