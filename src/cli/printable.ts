/** Text from recordings and hosts, as it may be written to a terminal. */

/** Control characters and direction marks: they could steer the terminal or hide what is there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** One line, at most `width` characters, with signs in place of what must not reach a terminal. */
export function printable(text: string, width = Number.POSITIVE_INFINITY): string {
  const line = text.replace(/\s+/g, ' ').replace(UNPRINTABLE, '\ufffd')
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}

/** Colours, which our own messages have on terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const COLOUR = /(\u001b\[[0-9;]*m)/

/** A message of several lines that may quote a file or a host: what could steer the terminal is left as signs. */
export function terminalText(text: string, colour = false): string {
  const signs = (part: string) =>
    part.replace(UNPRINTABLE, (sign) => (sign === '\n' || sign === '\t' ? sign : '\ufffd'))
  if (!colour) return signs(text)
  return text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : signs(part)))
    .join('')
}
