/** What V8 does beside a program, and puts off while threads read: with few processors it takes one from them. */
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8'

/**
 * V8's own values (flag-definitions.h), and others: a function is optimised after eight times as much work, in bytes of its
 * code, and the heap is swept in one go when it is full, not a little at a time ahead of that.
 */
const USUAL = ['--interrupt-budget=67584', '--incremental-marking']
const LATER = ['--interrupt-budget=540672', '--no-incremental-marking']

/** Lets V8 put it off. Gives what undoes that. */
export function putOff(): () => void {
  const before = cachedDataVersionTag()
  set(USUAL)
  // Compiled code is kept for the same flags only: where these are not V8's own values there would be no way back to it.
  if (cachedDataVersionTag() !== before) return () => {}
  set(LATER)
  return () => set(USUAL)
}

function set(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag)
}
