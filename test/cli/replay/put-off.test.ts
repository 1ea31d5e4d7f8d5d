import assert from 'node:assert/strict'
import { cachedDataVersionTag } from 'node:v8'
import { putOff } from '../../../src/cli/replay/put-off.ts'

describe('what V8 puts off', () => {
  it('changes what compiled code is kept for, until it is undone', () => {
    const before = cachedDataVersionTag()
    const undo = putOff()
    assert.notEqual(cachedDataVersionTag(), before)
    undo()
    assert.equal(cachedDataVersionTag(), before)
  })
})
