/**
 * The flows of a capture by their ends, in arrays of numbers: looking one up makes no object. The table has a fixed
 * size; when it is full, the flow that was quiet for the longest gives its place away.
 */

/** Words of a key: two addresses of four, and both ports in one. */
const KEY_WORDS = 9

export class FlowTable {
  readonly capacity: number
  /** What its user makes of a flow; 0 for one that is new. */
  readonly state: Uint8Array
  /** 1 when the last flow that was looked up goes from its second end to its first, else 0. */
  direction = 0

  readonly #onEvict: (slot: number) => void
  readonly #keys: Uint32Array
  readonly #buckets: Int32Array
  readonly #bucketOf: Int32Array
  readonly #nextInBucket: Int32Array
  /** Neighbours in the order of use. */
  readonly #older: Int32Array
  readonly #newer: Int32Array
  #newest = -1
  #oldest = -1
  #used = 0

  /** @param capacity a power of two */
  constructor(capacity: number, onEvict: (slot: number) => void) {
    this.capacity = capacity
    this.#onEvict = onEvict
    this.state = new Uint8Array(capacity)
    this.#keys = new Uint32Array(capacity * KEY_WORDS)
    this.#buckets = new Int32Array(capacity * 2).fill(-1)
    this.#bucketOf = new Int32Array(capacity)
    this.#nextInBucket = new Int32Array(capacity).fill(-1)
    this.#older = new Int32Array(capacity).fill(-1)
    this.#newer = new Int32Array(capacity).fill(-1)
  }

  /** The slot that was quiet for the longest; -1 when there is none. */
  get oldest(): number {
    return this.#oldest
  }

  /** The slot used next after this one; -1 when there is none. */
  newerThan(slot: number): number {
    return this.#newer[slot]!
  }

  /** The flow's slot, a new one where it is not known. `addresses`: source and destination, four words each. */
  slotOf(addresses: Uint32Array, sourcePort: number, destinationPort: number): number {
    const reversed = isReversed(addresses, sourcePort, destinationPort)
    this.direction = reversed ? 1 : 0
    const first = reversed ? 4 : 0
    const second = 4 - first
    const ports = (reversed ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort) >>> 0
    let hash = Math.imul(ports ^ (ports >>> 15), 0x2c1b3c6d)
    for (let word = 0; word < 4; word += 1) {
      hash = Math.imul(hash ^ addresses[first + word]!, 0x9e3779b1)
      hash = Math.imul((hash ^ (hash >>> 13)) + addresses[second + word]!, 0x85ebca6b)
    }
    const bucket = (hash ^ (hash >>> 16)) & (this.#buckets.length - 1)
    for (let slot = this.#buckets[bucket]!; slot !== -1; slot = this.#nextInBucket[slot]!) {
      if (this.#is(slot, addresses, first, second, ports)) {
        if (slot !== this.#newest) this.#touch(slot)
        return slot
      }
    }
    return this.#add(bucket, addresses, first, second, ports)
  }

  #is(slot: number, addresses: Uint32Array, first: number, second: number, ports: number): boolean {
    const key = slot * KEY_WORDS
    const keys = this.#keys
    if (keys[key + 8] !== ports) return false
    for (let word = 0; word < 4; word += 1) {
      if (keys[key + word] !== addresses[first + word] || keys[key + 4 + word] !== addresses[second + word])
        return false
    }
    return true
  }

  #add(bucket: number, addresses: Uint32Array, first: number, second: number, ports: number): number {
    const slot = this.#used < this.capacity ? this.#used++ : this.#evict()
    const key = slot * KEY_WORDS
    for (let word = 0; word < 4; word += 1) {
      this.#keys[key + word] = addresses[first + word]!
      this.#keys[key + 4 + word] = addresses[second + word]!
    }
    this.#keys[key + 8] = ports
    this.state[slot] = 0
    this.#bucketOf[slot] = bucket
    this.#nextInBucket[slot] = this.#buckets[bucket]!
    this.#buckets[bucket] = slot
    this.#newest = this.#link(slot)
    return slot
  }

  #evict(): number {
    const slot = this.#oldest
    this.#onEvict(slot)
    this.#unlink(slot)
    const bucket = this.#bucketOf[slot]!
    const following = this.#nextInBucket[slot]!
    if (this.#buckets[bucket] === slot) this.#buckets[bucket] = following
    else {
      let before = this.#buckets[bucket]!
      while (this.#nextInBucket[before] !== slot) before = this.#nextInBucket[before]!
      this.#nextInBucket[before] = following
    }
    return slot
  }

  #touch(slot: number): void {
    this.#unlink(slot)
    this.#newest = this.#link(slot)
  }

  #link(slot: number): number {
    this.#older[slot] = this.#newest
    this.#newer[slot] = -1
    if (this.#newest === -1) this.#oldest = slot
    else this.#newer[this.#newest] = slot
    return slot
  }

  #unlink(slot: number): void {
    const older = this.#older[slot]!
    const newer = this.#newer[slot]!
    if (older === -1) this.#oldest = newer
    else this.#newer[older] = newer
    if (newer === -1) this.#newest = older
    else this.#older[newer] = older
  }
}

/** The end with the lower address comes first; with one address, the one with the lower port. */
function isReversed(addresses: Uint32Array, sourcePort: number, destinationPort: number): boolean {
  for (let word = 0; word < 4; word += 1) {
    const source = addresses[word]!
    const destination = addresses[word + 4]!
    if (source !== destination) return source > destination
  }
  return sourcePort > destinationPort
}
