/** Colours of a terminal, all of them left out where it takes none. */
import picocolors from 'picocolors'
import type { Outcome } from '../../model/words.ts'

export interface Paint {
  bold(text: string): string
  dim(text: string): string
  outcome: Record<Outcome, (text: string) => string>
}

export function paintFor(colour: boolean): Paint {
  const { bold, dim, green, red, yellow, magenta } = picocolors.createColors(colour)
  return {
    bold,
    dim,
    outcome: {
      expected: green,
      unexpected: (text) => bold(red(text)),
      'known-gap': yellow,
      inconclusive: magenta,
    },
  }
}
