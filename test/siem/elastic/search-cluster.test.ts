import assert from 'node:assert/strict'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { createSearchCluster, type SearchCluster } from '../../../src/siem/elastic/search-cluster.ts'
import { type EmbeddedSiem, startEmbeddedSiem } from '../../../src/siem/embedded/server.ts'

const PLACE = { index: 'events', from: null, to: null }

/** Each second has two events of one process; all of the last second's carry the same time. */
const DOCUMENTS = Array.from({ length: 40 }, (_, n) => ({
  '@timestamp': new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 2) * 1_000).toISOString(),
  event: { category: 'process', type: n % 2 === 0 ? 'start' : 'end' },
  process: { entity_id: String(Math.floor(n / 2)) },
}))

const SEQUENCE =
  'sequence by process.entity_id [process where event.type == "start"] [process where event.type == "end"]'

describe('search cluster', () => {
  let siem: EmbeddedSiem
  const clusters: SearchCluster[] = []
  const cluster = (pageSize?: number) => {
    const made = createSearchCluster({ url: siem.url }, pageSize)
    clusters.push(made)
    return made
  }
  const post = (path: string, body: string) =>
    fetch(siem.url + path, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body })

  before(async () => {
    siem = await startEmbeddedSiem({ clock: systemClock(), auth: false })
    const lines = DOCUMENTS.flatMap((document, id) => [
      JSON.stringify({ index: { _id: String(id) } }),
      JSON.stringify(document),
    ])
    await post('/events/_bulk', `${lines.join('\n')}\n`)
    const same = Array.from({ length: 8 }, () => `{"index":{}}\n${JSON.stringify(DOCUMENTS[0])}\n`)
    await post('/same/_bulk', same.join(''))
  })
  after(async () => {
    for (const each of clusters) await each.close()
    await siem.stop()
  })

  it('finds everything by pages, each hit once', async () => {
    for (const size of [3, 7, 40]) {
      const { hits, incomplete } = await cluster(size).eql(PLACE, 'process where true')
      assert.equal(incomplete, null)
      assert.equal(hits.length, DOCUMENTS.length)
      const [answer] = await cluster(size).search(PLACE, [{ match_all: {} }])
      assert.ok(answer !== undefined && !(answer instanceof Error))
      assert.deepEqual([answer.hits.length, answer.incomplete], [DOCUMENTS.length, null])
    }
  })

  it('says where pages cannot go on', async () => {
    const same = { ...PLACE, index: 'same' }
    assert.match(
      (await cluster(4).eql(same, 'process where true')).incomplete!,
      /more than 4 events carry the same time/,
    )
    const [answer] = await cluster(4).search(same, [{ match_all: {} }])
    assert.ok(answer !== undefined && !(answer instanceof Error))
    assert.match(answer.incomplete!, /more than 4 events carry the same time/)
    const sequences = await cluster(5).eql(PLACE, SEQUENCE)
    assert.equal(sequences.hits.length, 5)
    assert.match(sequences.incomplete!, /more than 5 sequences/)
    assert.equal((await cluster().eql(PLACE, SEQUENCE)).hits.length, 20)
  })

  it('keeps to the time that is asked for', async () => {
    const time = { ...PLACE, from: Date.UTC(2026, 0, 1, 0, 0, 5), to: Date.UTC(2026, 0, 1, 0, 0, 8) }
    assert.equal((await cluster().eql(time, 'process where true')).hits.length, 6)
    assert.deepEqual(await cluster().count(time, [{ match_all: {} }, { term: { 'event.type': 'end' } }], null), [6, 3])
  })

  it('tells the refusal of one query from that of the whole request', async () => {
    const [good, bad] = await cluster().search(PLACE, [{ match_all: {} }, { no_such: {} } as never])
    assert.ok(!(good instanceof Error))
    assert.ok(bad instanceof Error)
    assert.match(bad.message, /the cluster refused the query: .*no_such/)
    await assert.rejects(
      cluster().eql(PLACE, 'process where nobody.knows == 1'),
      /the cluster refused the query: .*nobody\.knows/s,
    )
    await assert.rejects(
      cluster().eql({ ...PLACE, index: 'nowhere' }, 'process where true'),
      /no such index \[nowhere\]/,
    )
    await assert.rejects(
      cluster().count({ ...PLACE, index: 'none-*' }, [{ match_all: {} }], null),
      /no such index \[none-\*\]/,
    )
  })
})
