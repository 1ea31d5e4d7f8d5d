import assert from 'node:assert/strict'
import { redactor } from '../../src/engine/redact.ts'

describe('redaction', () => {
  const redact = redactor(['s3cret "x"'])

  it('reaches every string of a value, in the forms a secret takes', () => {
    const base64 = Buffer.from('s3cret "x"').toString('base64')
    const redacted = redact({
      a: ['/p s3cret "x"'],
      b: { c: JSON.stringify({ p: 's3cret "x"' }) },
      d: base64,
      e: 1,
      f: null,
    })
    assert.ok(!/s3cret/.test(JSON.stringify(redacted)))
    assert.ok(!JSON.stringify(redacted).includes(base64))
    assert.deepEqual([redacted.e, redacted.f], [1, null])
  })

  it('cuts the base64 of encoded commands, which may hold anything', () => {
    const script = Buffer.from('a script with s3cret "x" inside', 'utf16le').toString('base64')
    for (const flag of ['-EncodedCommand', '-enc', '-e', '-EC', '/EncodedCommand']) {
      assert.equal(redact(`powershell.exe ${flag} ${script}`), `powershell.exe ${flag} …${script.length} characters…`)
    }
    assert.equal(redact('grep -e pattern file'), 'grep -e pattern file')
  })

  it('keeps endless output out of the record', () => {
    const redacted = redact('x'.repeat(1_000_000))
    assert.ok(redacted.length < 20_000)
    assert.match(redacted, /984000 more characters$/)
  })
})
