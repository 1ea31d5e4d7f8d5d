/** The answer to the endpoint mapper's ept_map (opnum 3), in NDR32 and in NDR64: C706 appendix O, MS-RPCE 2.2.1.2.5. */
import { u32 } from './header.ts'
import { type Tower, towerAt } from './tower.ts'

export const EPT_MAP = 3
const HANDLE_LENGTH = 20
const MOST_TOWERS = 500

/**
 * The towers of an answer's body. `wide`: NDR64, whose counts and pointers have eight bytes and are aligned to eight.
 * What does not read as an answer, an encrypted one above all, gives no tower.
 */
export function towersOf(stub: Buffer, { wide, little }: { wide: boolean; little: boolean }): Tower[] {
  const size = wide ? 8 : 4
  let at = HANDLE_LENGTH
  const aligned = (to: number) => Math.ceil(at / to) * to
  const number = (length: number): number | null => {
    at = aligned(length)
    if (at + length > stub.length) return null
    // Counts and pointers are told from zero only: the lower half of eight bytes is enough.
    const value = u32(stub, length === 8 && !little ? at + 4 : at, little)
    at += length
    return value
  }
  if (number(4) === null) return []
  const [, , count] = [number(size), number(size), number(size)]
  if (count === null || count === undefined || count > MOST_TOWERS) return []
  let pointers = 0
  for (let index = 0; index < count; index += 1) if (number(size)) pointers += 1
  const towers: Tower[] = []
  for (let index = 0; index < pointers; index += 1) {
    const capacity = number(size)
    const length = number(4)
    if (capacity === null || length === null || length > capacity || at + length > stub.length) break
    const tower = towerAt(stub, at, at + length)
    if (tower !== null) towers.push(tower)
    at += length
  }
  return towers
}
