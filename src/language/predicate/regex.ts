/** Regular expressions of queries, in linear time. */
import { RE2JS } from 're2js'

/** A test for texts that match the whole expression. Throws when it is not one. */
export function regex(pattern: string, ignoreCase = false): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern, RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0))
  return (text) => compiled.matches(text)
}
