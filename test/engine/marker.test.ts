import assert from 'node:assert/strict'
import { markerOf, markersIn } from '../../src/engine/marker.ts'

describe('marker', () => {
  it('is unique to run and test, and always the same for them', () => {
    const markers = new Set(['a', 'b'].flatMap((run) => ['s/1', 's/2'].map((test) => markerOf(run, test))))
    assert.equal(markers.size, 4)
    assert.equal(markerOf('a', 's/1'), markerOf('a', 's/1'))
    for (const marker of markers) assert.match(marker, /^tocsin-[a-z2-7]{10}$/)
  })

  it('is found in any string of a document, in any case', () => {
    const found = markersIn({
      a: ['x', { b: 'C:\\Tasks\\TOCSIN-AAAAAAAAAA' }],
      c: 'tocsin-bbbbbbbbbb-2',
      d: 'tocsin-short',
    })
    assert.deepEqual([...found], ['tocsin-aaaaaaaaaa', 'tocsin-bbbbbbbbbb'])
    assert.deepEqual([...markersIn(undefined)], [])
  })
})
