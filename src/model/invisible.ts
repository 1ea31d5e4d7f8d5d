/** Text of files, hosts and SIEMs may hold characters that have an effect but no shape: wherever it is shown, none gets through. */

/** Controls, format and direction marks, lone surrogates, non-characters. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu

/** The text with `\ufffd` in place of each; line breaks and tabs stay. */
export const withSigns = (text: string): string =>
  text.replace(INVISIBLE, (character) => (character === '\n' || character === '\t' ? character : '\ufffd'))
