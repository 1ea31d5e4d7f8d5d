/** What was learned of records' headers while analytics looked for events, one file a folder of analytics in the user's cache. */
import { deserialize, serialize } from 'node:v8'
import type { Learned } from '../../telemetry/scan/sieve.ts'
import type { Io } from '../io.ts'
import type { Contender } from './contender.ts'
import type { LoadedAnalytics } from './load-analytics.ts'
import type { LearnedStore } from './source-reader.ts'
import { hashOf, UserCache } from './user-cache.ts'

const HASH_BYTES = 32
/** More is not worth reading again. */
const MOST_BYTES = 1 << 20
/** A recording with more is unusual: it must not fill the tables for all others. */
const MOST_CHANNELS = 200

export class LearnedCache implements LearnedStore {
  readonly #cache: UserCache
  readonly #name: string
  /** Other analytics, or others of them, want other events. */
  readonly #key: Buffer

  constructor({ key, name }: LoadedAnalytics, contenders: readonly Contender[], io: Io) {
    this.#cache = new UserCache(io)
    this.#name = `records-${name}.bin`
    this.#key = hashOf(JSON.stringify([key, ...contenders.map(({ id, language }) => [id, language])]))
  }

  read(): Learned | null {
    try {
      const bytes = this.#cache.read(this.#name)
      const [key, hash] = [bytes.subarray(0, HASH_BYTES), bytes.subarray(HASH_BYTES, 2 * HASH_BYTES)]
      const data = bytes.subarray(2 * HASH_BYTES)
      return this.#key.equals(key) && hashOf(data).equals(hash) ? deserialize(data) : null
    } catch {
      return null
    }
  }

  write(learned: Learned): void {
    if (learned.channels.length > MOST_CHANNELS) return
    const data = serialize(learned)
    if (data.length < MOST_BYTES) this.#cache.write(this.#name, Buffer.concat([this.#key, hashOf(data), data]))
  }
}
