/** What may be kept of a text: no secrets, no encoded scripts, no endless output. */
import { masker } from '../model/secret.ts'

/** Most characters of one string that a record keeps. */
const LONGEST = 16_000

const ENCODED = /([-/]e(?:c|n[a-z]*)?\s+"?)([A-Za-z0-9+/]{24,}={0,2})/gi

export type Redact = <T>(value: T) => T

/** Redacts every string of a value, keys left as they are. Objects are copied. */
export function redactor(secrets: Iterable<string>): Redact {
  const mask = masker(secrets)
  const text = (value: string): string => {
    const cut = value.replace(ENCODED, (_, flag: string, base64: string) => `${flag}…${base64.length} characters…`)
    const masked = mask(cut)
    return masked.length <= LONGEST
      ? masked
      : `${masked.slice(0, LONGEST)}\n… ${masked.length - LONGEST} more characters`
  }
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(redact)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item)]))
  }
  return redact as Redact
}
