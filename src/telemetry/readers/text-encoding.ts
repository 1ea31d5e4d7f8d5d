/** Recordings in UTF-16, as PowerShell's redirection writes them, and marks at a text's beginning. */
import { TextDecoder } from 'node:util'

/** The same text in UTF-8, without a byte order mark. */
export async function* asUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null = null
  let started = false
  let early: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (started) {
      yield decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }))
      continue
    }
    early = Buffer.concat([early, chunk])
    if (early.length < 4) continue
    started = true
    decoder = decoderFor(early)
    yield decoder === null ? withoutMark(early) : Buffer.from(decoder.decode(early, { stream: true }))
  }
  if (!started && early.length > 0) yield withoutMark(early)
  else if (decoder !== null) yield Buffer.from(decoder.decode())
}

/** The beginning of a text in either, as far as its characters are whole. */
export const decoded = (head: Buffer): string => (decoderFor(head) ?? new TextDecoder()).decode(head, { stream: true })

/** Whether a text that begins so is UTF-8 without a mark, and can be taken as it is. */
export const isPlain = (head: Buffer): boolean => decoderFor(head) === null && withoutMark(head) === head

/** By the mark, or by the zeros in the first two characters: JSON begins with ASCII. */
function decoderFor(head: Buffer): TextDecoder | null {
  const [first, second, third, fourth] = head
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le')
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be')
  if (first && second === 0 && third && fourth === 0) return new TextDecoder('utf-16le')
  if (first === 0 && second && third === 0 && fourth) return new TextDecoder('utf-16be')
  return null
}

const withoutMark = (head: Buffer) =>
  head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head
