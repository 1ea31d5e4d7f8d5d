/** The patterns of a text, as one test. */
import { regex } from './regex.ts'
import { wildcard } from './wildcard.ts'

/** A test for texts that match one of the patterns as a whole. */
export function anyPattern(
  patterns: string[],
  form: 'wildcard' | 'regex',
  ignoreCase: boolean,
): (text: string) => boolean {
  const tests = patterns.map((pattern) => (form === 'regex' ? regex : wildcard)(pattern, ignoreCase))
  const [only] = tests
  return tests.length === 1 ? only! : (text) => tests.some((test) => test(text))
}
