/** Patterns with `*` and `?` and the backslash that takes their meaning away; linear in text and pattern. */

type Part = string | typeof ANY | typeof ONE
const ANY = Symbol('*')
const ONE = Symbol('?')

function partsOf(pattern: string): Part[] {
  const parts: Part[] = []
  const characters = [...pattern]
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at]!
    if (character === '*') {
      if (parts.at(-1) !== ANY) parts.push(ANY)
    } else if (character === '?') parts.push(ONE)
    else if (character === '\\' && at + 1 < characters.length) parts.push(characters[++at]!)
    else parts.push(character)
  }
  return parts
}

/** A test of whole texts against a pattern. */
export function wildcardTest(pattern: string, caseInsensitive = false): (text: string) => boolean {
  const parts = partsOf(caseInsensitive ? pattern.toLowerCase() : pattern)
  return (text) => matches(parts, [...(caseInsensitive ? text.toLowerCase() : text)])
}

/** Goes back only to the last `*`, so that time is at most the product of both lengths. */
function matches(parts: readonly Part[], text: readonly string[]): boolean {
  let part = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < text.length) {
    if (parts[part] === ANY) {
      star = part++
      starAt = at
    } else if (part < parts.length && (parts[part] === ONE || parts[part] === text[at])) {
      part += 1
      at += 1
    } else if (star !== -1) {
      part = star + 1
      at = ++starAt
    } else return false
  }
  while (parts[part] === ANY) part += 1
  return part === parts.length
}
