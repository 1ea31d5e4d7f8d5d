/** Needs of queries as nodes, ready to be asked of the record that was scanned last. */
import type { Needs } from '../../model/needs.ts'
import { NOBODY, type RecordScanner, SOMEBODY } from './record-scanner.ts'

/**
 * The node where the question begins: it comes to `no` only for a record that certainly has not what is needed. `yes` and `no`
 * themselves where every record may have it, or none has.
 */
export function compileGate(needs: Needs, scanner: RecordScanner, yes = SOMEBODY, no = NOBODY): number {
  switch (needs.kind) {
    case 'nothing':
      return yes
    case 'impossible':
      return no
    case 'literal':
      return literalGate(needs, scanner, yes, no)
    case 'all':
      return needs.of.reduceRight((next, one) => compileGate(one, scanner, next, no), yes)
    case 'any':
      return needs.of.reduceRight((next, one) => compileGate(one, scanner, yes, next), no)
  }
}

function literalGate(
  { fields, text }: Needs & { kind: 'literal' },
  scanner: RecordScanner,
  yes: number,
  no: number,
): number {
  // As JSON writes it: a backslash is two.
  const wanted = JSON.stringify(text).slice(1, -1)
  return fields.reduceRight((next, field) => {
    const slot = scanner.slotOf(field)
    return slot === null ? yes : scanner.node(slot, wanted, yes, next)
  }, no)
}
