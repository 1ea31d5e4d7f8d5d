import assert from 'node:assert/strict'
import { compile } from '../../../src/language/compile.ts'
import { event } from '../documents.ts'

const events = [
  event('1', 3, { host: 'b', kind: 'x' }),
  event('2', 2, { host: 'b', kind: 'y' }),
  event('3', 1, { host: 'a', kind: 'y' }),
  event('4', 0, { host: 'a', kind: 'x' }),
  event('5', 4, { host: 'c', kind: 'x' }),
]

describe('sequence: sample', () => {
  const sample = (query: string, maxSamplesPerKey?: number) =>
    compile('eql', query)
      .search(events, maxSamplesPerKey === undefined ? {} : { maxSamplesPerKey })
      .map((match) => `${match.joinKeys}: ${match.events.map((found) => found?.id).join(' ')}`)

  it('joins events in any order, by ascending key', () => {
    assert.deepEqual(sample('sample by host [any where kind == "x"] [any where kind == "y"]'), ['a: 4 3', 'b: 1 2'])
  })

  it('uses no event twice', () => {
    assert.deepEqual(sample('sample by host [any where true] [any where kind == "x"]'), ['a: 3 4', 'b: 2 1'])
  })

  it('takes an event with several keys for each of them', () => {
    const several = [event('1', 1, { host: ['b', 'a'], kind: 'x' }), event('2', 2, { host: ['a', 'b'], kind: 'y' })]
    const query = compile('eql', 'sample by host [any where kind == "x"] [any where kind == "y"]')
    assert.deepEqual(
      query.search(several).map(({ joinKeys }) => joinKeys),
      [['a'], ['b']],
    )
  })

  it('gives several samples of a key when asked', () => {
    assert.deepEqual(sample('sample by host [any where true] [any where true]', 2), [
      'a: 3 4',
      'a: 4 3',
      'b: 1 2',
      'b: 2 1',
    ])
  })
})
