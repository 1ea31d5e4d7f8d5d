import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { Client, errors } from '@elastic/elasticsearch'
import { at, START, type TestSiem, testSiem } from './siem.ts'

const RULE = {
  rule_id: 'r',
  name: 'n',
  description: '',
  type: 'eql',
  query: 'any where true',
  severity: 'low',
  risk_score: 1,
  index: ['events'],
}

describe('embedded SIEM', () => {
  let siem: TestSiem

  afterEach(() => siem?.stop())

  it('serves the official client: info, bulk, search, EQL', async () => {
    siem = await testSiem({ auth: true, apiKey: 'c2VjcmV0OmtleQ==' })
    const client = new Client({ node: siem.siem.url, auth: { apiKey: 'c2VjcmV0OmtleQ==' }, maxRetries: 0 })
    assert.equal((await client.info()).cluster_name, 'tocsin-embedded')
    const operations = [1, 2, 3].flatMap((n) => [
      { create: { _index: 'events', _id: `e${n}` } },
      at(n * 1000, { event: { category: n === 2 ? 'network' : 'process' }, n }),
    ])
    assert.equal((await client.bulk({ operations, refresh: true })).errors, false)
    const { hits } = await client.search({
      index: 'events',
      query: { range: { n: { gte: 2 } } },
      sort: [{ n: 'desc' }],
    })
    assert.deepEqual(
      hits.hits.map(({ _id }) => _id),
      ['e3', 'e2'],
    )
    const found = await client.eql.search({
      index: 'events',
      query: 'sequence [process where true] [network where n == 2]',
    })
    assert.deepEqual(
      found.hits.sequences?.map(({ events }) => events.map(({ _id }) => _id)),
      [['e1', 'e2']],
    )
    await client.close()
  })

  it('filters EQL by a query, and gives the last matches unless asked for the first', async () => {
    siem = await testSiem()
    const events = Object.fromEntries(
      [1, 2, 3, 4].map((n) => [`e${n}`, at(n * 1000, { event: { category: 'process' }, n })]),
    )
    await siem.index('events', events)
    const ids = async (body: object) => {
      const answer = await siem.ask('POST', '/events/_eql/search', { query: 'process where true', size: 2, ...body })
      return answer.body.hits.events.map(({ _id }: { _id: string }) => _id)
    }
    assert.deepEqual(await ids({}), ['e3', 'e4'])
    assert.deepEqual(await ids({ result_position: 'head' }), ['e1', 'e2'])
    assert.deepEqual(await ids({ filter: { range: { '@timestamp': { lt: START + 3000 } } } }), ['e1', 'e2'])
  })

  it('tells what is wrong with an EQL query as Elasticsearch does', async () => {
    siem = await testSiem()
    await siem.index('events', { one: at(0, { event: { category: 'process' }, process: { name: 'a' } }) })
    const { status, body } = await siem.ask('POST', '/events/_eql/search', {
      query: 'process where process.nam == "a"',
    })
    assert.equal(status, 400)
    assert.equal(body.error.type, 'verification_exception')
    assert.match(body.error.reason, /^Found 1 problem\nline 1:15: Unknown column \[process\.nam\], did you mean/)
    assert.equal((await siem.ask('POST', '/none/_eql/search', { query: 'any where true' })).status, 404)
  })

  it('refuses requests without its key, or with another', async () => {
    siem = await testSiem({ auth: true })
    const without = await siem.ask('GET', '/')
    assert.equal(without.status, 401)
    assert.equal(without.body.error.type, 'security_exception')
    const wrong = await siem.ask('GET', '/api/status', undefined, { authorization: 'ApiKey d3Jvbmc=' })
    assert.deepEqual([wrong.status, wrong.body.error], [401, 'Unauthorized'])
    const client = new Client({ node: siem.siem.url, auth: { apiKey: 'd3Jvbmc=' }, maxRetries: 0 })
    await assert.rejects(client.info(), errors.ResponseError)
    await client.close()
    const right = await siem.ask('GET', '/', undefined, { authorization: `ApiKey ${siem.siem.apiKey}` })
    assert.equal(right.status, 200)
  })

  it('wants kbn-xsrf on writes to Kibana only', async () => {
    siem = await testSiem()
    const send = (path: string) =>
      fetch(siem.siem.url + path, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    const refused = await send('/api/detection_engine/signals/search')
    assert.equal(refused.status, 400)
    assert.match(((await refused.json()) as { message: string }).message, /kbn-xsrf/)
    assert.equal((await send('/_search')).status, 200)
  })

  it('reads packed bodies and the client’s own content types', async () => {
    siem = await testSiem()
    const body = gzipSync('{"index":{"_index":"events","_id":"1"}}\n{"a":1}\n')
    const response = await fetch(`${siem.siem.url}/_bulk`, {
      method: 'POST',
      body,
      headers: {
        'content-encoding': 'gzip',
        'content-type': 'application/vnd.elasticsearch+x-ndjson; compatible-with=9',
        accept: 'application/vnd.elasticsearch+json; compatible-with=9',
      },
    })
    assert.equal(response.headers.get('x-elastic-product'), 'Elasticsearch')
    assert.equal(response.headers.get('content-type'), 'application/vnd.elasticsearch+json;compatible-with=9')
    assert.equal(((await response.json()) as { errors: boolean }).errors, false)
  })

  it('makes, reads, finds, changes and deletes rules', async () => {
    siem = await testSiem()
    const rules = '/api/detection_engine/rules'
    const { body: made } = await siem.ask('POST', rules, RULE)
    assert.equal((await siem.ask('POST', rules, RULE)).status, 409)
    assert.equal((await siem.ask('GET', `${rules}?id=${made.id}`)).body.rule_id, 'r')
    const changed = await siem.ask('PUT', rules, { ...RULE, name: 'other' })
    assert.deepEqual([changed.body.id, changed.body.name], [made.id, 'other'])
    await siem.ask('POST', `${rules}/_bulk_create`, [
      { ...RULE, rule_id: 's' },
      { ...RULE, rule_id: 't', enabled: false },
      RULE,
    ])
    const found = await siem.ask('GET', `${rules}/_find?per_page=2&page=2&sort_field=name&sort_order=asc`)
    assert.deepEqual([found.body.total, found.body.data.length], [3, 1])
    const enabled = await siem.ask(
      'GET',
      `${rules}/_find?filter=${encodeURIComponent('alert.attributes.enabled: false')}`,
    )
    assert.deepEqual(
      enabled.body.data.map((rule: { rule_id: string }) => rule.rule_id),
      ['t'],
    )
    assert.equal((await siem.ask('DELETE', `${rules}?rule_id=r`)).status, 200)
    assert.deepEqual((await siem.ask('GET', `${rules}?rule_id=r`)).body, {
      status_code: 404,
      message: 'rule_id: "r" not found',
    })
  })

  it('tells every mistake in a rule', async () => {
    siem = await testSiem()
    const { status, body } = await siem.ask('POST', '/api/detection_engine/rules', {
      ...RULE,
      interval: '5x',
      risk_score: 101,
    })
    assert.equal(status, 400)
    assert.match(body.message, /interval: .*risk_score: /s)
    const lucene = await siem.ask('POST', '/api/detection_engine/rules', { ...RULE, type: 'query', language: 'lucene' })
    assert.equal(lucene.status, 400)
  })

  it('closes alerts', async () => {
    siem = await testSiem()
    await siem.index('events', { one: at(0, { event: { category: 'process' } }) })
    await siem.rule({ query: 'any where true' })
    await siem.pass(1000)
    const [alert] = await siem.alerts()
    const { body } = await siem.ask('POST', '/api/detection_engine/signals/status', {
      signal_ids: [alert!._id],
      status: 'closed',
    })
    assert.equal(body.updated, 1)
    assert.equal((await siem.alerts())[0]!._source['kibana.alert.workflow_status'], 'closed')
  })
})
