/** What was learned of records' headers while analytics looked for events, one file a folder of analytics in the user's cache. */
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import type { Learned } from '../../telemetry/scan/sieve.ts'
import type { Io } from '../io.ts'
import type { Contender } from './contender.ts'
import type { LoadedAnalytics } from './load-analytics.ts'
import type { LearnedStore } from './source-reader.ts'
import { UserCache } from './user-cache.ts'

/** Of what is damaged, nothing is believed: how long the key is, and the checksum of the key and what follows it. */
const HEAD_BYTES = 8
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
    this.#key = Buffer.from(`${key}\n${JSON.stringify(contenders.map(({ id, language }) => [id, language]))}`)
  }

  read(): Learned | null {
    try {
      const bytes = this.#cache.read(this.#name)
      const end = HEAD_BYTES + this.#key.length
      const isOurs = bytes.readUInt32LE(0) === this.#key.length && bytes.subarray(HEAD_BYTES, end).equals(this.#key)
      return isOurs && bytes.readUInt32LE(4) === crc32(bytes.subarray(HEAD_BYTES))
        ? deserialize(bytes.subarray(end))
        : null
    } catch {
      return null
    }
  }

  write(learned: Learned): void {
    if (learned.channels.length > MOST_CHANNELS) return
    const data = serialize(learned)
    if (data.length > MOST_BYTES) return
    const content = Buffer.concat([this.#key, data])
    const head = Buffer.alloc(HEAD_BYTES)
    head.writeUInt32LE(this.#key.length, 0)
    head.writeUInt32LE(crc32(content), 4)
    this.#cache.write(this.#name, Buffer.concat([head, content]))
  }
}
