/** The mend for an unknown word. */
import { closest } from '../model/closest.ts'

/** "Did you mean …?", or the list of all known words when none is near. */
export function mendUnknown(word: string, known: Iterable<string>, plural: string): string | undefined {
  const all = [...known]
  if (all.length === 0) return undefined
  const found = closest(word, all)
  if (found !== null) return `did you mean '${found}'?`
  const shown = all.slice(0, 12)
  const more = all.length > shown.length ? `, and ${all.length - shown.length} more` : ''
  return `${plural}: ${shown.join(', ')}${more}`
}
