/** The token that a test carries into telemetry. */
import { createHash } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const LENGTH = 10

/** Any marker of any run, in lower case. */
const ANY_MARKER = /tocsin-[a-z2-7]{10}/g

/** `-e`, `-enc`, `-EncodedCommand` and what PowerShell takes in between, with its base64. */
const ENCODED_COMMAND = /[-/]e(?:c|n[a-z]*)?\s+"?([A-Za-z0-9+/]{16,}={0,2})/gi

/** The marker of one test of one run: `tocsin-` and 10 base32 characters, safe in task names and in every shell. */
export function markerOf(runId: string, testId: string): string {
  const digest = createHash('sha256').update(`${runId}\n${testId}`).digest()
  return `tocsin-${[...digest.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % 32]).join('')}`
}

/** The markers that any string of a document holds, in plain text or inside an encoded PowerShell command. */
export function markersIn(document: unknown): Set<string> {
  const text = JSON.stringify(document) ?? ''
  const found = new Set(text.toLowerCase().match(ANY_MARKER))
  for (const [, base64] of text.matchAll(ENCODED_COMMAND)) {
    const script = Buffer.from(base64!, 'base64').toString('utf16le').toLowerCase()
    for (const marker of script.match(ANY_MARKER) ?? []) found.add(marker)
  }
  return found
}
