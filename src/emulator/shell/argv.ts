/** How Windows programs take their command line apart: the rules of `CommandLineToArgvW`. */

/** Arguments without the program's name. */
export function parseArguments(commandLine: string): string[] {
  return splitArguments(commandLine).slice(1)
}

export function splitArguments(text: string): string[] {
  const found: string[] = []
  let current = ''
  let open = false
  let some = false
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]!
    if (char === '\\') {
      let count = 1
      while (text[index + count] === '\\') count += 1
      const quoteNext = text[index + count] === '"'
      // Backslashes mean themselves but before a quote, where each pair is one and an odd one guards the quote.
      current += '\\'.repeat(quoteNext ? count >> 1 : count)
      index += count - 1
      if (quoteNext && count % 2 === 1) {
        current += '"'
        index += 1
      }
      some = true
    } else if (char === '"') {
      if (open && text[index + 1] === '"') {
        current += '"'
        index += 1
      } else open = !open
      some = true
    } else if (!open && (char === ' ' || char === '\t')) {
      if (some) found.push(current)
      current = ''
      some = false
    } else {
      current += char
      some = true
    }
  }
  if (some) found.push(current)
  return found
}

/** The program's name as the command line has it, quotes taken off, and the rest as written. */
export function splitProgram(commandLine: string): { program: string; rest: string } {
  const text = commandLine.trimStart()
  if (text.startsWith('"')) {
    const end = text.indexOf('"', 1)
    return end === -1
      ? { program: text.slice(1), rest: '' }
      : { program: text.slice(1, end), rest: text.slice(end + 1) }
  }
  const end = text.search(/[\s]/)
  return end === -1 ? { program: text, rest: '' } : { program: text.slice(0, end), rest: text.slice(end) }
}
