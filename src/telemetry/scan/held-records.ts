/**
 * Records that are read only if other events make them matter: their bytes are kept until the input ends. What nobody
 * asks for then was never made an event.
 */
import type { Json } from '../shapes/shape.ts'
import { Gates, type NeedsOf } from './gates.ts'
import type { RecordClass } from './record-classes.ts'
import { NOBODY, type RecordScanner } from './record-scanner.ts'

/** Bytes of one input's records that are kept at most; those that come later are read at once. */
const MOST_BYTES = 16 << 20
const BLOCK = 1 << 20

interface Held {
  bytes: Buffer
  record: number
  kind: RecordClass
}

export class HeldRecords {
  /** By who may want them. */
  readonly #held = new Map<number, Held[]>()
  /** They serve one input after the other; the last in use, and how much of it. */
  readonly #blocks: Buffer[] = []
  #last = 0
  #used = 0
  #total = 0

  /** Another input begins. */
  forget(): void {
    this.#held.clear()
    this.#last = 0
    this.#used = 0
    this.#total = 0
  }

  /** Keeps a record for those who may want it; false when there is no room. */
  hold(bytes: Buffer, record: number, who: readonly number[], kind: RecordClass): boolean {
    const { length } = bytes
    if (length > BLOCK || this.#total + length > MOST_BYTES) return false
    if (this.#used + length > BLOCK) {
      this.#last += 1
      this.#used = 0
    }
    this.#blocks[this.#last] ??= Buffer.allocUnsafe(BLOCK)
    const kept = this.#blocks[this.#last]!.subarray(this.#used, this.#used + length)
    bytes.copy(kept)
    this.#used += length
    this.#total += length
    const held = { bytes: kept, record, kind }
    for (const one of who) {
      const others = this.#held.get(one)
      if (others === undefined) this.#held.set(one, [held])
      else others.push(held)
    }
    return true
  }

  countFor(who: number): number {
    return this.#held.get(who)?.length ?? 0
  }

  /** What is held for one who looks for events; of these, where `needsOf` is given, only what may have what it asks for. */
  *recordsFor(
    who: number,
    scanner: RecordScanner,
    needsOf: NeedsOf | null,
  ): Generator<{ value: Json; record: number }> {
    const held = this.#held.get(who) ?? []
    if (needsOf === null) for (const one of held) yield readHeld(one)
    else {
      yield* scanner.briefly(function* () {
        const gates = new Gates(scanner, needsOf)
        for (const one of held) if (mayPass(one, scanner, gates)) yield readHeld(one)
      })
    }
  }
}

const readHeld = ({ bytes, record }: Held) => ({ value: JSON.parse(bytes.toString()), record })

function mayPass({ bytes, kind }: Held, scanner: RecordScanner, gates: Gates): boolean {
  const { all, any } = gates.of(kind)
  if (all.length > 0 || any === NOBODY) return all.length > 0
  bytes.copy(scanner.text)
  scanner.endAt(bytes.length)
  scanner.scan(0, bytes.length)
  return scanner.asks(any)
}
