/** Windows command lines to ECS: the text and its arguments. */
import type { Conversion } from './table.ts'

/** `command_line`, `args` and `args_count`. */
export const commandLine: Conversion = (text) => {
  const args = splitCommandLine(text)
  return { command_line: text, args, args_count: args.length }
}

/**
 * The arguments as the C runtime's start-up code splits them: `"` groups, `\` is literal unless it stands before `"`,
 * and `""` inside a group is one quote.
 */
export function splitCommandLine(text: string): string[] {
  const args: string[] = []
  let current = ''
  let started = false
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!
    if (char === '\\') {
      let end = at
      while (text[end] === '\\') end += 1
      const count = end - at
      const beforeQuote = text[end] === '"'
      current += '\\'.repeat(beforeQuote ? count >> 1 : count)
      started = true
      at = end - 1
      if (beforeQuote && count % 2 === 1) {
        current += '"'
        at = end
      }
    } else if (char === '"') {
      if (quoted && text[at + 1] === '"') {
        current += '"'
        at += 1
      } else quoted = !quoted
      started = true
    } else if ((char === ' ' || char === '\t') && !quoted) {
      if (started) args.push(current)
      current = ''
      started = false
    } else {
      current += char
      started = true
    }
  }
  if (started) args.push(current)
  return args
}
