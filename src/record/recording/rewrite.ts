/** Changes the texts of a document, wherever they stand: in nested values, and inside base64 of UTF-16 or UTF-8. */

/** `path`: the keys that lead to the text, with dots; lists add nothing to it. */
export type ChangeText = (text: string, path: string) => string
export type Rewrite = <T>(value: T) => T

/** What may be base64: encoded PowerShell commands, and what scripts carry. */
const BASE64 = /[A-Za-z0-9+/]{16,}={0,2}/g

/** Every string of a value changed, keys left as they are. Objects are copied. */
export function rewriter(change: ChangeText): Rewrite {
  const text = (value: string, path: string): string =>
    change(
      value.replace(BASE64, (base64) => {
        const decoded = decode(base64)
        if (decoded === null) return base64
        const changed = text(decoded.text, path)
        return changed === decoded.text ? base64 : Buffer.from(changed, decoded.encoding).toString('base64')
      }),
      path,
    )
  const rewrite = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') return text(value, path)
    if (Array.isArray(value)) return value.map((item) => rewrite(item, path))
    if (value === null || typeof value !== 'object') return value
    const below = (key: string) => (path === '' ? key : `${path}.${key}`)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, below(key))]))
  }
  return ((value: unknown) => rewrite(value, '')) as Rewrite
}

/** Text that a person may have written; null for a hash, a path or a blob that only looks like base64. */
function decode(base64: string): { text: string; encoding: 'utf16le' | 'utf8' } | null {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0) return null
  const zeros = bytes.filter((byte, index) => index % 2 === 1 && byte === 0).length
  if (bytes.length % 2 === 0 && zeros * 2 > bytes.length / 2) {
    return { text: bytes.toString('utf16le'), encoding: 'utf16le' }
  }
  const text = bytes.toString('utf8')
  return UNTEXTLIKE.test(text) ? null : { text, encoding: 'utf8' }
}

/** What invalid UTF-8 becomes, and control characters other than white space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNTEXTLIKE = /[\ufffd\u0000-\u0008\u000b\u000c\u000e-\u001f]/
