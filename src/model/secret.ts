/** Text that must not be written anywhere. */
const MASK = '••••••'

/**
 * A function that replaces each secret in a text by the mask, also where it stands JSON-escaped, URL-encoded or in
 * base64. Longer secrets first, so that one which contains another is masked whole.
 */
export function masker(secrets: Iterable<string>): (text: string) => string {
  const forms = new Set<string>()
  for (const secret of secrets) {
    if (secret === '') continue
    const utf16 = Buffer.from(secret, 'utf16le').toString('base64')
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), utf16]) forms.add(form)
    forms.add(Buffer.from(secret, 'utf8').toString('base64'))
  }
  const ordered = [...forms].sort((a, b) => b.length - a.length)
  return (text) => ordered.reduce((masked, form) => masked.replaceAll(form, MASK), text)
}
