import assert from 'node:assert/strict'
import { compile } from '../../src/language/compile.ts'
import { event } from './documents.ts'

const events = Array.from({ length: 20 }, (_, at) => event(`${at}`, at, {}))

describe('run plan', () => {
  const rows: [pipes: string, size: number, position: 'head' | 'tail', first: number, count: number][] = [
    ['', 10, 'tail', 10, 10],
    ['', 10, 'head', 0, 10],
    ['', 30, 'tail', 0, 20],
    // The size cuts before the pipes do, from the side where the first of them begins.
    ['| head 15', 10, 'tail', 0, 10],
    ['| tail 15', 10, 'head', 10, 10],
    ['| head 15 | tail 3', 10, 'tail', 7, 3],
    ['| tail 15 | head 3', 10, 'tail', 10, 3],
    ['| head 10 | tail 7 | head 5 | tail 3', 50, 'tail', 5, 3],
    ['| head 0', 10, 'tail', 0, 0],
  ]
  for (const [pipes, size, resultPosition, first, count] of rows) {
    it(`gives ${count} from ${first} of twenty: ${pipes || 'no pipe'}, size ${size}, ${resultPosition}`, () => {
      const found = compile('eql', `any where true ${pipes}`).search(events, { size, resultPosition })
      const wanted = Array.from({ length: count }, (_, at) => `${first + at}`)
      assert.deepEqual(
        found.map(({ events: [one] }) => one?.id),
        wanted,
      )
    })
  }
})
