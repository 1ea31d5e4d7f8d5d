/** Text from recordings and hosts, as it may be written to a terminal. */
import { withSigns } from '../model/invisible.ts'

/** One line, at most `width` characters, with signs in place of what must not reach a terminal. */
export function printable(text: string, width = Number.POSITIVE_INFINITY): string {
  const line = withSigns(text.replace(/\s+/g, ' '))
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}

/** Colours, which our own messages have on terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const COLOUR = /(\u001b\[[0-9;]*m)/

/** A message of several lines that may quote a file or a host: what could steer the terminal is left as signs. */
export function terminalText(text: string, colour = false): string {
  if (!colour) return withSigns(text)
  return text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : withSigns(part)))
    .join('')
}
