/** Text from recordings and hosts, as it may be written to a terminal. */

/** Control characters and direction marks: they could steer the terminal or hide what is there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** One line, at most `width` characters, with signs in place of what must not reach a terminal. */
export function printable(text: string, width = Number.POSITIVE_INFINITY): string {
  const line = text.replace(/\s+/g, ' ').replace(UNPRINTABLE, '\ufffd')
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}
