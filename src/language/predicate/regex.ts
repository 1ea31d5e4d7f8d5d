/** Regular expressions of queries, in linear time. */
import { RE2JS } from 're2js'

/** A test for texts that match the whole expression. Throws when it is not one. */
export function regex(pattern: string, ignoreCase = false): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0))
  return (text) => compiled.matches(text)
}

/** Why a text is no regular expression; null when it is one. */
export function regexProblem(pattern: string): string | null {
  try {
    regex(pattern)
    return null
  } catch (error) {
    // The message shows the expression with the flags that were put before it.
    return (error instanceof Error ? error.message : String(error)).replace('(?s)', '')
  }
}
