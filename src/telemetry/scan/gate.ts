/** Needs of queries, ready to be asked of the record that was scanned last. */
import type { Needs } from '../../model/needs.ts'
import type { RecordScanner } from './record-scanner.ts'

/** Whether a record may have what is needed; false only when it certainly has not. */
export type Gate = () => boolean

/** Null when every record may have it. */
export function compileGate(needs: Needs, scanner: RecordScanner): Gate | null {
  switch (needs.kind) {
    case 'nothing':
      return null
    case 'impossible':
      return () => false
    case 'literal':
      return literalGate(needs.fields, needs.text, scanner)
    case 'all': {
      const gates = needs.of.map((one) => compileGate(one, scanner)).filter((gate) => gate !== null)
      return gates.length === 0 ? null : () => everyOne(gates)
    }
    case 'any': {
      const gates = needs.of.map((one) => compileGate(one, scanner)).filter((gate) => gate !== null)
      return gates.length < needs.of.length ? null : () => anyOne(gates)
    }
  }
}

function literalGate(fields: readonly string[], text: string, scanner: RecordScanner): Gate | null {
  // As JSON writes it: a backslash is two.
  const wanted = JSON.stringify(text).slice(1, -1)
  const searches = fields.map((field) => {
    const slot = scanner.slotOf(field)
    return slot === null ? null : scanner.searchFor(slot, wanted)
  })
  const known = searches.filter((search) => search !== null)
  if (known.length < searches.length) return null
  const [only] = known
  return known.length === 1 ? only! : () => anyOne(known)
}

function everyOne(gates: readonly Gate[]): boolean {
  for (const gate of gates) if (!gate()) return false
  return true
}

function anyOne(gates: readonly Gate[]): boolean {
  for (const gate of gates) if (gate()) return true
  return false
}
