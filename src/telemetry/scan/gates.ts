/** For each kind of event who may want one, as nodes that ask. */
import type { Needs, OriginsOf } from '../../model/needs.ts'
import { compileGate } from './gate.ts'
import { originsIn } from './origins.ts'
import { NOBODY, type RecordScanner, SOMEBODY } from './record-scanner.ts'

/** What each of those who look for events needs of a record, given where the fields of its kind come from. */
export type NeedsOf = (originsOf: OriginsOf) => readonly Needs[]

/** For events of one kind: who wants them all, who has a node that asks, and the node that asks for all of these; the others want none. */
export interface GatesOfKind {
  all: number[]
  some: { who: number; gate: number }[]
  any: number
}

export class Gates {
  readonly #scanner: RecordScanner
  readonly #needsOf: NeedsOf
  /** By event id and channel. */
  readonly known: Map<string, GatesOfKind>

  constructor(scanner: RecordScanner, needsOf: NeedsOf, known = new Map<string, GatesOfKind>()) {
    this.#scanner = scanner
    this.#needsOf = needsOf
    this.known = known
  }

  /** The fields that they look at are noted from the next scan on. */
  of({ channel, eventId }: { channel: string; eventId: number }): GatesOfKind {
    const name = `${eventId} ${channel}`
    let gates = this.known.get(name)
    if (gates === undefined) {
      gates = { all: [], some: [], any: NOBODY }
      for (const [who, needs] of this.#needsOf(originsIn(channel, eventId)).entries()) {
        const gate = compileGate(needs, this.#scanner)
        if (gate === SOMEBODY) gates.all.push(who)
        else if (gate !== NOBODY) {
          gates.some.push({ who, gate })
          gates.any = compileGate(needs, this.#scanner, SOMEBODY, gates.any)
        }
      }
      this.known.set(name, gates)
    }
    return gates
  }
}
