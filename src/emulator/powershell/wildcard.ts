/** `*`, `?` and `[…]` as `-like` and the cmdlets understand them. A backtick takes the meaning from what follows it. */
export function wildcard(pattern: string, caseSensitive = false): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at]!
    const set = char === '[' ? /^\[([^\]]+)\]/.exec(pattern.slice(at)) : null
    if (char === '`' && at + 1 < pattern.length) {
      at += 1
      source += literal(pattern[at]!)
    } else if (char === '*') source += '[\\s\\S]*'
    else if (char === '?') source += '[\\s\\S]'
    else if (set !== null) {
      source += `[${set[1]!.replace(/[\\^]/g, '\\$&')}]`
      at += set[0].length - 1
    } else source += literal(char)
  }
  return new RegExp(`^${source}$`, caseSensitive ? '' : 'i')
}

const literal = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
