/** Zeek writes bytes that would break its lines as `\x09`, and a backslash as `\\`. */
import { isUtf8 } from 'node:buffer'

const ESCAPE = /\\\\|(?:\\x[0-9a-f]{2})+/gi

/** The text that was meant. Bytes that are no UTF-8 become the characters of their numbers. */
export const unescaped = (text: string): string =>
  text.includes('\\') ? text.replaceAll(ESCAPE, (found) => (found === '\\\\' ? '\\' : decoded(found))) : text

function decoded(escapes: string): string {
  const bytes = Buffer.from(escapes.replaceAll(/\\x/gi, ''), 'hex')
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}
