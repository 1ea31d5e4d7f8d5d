import assert from 'node:assert/strict'
import { cachedDataVersionTag } from 'node:v8'
import { optimiseLater } from '../../../src/cli/replay/optimise-later.ts'

describe('optimising later', () => {
  it('changes what compiled code is kept for, until it is undone', () => {
    const before = cachedDataVersionTag()
    const undo = optimiseLater()
    assert.notEqual(cachedDataVersionTag(), before)
    undo()
    assert.equal(cachedDataVersionTag(), before)
  })
})
