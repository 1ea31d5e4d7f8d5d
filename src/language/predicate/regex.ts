/** Regular expressions of queries, in linear time. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Loaded with the first expression: few queries have one. */
const re2js = (): typeof import('re2js') => require('re2js')

/** Time is linear in the text times this: repetitions such as `(x{500}){2}` are written out. */
const MOST_INSTRUCTIONS = 10_000

/** A query is checked before it is evaluated: each expression is met twice. */
const known = new Map<string, (text: string) => boolean>()
const MOST_KNOWN = 100

/** A test for texts that match the whole expression. Throws when it is not one, or too large a one. */
export function regex(pattern: string, ignoreCase = false): (text: string) => boolean {
  const key = `${ignoreCase} ${pattern}`
  let test = known.get(key)
  if (test === undefined) {
    test = compile(pattern, ignoreCase)
    if (known.size === MOST_KNOWN) known.clear()
    known.set(key, test)
  }
  return test
}

function compile(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const { RE2JS } = re2js()
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0))
  const size = compiled.programSize()
  if (size > MOST_INSTRUCTIONS) {
    throw new Error(`its repetitions make ${size} steps, more than ${MOST_INSTRUCTIONS} are not tried`)
  }
  return (text) => compiled.matches(text)
}

/** Why a text is no regular expression; null when it is one. */
export function regexProblem(pattern: string, ignoreCase = false): string | null {
  try {
    regex(pattern, ignoreCase)
    return null
  } catch (error) {
    // The message shows the expression with the flags that were put before it.
    return (error instanceof Error ? error.message : String(error)).replace(/\(\?s\)(\(\?i\))?/, '')
  }
}
