/** KQL against the vendor's own: generated queries over the conformance data, in the embedded SIEM and in a real Elasticsearch. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { type EmbeddedSiem, startEmbeddedSiem } from '../../../src/siem/embedded/server.ts'
import { kqlQueries } from './oracle/kql-queries.ts'
import { type RealElasticsearch, realElasticsearch } from './oracle/real-elasticsearch.ts'
import type { Json } from './siem.ts'

const INDEX = 'o-kql'
const QUERIES = 500
const keyword = { type: 'keyword' }
const text = { type: 'text', fields: { keyword } }
const all = (names: string, type: string) => Object.fromEntries(names.split(' ').map((name) => [name, { type }]))
const MAPPING = {
  properties: {
    ...all('command_line event_type md5 parent_process_name process_name process_path user user_name', 'keyword'),
    ...all('pid ppid opcode serial_event_id exit_code', 'long'),
    ...all('timestamp @timestamp', 'date'),
    hostname: text,
    file_name: text,
    source_address: { type: 'ip' },
    event: { properties: { category: { type: 'alias', path: 'event_type' } } },
  },
}
const FILETIME_EPOCH_MS = 11_644_473_600_000

/** EQL conditions with the same meaning in KQL. */
const SAID_IN_BOTH: [eql: string, kql: string][] = [
  ['process where process_name == "svchost.exe"', 'event.category: process and process_name: "svchost.exe"'],
  ['any where process_name like "s*.exe"', 'process_name: s*.exe'],
  ['any where pid > 400 and pid <= 900', 'pid > 400 and pid <= 900'],
  ['any where serial_event_id in (3, 5, 98)', 'serial_event_id: (3 or 5 or 98)'],
  ['any where not process_name == "smss.exe"', 'not process_name: "smss.exe"'],
  ['any where process_name != "smss.exe"', 'not process_name: "smss.exe"'],
  ['any where exit_code != null', 'exit_code: *'],
  ['any where exit_code == null', 'not exit_code: *'],
  ['any where cidrMatch(source_address, "10.0.0.0/8")', 'source_address: "10.0.0.0/8"'],
  ['any where command_line like "*smss*"', 'command_line: *smss*'],
  ['file where opcode == 0 or user_name == "SYSTEM"', 'event_type: file and (opcode: 0 or user_name: SYSTEM)'],
  ['any where not (pid == 4 or ppid == 0)', 'not (pid: 4 or ppid: 0)'],
  ['any where @timestamp < "2017-01-01"', '@timestamp < "2017-01-01"'],
]

describe('kql against a real Elasticsearch', function () {
  this.timeout(180_000)
  let real: RealElasticsearch
  let embedded: EmbeddedSiem

  before(async function () {
    const data = join(process.env.TOCSIN_SHARED ?? '', 'content', 'eql', 'test_data.json')
    const found = existsSync(data)
      ? await realElasticsearch()
      : 'TOCSIN_SHARED names no folder with the conformance data'
    if (typeof found === 'string') {
      process.stderr.write(`      skipped: ${found}\n`)
      this.skip()
    }
    real = found
    embedded = await startEmbeddedSiem({ clock: systemClock(), auth: false })
    const documents = JSON.parse(readFileSync(data, 'utf8')) as { timestamp: number }[]
    const lines = documents.flatMap((document, at) => {
      const time = Math.trunc(document.timestamp / 10_000) - FILETIME_EPOCH_MS
      return [{ index: { _index: INDEX, _id: String(at) } }, { ...document, timestamp: time, '@timestamp': time }]
    })
    for (const { url } of [real, embedded]) {
      await send(url, 'DELETE', `/${INDEX}`)
      await send(url, 'PUT', `/${INDEX}`, { mappings: MAPPING, settings: { number_of_shards: 1 } })
      const { errors } = await send(url, 'POST', '/_bulk?refresh=true', lines)
      assert.equal(errors, false)
    }
  })

  after(async () => {
    await embedded?.stop()
    await real?.stop()
  })

  it(`gives the same documents, or the same kind of error, for ${QUERIES} queries`, async () => {
    const queries = kqlQueries(QUERIES)
    const [ours, theirs] = await Promise.all([outcomes(embedded.url, queries), outcomes(real.url, queries)])
    const differing = queries.flatMap((query, at) =>
      ours[at] === theirs[at] ? [] : [{ query, embedded: ours[at], elasticsearch: theirs[at] }],
    )
    assert.deepEqual(differing, [])
    const failed = theirs.filter((outcome) => outcome.includes('exception')).length
    const empty = theirs.filter((outcome) => outcome === '').length
    assert.ok(failed > QUERIES / 10 && failed + empty < (QUERIES * 3) / 4, `${failed} failed, ${empty} found nothing`)
  })

  it('gives what EQL gives, for what both can say', async () => {
    const theirs = await outcomes(
      real.url,
      SAID_IN_BOTH.map(([, kql]) => kql),
    )
    for (const [at, [query]] of SAID_IN_BOTH.entries()) {
      const { hits } = await send(embedded.url, 'POST', `/${INDEX}/_eql/search`, { query, size: 200 })
      const ids = hits.events.map(({ _id }: Json) => Number(_id)).sort((a: number, b: number) => a - b)
      assert.equal(ids.join(' '), theirs[at], query)
      assert.notEqual(theirs[at], '', query)
    }
  })
})

/** For each query the numbers of its documents, or its kind of error. */
async function outcomes(url: string, queries: string[]): Promise<string[]> {
  const lines = queries.flatMap((query) => [{ index: INDEX }, { query: { kql: { query } }, size: 200, _source: false }])
  const { responses } = await send(url, 'POST', '/_msearch', lines)
  return responses.map(({ hits, error, status }: Json) => {
    if (error === undefined) {
      const ids = hits.hits.map(({ _id }: Json) => Number(_id))
      return ids.sort((a: number, b: number) => a - b).join(' ')
    }
    const { type, caused_by: cause } = error.failed_shards?.[0]?.reason ?? error
    // What is no date is told in several ways; that it is none is what counts.
    return [status, type, ...(cause === undefined || type === 'parse_exception' ? [] : [cause.type])].join(' ')
  })
}

async function send(url: string, method: string, path: string, body?: unknown): Promise<Json> {
  const lines = Array.isArray(body)
  const response = await fetch(url + path, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': lines ? 'application/x-ndjson' : 'application/json' },
          body: lines ? body.map((line) => `${JSON.stringify(line)}\n`).join('') : JSON.stringify(body),
        }),
  })
  return response.json()
}
