/** "Did you mean …?" */
import { distance } from 'fastest-levenshtein'

/** The known word that a misspelled one most likely stands for; undefined when none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  // A third of the letters may be wrong, at least two: `rnu` still finds `run`.
  let limit = Math.max(2, Math.floor(word.length / 3))
  for (const candidate of known) {
    const apart = distance(wanted, candidate.toLowerCase())
    if (apart > limit || apart >= Math.max(word.length, candidate.length)) continue
    best = candidate
    limit = apart - 1
  }
  return best
}

/** The mend for an unknown word: the nearest known one, else the list of all when it is short. */
export function mendUnknown(word: string, known: Iterable<string>, plural: string): string | undefined {
  const all = [...known]
  const found = nearest(word, all)
  if (found !== undefined) return `did you mean '${found}'?`
  if (all.length === 0) return undefined
  const shown = all.slice(0, 12)
  const more = all.length > shown.length ? `, and ${all.length - shown.length} more` : ''
  return `${plural}: ${shown.join(', ')}${more}`
}
