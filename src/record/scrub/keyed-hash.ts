/** Pseudonyms: the same for the same value and key, and no way back without the key. */
import { createHmac } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const LENGTH = 8

export class KeyedHash {
  readonly #key: Uint8Array

  constructor(key: Uint8Array) {
    this.#key = key
  }

  /** 32 bytes. */
  bytes(value: string): Buffer {
    return createHmac('sha256', this.#key).update(value).digest()
  }

  /** `x` and 8 letters or digits: short enough for a NetBIOS name. */
  name(value: string): string {
    return `x${[...this.bytes(value).subarray(0, LENGTH)].map((byte) => ALPHABET[byte % 32]).join('')}`
  }

  guid(value: string): string {
    const hex = this.bytes(value).toString('hex')
    return [8, 4, 4, 4, 12].map((length, part) => hex.slice(part * 4, part * 4 + length)).join('-')
  }
}
