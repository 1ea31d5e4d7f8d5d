import assert from 'node:assert/strict'
import fc from 'fast-check'
import { asUtf8 } from '../../../src/telemetry/readers/text-encoding.ts'

async function decoded(bytes: Buffer, size: number): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const parts: Buffer[] = []
  for await (const part of asUtf8(chunks())) parts.push(part)
  return Buffer.concat(parts).toString()
}

const ENCODINGS: Record<string, (text: string) => Buffer> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  'UTF-16LE': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16LE with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16BE': (text) => Buffer.from(text, 'utf16le').swap16(),
  'UTF-16BE with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
}

describe('text encodings', () => {
  for (const [name, encode] of Object.entries(ENCODINGS)) {
    it(`reads ${name}, whatever the chunks`, async () => {
      const text = fc.string({ unit: fc.constantFrom('a', 'é', '試', '😀', '"') })
      await fc.assert(
        fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (inner, size) => {
          const json = `{"a":"${inner}"}`
          assert.equal(await decoded(encode(json), size), json)
        }),
      )
    })
  }

  it('reads the shortest of inputs', async () => {
    for (const text of ['', '1', '{}']) assert.equal(await decoded(Buffer.from(text), 1), text)
  })
})
