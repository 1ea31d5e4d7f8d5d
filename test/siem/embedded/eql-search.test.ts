import assert from 'node:assert/strict'
import { at, type Json, MINUTE, type TestSiem, testSiem } from './siem.ts'

const keyword = { type: 'keyword' }
const MAPPING = {
  properties: {
    '@timestamp': { type: 'date' },
    event: { properties: { category: keyword } },
    host: { properties: { name: keyword } },
    user: keyword,
    pid: { type: 'long' },
  },
}

const idsOf = (hits: Json): string[] | string[][] =>
  hits.events?.map(({ _id }: Json) => _id) ??
  hits.sequences.map(({ events }: Json) => events.map(({ _id, missing }: Json) => (missing ? null : _id)))

describe('eql over HTTP: search', () => {
  let siem: TestSiem
  const ask = (body: object, path = '/events/_eql/search') => siem.ask('POST', path, body)
  const find = async (query: string, body: object = {}, index = 'events') => {
    const answer = await ask({ query, ...body }, `/${index}/_eql/search`)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body.hits
  }

  beforeEach(async () => {
    siem = await testSiem()
    await siem.ask('PUT', '/events', { mappings: MAPPING })
    const event = (seconds: number, category: string, user: string, pid: number) =>
      at(seconds * 1000, { event: { category }, user, pid, host: { name: `h${pid}` }, raw: { port: String(pid) } })
    await siem.index('events', {
      e1: event(1, 'process', 'a', 1),
      e2: event(2, 'network', 'a', 2),
      e3: event(3, 'process', 'b', 1),
      e4: event(4, 'network', 'b', 2),
      e5: event(5, 'network', 'a', 1),
    })
  })

  afterEach(() => siem?.stop())

  it('shows the fields that are asked for, in the format that is asked for', async () => {
    const fields = [{ field: '@timestamp', format: 'epoch_millis' }, 'pid', 'us*']
    const { events } = await find('process where true', { fields })
    assert.deepEqual(events[0].fields, {
      '@timestamp': [String(Date.UTC(2026, 0, 10, 10) + 1000)],
      pid: [1],
      user: ['a'],
    })
    const { sequences } = await find('sequence by user [process where true] [network where true]', { fields: ['pid'] })
    assert.deepEqual(sequences[0].join_keys, ['a'])
    assert.deepEqual(
      sequences[0].events.map(({ fields }: Json) => fields),
      [{ pid: [1] }, { pid: [2] }],
    )
    assert.equal('fields' in (await find('process where true', { fields: ['none'] })).events[0], false)
  })

  it('cuts answers by filter_path', async () => {
    const path = '/events/_eql/search?filter_path=hits.sequences.join_keys,hits.sequences.events.fields.pid'
    const query = 'sequence by user [process where true] [network where pid == 2]'
    const { body } = await ask({ query, fields: ['pid', 'user'] }, path)
    const events = [{ fields: { pid: [1] } }, { fields: { pid: [2] } }]
    assert.deepEqual(body, {
      hits: {
        sequences: [
          { join_keys: ['a'], events },
          { join_keys: ['b'], events },
        ],
      },
    })
  })

  it('knows runtime fields, in the query and among the fields', async () => {
    const body = { runtime_mappings: { 'raw.port': { type: 'long' } }, fields: ['raw.port'] }
    const { events } = await find('any where raw.port >= 2', body)
    assert.deepEqual(
      events.map(({ _id, fields }: Json) => [_id, fields]),
      ['e2', 'e4'].map((id) => [id, { 'raw.port': [2] }]),
    )
    const wrong = await ask({ query: 'any where true', runtime_mappings: { x: { type: 'nonsense' } } })
    assert.deepEqual([wrong.status, wrong.body.error.type], [400, 'mapper_parsing_exception'])
  })

  it('gives as many samples a key as are asked for', async () => {
    const query = 'sample by host.name [process where true] [network where true]'
    assert.deepEqual(idsOf(await find(query)), [['e1', 'e5']])
    assert.deepEqual(idsOf(await find(query, { max_samples_per_key: 5 })), [
      ['e1', 'e5'],
      ['e3', 'e5'],
    ])
    assert.deepEqual(idsOf(await find(query, { max_samples_per_key: 5, size: 1 })), [['e1', 'e5']])
  })

  it('marks the place of a missing event', async () => {
    const { sequences } = await find('sequence by user with maxspan=1s [process where true] ![network where pid == 9]')
    assert.deepEqual(sequences[0].events[1], { _index: '', _id: '', _source: {}, missing: true })
  })

  it('searches several indices, fields missing or elsewhere in some', async () => {
    const alias = { type: 'alias', path: 'kind' }
    await siem.ask('PUT', '/other', {
      mappings: {
        properties: { '@timestamp': { type: 'date' }, kind: keyword, event: { properties: { category: alias } } },
      },
    })
    await siem.index('other', { o1: at(1500, { kind: 'process' }), o2: at(2500, { kind: 'network' }) })
    await siem.index('events', { decoy: at(6000, { event: { category: 'file' }, kind: 'process' }) })
    assert.deepEqual(idsOf(await find('process where true', {}, 'events,other')), ['e1', 'o1', 'e3'])
    assert.deepEqual(idsOf(await find('network where user == "a"', {}, '*')), ['e2', 'e5'])
    assert.deepEqual(idsOf(await find('network where ?user == null', {}, 'events,other')), ['o2'])
    assert.deepEqual(idsOf(await find('process where true', {}, 'none,other')), ['o1'])
    const sequences = await find('sequence [process where pid == 1] [process where user == null]', {}, 'events,other')
    assert.deepEqual(idsOf(sequences), [['e1', 'o1']])
    assert.equal(sequences.sequences[0].events[1]._index, 'other')
    assert.deepEqual(sequences.sequences[0].events[1]._source, at(1500, { kind: 'process' }))
  })

  it('refuses fields whose types contradict each other in the indices that are asked', async () => {
    await siem.ask('PUT', '/other', { mappings: { properties: { '@timestamp': { type: 'date' }, pid: keyword } } })
    const { status, body } = await ask({ query: 'any where pid == 1' }, '/events,other/_eql/search')
    const types = 'mapped as [2] incompatible types: [keyword] in [other], [long] in [events]'
    assert.deepEqual(
      [status, body.error.reason],
      [400, `Found 1 problem\nline 1:11: Cannot use field [pid] due to ambiguities being ${types}`],
    )
    assert.deepEqual(idsOf(await find('any where user == "b"', {}, 'events,other')), ['e3', 'e4'])
  })

  it('sees changed documents as they are', async () => {
    await siem.index('events', { e1: at(9000, { event: { category: 'file' }, user: 'c' }) })
    assert.deepEqual(idsOf(await find('process where true')), ['e3'])
    assert.deepEqual(idsOf(await find('file where user in ("c", "d")')), ['e1'])
    await siem.ask('DELETE', '/events/_doc/e3?refresh=true')
    assert.deepEqual(idsOf(await find('process where true')), [])
    assert.deepEqual(idsOf(await find('any where event.category == "network" or user == "c"')), [
      'e2',
      'e4',
      'e5',
      'e1',
    ])
  })

  describe('kept', () => {
    it('answers at once with an id, then with the events', async () => {
      const given = { query: 'process where true', wait_for_completion_timeout: '0ms' }
      const { status, body } = await ask(given)
      assert.equal(status, 200)
      assert.deepEqual([body.is_running, body.is_partial, typeof body.id], [true, true, 'string'])
      const path = `/_eql/search/${body.id}`
      const { body: found } = await siem.ask('GET', `${path}?wait_for_completion_timeout=10s`)
      assert.deepEqual([found.id, found.is_running, found.is_partial, found.timed_out], [body.id, false, false, false])
      assert.deepEqual(idsOf(found.hits), ['e1', 'e3'])
      const { body: state } = await siem.ask('GET', `/_eql/search/status/${body.id}`)
      const { expiration_time_in_millis: expires, ...rest } = state
      assert.deepEqual(rest, { id: body.id, is_running: false, is_partial: false, completion_status: 200 })
      assert.ok(Math.abs(expires - siem.clock.now() - 5 * 24 * 60 * MINUTE) < MINUTE)
      assert.deepEqual((await siem.ask('DELETE', path)).body, { acknowledged: true })
      for (const method of ['GET', 'DELETE']) {
        const gone = await siem.ask(method, path)
        const cause = { type: 'resource_not_found_exception', reason: body.id }
        assert.deepEqual(gone, { status: 404, body: { error: { root_cause: [cause], ...cause }, status: 404 } })
      }
    })

    it('keeps what is complete only when that is asked for', async () => {
      const given = { query: 'process where true', wait_for_completion_timeout: '10s' }
      const { body: once } = await ask(given)
      assert.equal('id' in once, false)
      const { body: kept } = await ask(given, '/events/_eql/search?keep_on_completion=true&keep_alive=2m')
      assert.equal(kept.is_running, false)
      assert.deepEqual((await siem.ask('GET', `/_eql/search/${kept.id}`)).body.hits, kept.hits)
      await siem.ask('GET', `/_eql/search/${kept.id}?keep_alive=10m`)
      await siem.pass(9 * MINUTE)
      assert.equal((await siem.ask('GET', `/_eql/search/${kept.id}`)).status, 200)
      await siem.pass(2 * MINUTE)
      assert.equal((await siem.ask('GET', `/_eql/search/${kept.id}`)).status, 404)
      assert.equal('id' in (await ask({ query: 'any where true', keep_on_completion: true })).body, false)
    })

    it('keeps errors too, and knows its own ids', async () => {
      const { body } = await ask({ query: 'any where nonsense == 1', wait_for_completion_timeout: 0 })
      const failed = await siem.ask('GET', `/_eql/search/${body.id}`)
      assert.deepEqual([failed.status, failed.body.error.type], [400, 'verification_exception'])
      assert.equal((await siem.ask('GET', `/_eql/search/status/${body.id}`)).body.completion_status, 400)
      const wrong = await siem.ask('GET', '/_eql/search/nonsense')
      assert.deepEqual([wrong.status, wrong.body.error.reason], [400, 'invalid id: [nonsense]'])
    })
  })
})
