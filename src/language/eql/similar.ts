/** Names like a misspelt one, as Elasticsearch proposes them. */
import { distance } from 'fastest-levenshtein'

const LEAST_SIMILARITY = 0.5

/** The known names that share at least half of their letters' places, the most similar first. */
export function similarNames(name: string, known: Iterable<string>): string[] {
  return [...known]
    .map((candidate) => ({
      candidate,
      similarity: 1 - distance(name, candidate) / Math.max(name.length, candidate.length),
    }))
    .filter(({ similarity }) => similarity >= LEAST_SIMILARITY)
    .sort((a, b) => b.similarity - a.similarity || (a.candidate < b.candidate ? -1 : 1))
    .map(({ candidate }) => candidate)
}

/** `, did you mean [pid]?`, `, did you mean any of [pid, ppid]?`, or nothing. */
export function proposal(names: string[]): string {
  if (names.length === 0) return ''
  return `, did you mean ${names.length === 1 ? '' : 'any of '}[${names.join(', ')}]?`
}
