/** What was learned of records' headers while analytics looked for events, one file a folder of analytics in the user's cache. */
import { deserialize, serialize } from 'node:v8'
import { sha256 } from '../../record/recording/format.ts'
import type { Learned } from '../../telemetry/scan/sieve.ts'
import type { Io } from '../io.ts'
import type { Contender } from './contender.ts'
import type { LoadedAnalytics } from './load-analytics.ts'
import type { LearnedStore } from './source-reader.ts'
import { UserCache } from './user-cache.ts'

/** In hexadecimal digits. */
const HASH_BYTES = 64
/** More is not worth reading again. */
const MOST_BYTES = 1 << 20
/** A recording with more is unusual: it must not fill the tables for all others. */
const MOST_CHANNELS = 200

export class LearnedCache implements LearnedStore {
  readonly #cache: UserCache
  readonly #name: string
  /** Other analytics, or others of them, want other events. */
  readonly #key: string

  constructor({ key, name }: LoadedAnalytics, contenders: readonly Contender[], io: Io) {
    this.#cache = new UserCache(io)
    this.#name = `records-${name}.bin`
    this.#key = sha256(JSON.stringify([key, ...contenders.map(({ id, language }) => [id, language])]))
  }

  read(): Learned | null {
    try {
      const bytes = this.#cache.read(this.#name)
      const head = bytes.toString('latin1', 0, 2 * HASH_BYTES)
      const data = bytes.subarray(2 * HASH_BYTES)
      return head === this.#key + sha256(data) ? deserialize(data) : null
    } catch {
      return null
    }
  }

  write(learned: Learned): void {
    if (learned.channels.length > MOST_CHANNELS) return
    const data = serialize(learned)
    if (data.length < MOST_BYTES)
      this.#cache.write(this.#name, Buffer.concat([Buffer.from(this.#key + sha256(data)), data]))
  }
}
