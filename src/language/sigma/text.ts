/** Sigma's text values: wildcards, escapes, encodings. */

/** `any`: any text; `one`: any character; `dash`: any of the signs that Windows programs take for a switch. */
type Part = { kind: 'text'; text: string } | { kind: 'any' | 'one' | 'dash' }

export interface SigmaText {
  parts: Part[]
  /** Set by encodings that give no text; those that follow work on it. */
  bytes?: Buffer
}

export const ANY: Part = { kind: 'any' }

/** A value as it is written: a backslash before `*`, `?` or a backslash takes away its meaning, others stand for themselves. */
export function sigmaText(written: string): SigmaText {
  const parts: Part[] = []
  let text = ''
  const flush = () => {
    if (text !== '') parts.push({ kind: 'text', text })
    text = ''
  }
  for (let at = 0; at < written.length; at++) {
    const letter = written[at]!
    const next = written[at + 1] ?? ''
    if (letter === '\\' && '*?\\'.includes(next) && next !== '') {
      text += next
      at += 1
    } else if (letter === '*' || letter === '?') {
      flush()
      parts.push({ kind: letter === '*' ? 'any' : 'one' })
    } else text += letter
  }
  flush()
  return { parts }
}

/** The text without wildcards; null when it has some. */
export function plainText({ parts }: SigmaText): string | null {
  return parts.every((part) => part.kind === 'text')
    ? parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
    : null
}

const literalText = (text: string): SigmaText => ({ parts: [{ kind: 'text', text }] })

/** A pattern for the predicate form, which knows no escapes; null when the text itself has wildcard signs, or dashes to choose from. */
export function asWildcard({ parts }: SigmaText): string | null {
  let pattern = ''
  for (const part of parts) {
    if (part.kind === 'dash' || (part.kind === 'text' && /[*?]/.test(part.text))) return null
    pattern += part.kind === 'text' ? part.text : part.kind === 'any' ? '*' : '?'
  }
  return pattern
}

const DASHES = '-/\u2013\u2014\u2015'
const IN_REGEX: Record<Exclude<Part['kind'], 'text'>, string> = { any: '.*', one: '.', dash: `[${DASHES}]` }

export const asRegex = ({ parts }: SigmaText): string =>
  parts
    .map((part) => (part.kind === 'text' ? part.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : IN_REGEX[part.kind]))
    .join('')

/** Each dash that begins a word may be any of the dashes. */
export function withAnyDash(text: SigmaText): SigmaText {
  const dash = new RegExp(`\\B[${DASHES}]\\b`)
  const parts = text.parts.flatMap((part): Part[] => {
    if (part.kind !== 'text') return [part]
    return part.text
      .split(dash)
      .flatMap((piece, at): Part[] => [...(at === 0 ? [] : [{ kind: 'dash' as const }]), { kind: 'text', text: piece }])
      .filter((piece) => piece.kind !== 'text' || piece.text !== '')
  })
  return { parts }
}

/** The bytes of a value without wildcards. */
export function bytesOf(text: SigmaText): Buffer | null {
  const plain = plainText(text)
  return text.bytes ?? (plain === null ? null : Buffer.from(plain, 'utf8'))
}

/** As bytes that a field shows one character each. */
const asBytes = (bytes: Buffer): SigmaText => ({ ...literalText(bytes.toString('latin1')), bytes })

export const ENCODINGS: Readonly<Record<string, (bytes: Buffer) => SigmaText[]>> = {
  base64: (bytes) => [literalText(bytes.toString('base64'))],
  base64offset: (bytes) => [0, 1, 2].map((shift) => literalText(shiftedBase64(bytes, shift))),
  wide: (bytes) => [asBytes(utf16(bytes))],
  utf16le: (bytes) => [asBytes(utf16(bytes))],
  utf16be: (bytes) => [asBytes(utf16(bytes).swap16())],
  utf16: (bytes) => [asBytes(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(bytes)]))],
}

const utf16 = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('utf8'), 'utf16le')

/** What of the Base64 text stays the same, whatever stands before and after bytes at this shift. */
function shiftedBase64(bytes: Buffer, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
  const start = [0, 2, 3][shift]!
  const cut = [0, 3, 2][(bytes.length + shift) % 3]!
  return encoded.slice(start, encoded.length - cut)
}
