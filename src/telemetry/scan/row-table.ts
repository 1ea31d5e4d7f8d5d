/** The rows of `record-scanner.wat`: what `skim` knows records by, and who is asked about them. */
import type { ScannerMemory } from './scanner-memory.ts'

const ROW_BYTES = 72
const GATE_BYTES = 12
const FIXED_BYTES = 12

/** Records that are told apart from others by nothing but their header. */
export interface Row {
  /** The marks of the fields that they have, and of those that are strings. */
  present: number
  texts: number
  /** The event id as it is written, and what else they have: the channel and the provider. */
  id: Buffer
  fixed: readonly FixedText[]
  /** Slots of the time of the event and of that of its record, and of two that show the zone of the latter; null for none. */
  times: readonly (number | null)[]
  /** The node that asks whether somebody wants one of them, and one for each who may. */
  any: number
  gates: readonly Gate[]
}

export interface FixedText {
  slot: number
  /** As it is written. */
  text: string
}

export interface Gate {
  who: number
  node: number
  /** Whether he wants one only if others make it matter. */
  canWait: boolean
}

export class RowTable {
  readonly #memory: ScannerMemory
  #count: number

  /** @param count of the rows that are there already */
  constructor(memory: ScannerMemory, count: number) {
    this.#memory = memory
    this.#count = count
  }

  get count(): number {
    return this.#count
  }

  /** Lets `skim` pass records of a row from now on. Gives the row's number; null when there is no room for it. */
  add({ present, texts, id, fixed, times, any, gates }: Row): number | null {
    const { words, bytes } = this.#memory
    const row = this.#memory.take(ROW_BYTES)
    const list = this.#memory.take(GATE_BYTES * gates.length)
    const texted = this.#memory.take(FIXED_BYTES * fixed.length)
    const places = fixed.map(({ text }) => this.#memory.take(text.length))
    if (row === null || list === null || texted === null || places.includes(null)) return null
    for (const [index, { slot, text }] of fixed.entries()) {
      bytes.write(text, places[index]!, 'latin1')
      words.set([slot << 2, places[index]!, text.length], (texted + FIXED_BYTES * index) >> 2)
    }
    const slots = Array.from({ length: 4 }, (_, index) => (times[index] ?? 0) << 2)
    const chain = this.#memory.rowsOf(id.readInt32LE())
    const written = [
      ...[words[chain]!, present, texts, texted],
      ...[id.readInt32LE(), id.readInt32LE(4), fixed.length, 0, ...slots, any, this.#count],
      ...[list, gates.length, 0],
    ]
    words.set(written, row >> 2)
    const asked = gates.flatMap(({ who, node, canWait }) => [who, node, Number(canWait)])
    words.set(asked, list >> 2)
    words[chain] = row
    this.#count += 1
    return this.#count - 1
  }
}
