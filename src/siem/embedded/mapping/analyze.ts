/** The standard analyzer: words by Unicode's rules (UAX #29), in lower case. */

/** Tokens of a text longer than this are cut into pieces of this length, as the standard tokenizer does. */
const MAX_TOKEN_LENGTH = 255

/**
 * A word: letters, digits and underscores; inside it a dot or apostrophe between letters or digits, a colon between
 * letters, a comma or semicolon between digits. Ideographs and Hiragana stand alone.
 */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}]|(?:(?:(?![\p{Script=Han}\p{Script=Hiragana}])[\p{L}\p{M}\p{N}\p{Pc}])+(?:(?<=[\p{L}\p{M}])[.'’:·](?=\p{L})|(?<=\p{N})[.,;'](?=\p{N}))?)+/gu
const ASCII_WORD = /(?:[A-Za-z0-9_]+(?:(?<=[A-Za-z])[.':](?=[A-Za-z])|(?<=[0-9])[.,;'](?=[0-9]))?)+/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what ASCII means
const ASCII = /^[\x00-\x7f]*$/

/** The tokens of a text, in order. */
export function analyze(text: string): string[] {
  const words = (ASCII.test(text) ? text.match(ASCII_WORD) : text.match(WORD)) ?? []
  const tokens: string[] = []
  for (const word of words) {
    // Punctuation alone, such as a lone underscore, is no word.
    if (!/[\p{L}\p{N}]/u.test(word)) continue
    const lower = word.toLowerCase()
    for (let at = 0; at < lower.length; at += MAX_TOKEN_LENGTH) tokens.push(lower.slice(at, at + MAX_TOKEN_LENGTH))
  }
  return tokens
}
