/** Lucene's regular expressions in the notation of RE2. Both are anchored at both ends by their callers. */

/**
 * Translates what differs: `@` is any text, `#` nothing, `"…"` a literal; `^` and `$` are no anchors. What RE2 cannot do,
 * `&`, `~` and ranges such as `<1-9>`, stands for itself.
 */
export function luceneRegexp(source: string): string {
  let out = ''
  let inClass = false
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at]!
    if (character === '\\') {
      const next = source[at + 1]
      at += 1
      out += next === undefined ? '\\\\' : escaped(next)
    } else if (inClass) {
      if (character === ']') inClass = false
      out += character === '[' ? '\\[' : character
    } else if (character === '[') {
      inClass = true
      out += character
      if (source[at + 1] === '^') {
        out += '^'
        at += 1
      }
    } else if (character === '@') out += '(?:.*)'
    else if (character === '#') out += '[^\\x{0}-\\x{10FFFF}]'
    else if (character === '^' || character === '$') out += `\\${character}`
    else if (character === '"') {
      const end = source.indexOf('"', at + 1)
      const text = source.slice(at + 1, end === -1 ? source.length : end)
      out += text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
      at = end === -1 ? source.length : end
    } else out += character
  }
  return out
}

/** An escaped character: a class (`\d`) where Lucene has it, else itself. */
const escaped = (character: string) =>
  /[dDsSwW]/.test(character) ? `\\${character}` : /[A-Za-z0-9]/.test(character) ? character : `\\${character}`
