/** When V8 optimises what runs often: with few processors its compilers take one from the threads that read. */
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8'

/** How much a function does before it is optimised, in bytes of its code. V8's own value (flag-definitions.h), and eight times as much. */
const USUAL = 66 << 10
const LATER = 8 * USUAL

/** Lets functions run longer before they are optimised. Gives what undoes it. */
export function optimiseLater(): () => void {
  const before = cachedDataVersionTag()
  setBudget(USUAL)
  // Compiled code is kept for the same flags only: where this is not V8's own value there would be no way back to it.
  if (cachedDataVersionTag() !== before) return () => {}
  setBudget(LATER)
  return () => setBudget(USUAL)
}

const setBudget = (bytes: number) => setFlagsFromString(`--interrupt-budget=${bytes}`)
