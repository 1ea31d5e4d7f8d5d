/** "Did you mean …": the name that a misspelled one is nearest to. */
import { distance } from 'fastest-levenshtein'

/** The nearest of `names`, without regard to case, or null when none is near enough to be meant. */
export function closest(name: string, names: Iterable<string>): string | null {
  let best: string | null = null
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of names) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase())
    if (far < least) {
      least = far
      best = candidate
    }
  }
  return best
}
