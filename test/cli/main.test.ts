import assert from 'node:assert/strict'
import { tocsin } from './tocsin.ts'

describe('tocsin', () => {
  it('shows help on stdout and exits 0', async () => {
    const { code, stdout, stderr } = await tocsin(['--help'])
    assert.equal(code, 0)
    assert.match(stdout, /Usage: tocsin/)
    assert.equal(stderr, '')
  })

  it('exits 2 on an unknown option', async () => {
    const { code, stdout, stderr } = await tocsin(['--hlep'])
    assert.equal(code, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /unknown option '--hlep'/)
  })
})
