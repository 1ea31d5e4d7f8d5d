/** `replay --on elastic`: the analytics pushed down to a cluster, the embedded SIEM and a real one alike. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock/system-clock.ts'
import { startEmbeddedSiem } from '../../src/siem/embedded/server.ts'
import { ecsIndexTemplate } from '../../src/telemetry/ecs-template.ts'
import { normalise } from '../../src/telemetry/normalise.ts'
import { realElasticsearch } from '../siem/embedded/oracle/real-elasticsearch.ts'
import { remoteCreation, sysmon } from '../telemetry/remote-creation.ts'
import { home, tocsin } from './tocsin.ts'

type Json = Record<string, unknown>

const INDEX = 'o-replay-elastic'
const SEQUENCE = 'remote-scheduled-task-creation'
const PROCESS = 'CAR-2013-08-001'
const KEY = 'a-key-of-a-test'

const RECORDS = [
  ...(remoteCreation() as Json[]),
  sysmon(1, 40, { Image: 'C:\\Windows\\System32\\schtasks.exe', CommandLine: 'schtasks /create /tn x' }),
]

interface Server {
  url: string
  stop(): Promise<void>
}

const SERVERS: { name: string; hasEql: boolean; start: () => Promise<Server | string> }[] = [
  {
    name: 'the embedded SIEM',
    hasEql: true,
    start: () => startEmbeddedSiem({ clock: systemClock(), apiKey: Buffer.from(KEY).toString('base64') }),
  },
  // Its modules of EQL and of the types wildcard and match_only_text are not published.
  { name: 'a real Elasticsearch', hasEql: false, start: realElasticsearch },
]

for (const { name, hasEql, start } of SERVERS) {
  describe(`tocsin replay --on elastic, ${name}`, function () {
    this.timeout(180_000)
    let server: Server
    let folder: string

    const send = (method: string, path: string, body?: string) =>
      fetch(server.url + path, {
        method,
        headers: {
          'content-type': path.includes('_bulk') ? 'application/x-ndjson' : 'application/json',
          authorization: `ApiKey ${Buffer.from(KEY).toString('base64')}`,
        },
        ...(body === undefined ? {} : { body }),
      })

    before(async function () {
      const started = await start()
      if (typeof started === 'string') {
        process.stderr.write(`      skipped: ${started}\n`)
        this.skip()
      }
      server = started
      folder = await mkdtemp(join(tmpdir(), 'tocsin-elastic-'))
      await send('DELETE', `/${INDEX}`)
      const { mappings } = ecsIndexTemplate().template as { mappings: object }
      const index = JSON.stringify({ settings: { 'index.mapping.total_fields.limit': 5_000 }, mappings })
      const known = hasEql
        ? index
        : index.replaceAll('"wildcard"', '"keyword"').replaceAll('"match_only_text"', '"text"')
      assert.equal((await send('PUT', `/${INDEX}`, known)).status, 200)
      const lines = RECORDS.flatMap((record, id) => [
        JSON.stringify({ index: { _id: `e${id}` } }),
        JSON.stringify(normalise(record)!.document),
      ])
      const written = await send('POST', `/${INDEX}/_bulk?refresh=true`, `${lines.join('\n')}\n`)
      assert.equal(((await written.json()) as { errors: boolean }).errors, false)
    })

    after(async () => {
      if (server === undefined) return
      await send('DELETE', `/${INDEX}`)
      await server.stop()
      await rm(folder, { recursive: true })
    })

    const replay = (args: string[], env: Record<string, string> = {}) =>
      tocsin(['replay', '--on', 'elastic', '--scenarios', join(home, 'scenarios'), ...args], {
        cwd: folder,
        env: { ELASTICSEARCH_URL: server.url, ELASTICSEARCH_API_KEY: Buffer.from(KEY).toString('base64'), ...env },
      })

    it('finds in each language that it runs what replaying the file finds', async () => {
      const { code, stdout, stderr } = await replay(['--index', INDEX, '--analytic', PROCESS, '--json'])
      const { analytics, notEvaluated } = JSON.parse(stdout)
      const inOthers = ['car', 'logpoint'].map((language) => [language, 1])
      assert.deepEqual(
        analytics.map(({ language, matches }: Json) => [language, matches]),
        hasEql ? [['eql', 1], ...inOthers] : inOthers,
        stderr,
      )
      const dnif = notEvaluated.find(({ language }: Json) => language === 'dnif')
      assert.match(dnif.reason, /takes only the first or the last of its matches/)
      if (hasEql) assert.deepEqual([code, notEvaluated.length], [0, 1])
      else {
        assert.equal(code, 3)
        assert.match(
          notEvaluated.find(({ language }: Json) => language === 'eql').reason,
          /refused the query: no handler found for uri .*_eql/,
        )
      }
    })

    if (!hasEql) return

    it('finds what replaying the file finds', async () => {
      await writeFile(join(folder, 'records.json'), RECORDS.map((record) => `${JSON.stringify(record)}\n`).join(''))
      const fromFile = JSON.parse(
        (await tocsin(['replay', '--json', '--scenarios', join(home, 'scenarios'), join(folder, 'records.json')]))
          .stdout,
      )
      const { code, stdout, stderr } = await replay(['--index', INDEX, '--json'])
      assert.equal(code, 0, stderr)
      const result = JSON.parse(stdout)
      assert.equal(result.format, 'tocsin.replay/1')
      assert.deepEqual(result.inputs, [
        { path: INDEX, shape: 'elasticsearch', events: RECORDS.length, skipped: 0, problems: [], problemCount: 0 },
      ])
      const counts = ({ analytics }: { analytics: Json[] }) =>
        Object.fromEntries(
          analytics.map(({ id, language, matches, testable }) => [`${id} ${language}`, [matches, testable]]),
        )
      const left = new Set(result.notEvaluated.map(({ id, language }: Json) => `${id} ${language}`))
      const wanted = Object.entries(counts(fromFile)).filter(([name]) => !left.has(name))
      assert.deepEqual(counts(result), Object.fromEntries(wanted))
      assert.deepEqual(counts(result)[`${SEQUENCE} eql`], [1, true])
      assert.deepEqual(counts(result)[`${PROCESS} car`], [1, true])
      const sequence = result.analytics.find(({ id }: Json) => id === SEQUENCE)
      assert.deepEqual(
        sequence.hits[0].events.map(({ index, id, record, code: event }: Json) => [index, id, record, event]),
        [
          [INDEX, 'e0', null, '3'],
          [INDEX, 'e1', null, '13'],
        ],
      )
    })

    it('keeps to the time, and shows a table', async () => {
      const { code, stdout } = await replay([
        '--index',
        INDEX,
        '--to',
        '2031-03-04T05:06:30Z',
        '--analytic',
        PROCESS,
        SEQUENCE,
      ])
      assert.equal(code, 0)
      assert.match(stdout, /elasticsearch +2 events +o-replay-elastic/)
      assert.match(stdout, new RegExp(`${SEQUENCE} +eql +1 +1`))
      assert.match(stdout, new RegExp(`${PROCESS} +eql +– .*not testable: no process events`))
      assert.match(stdout, /#1 o-replay-elastic e0 {2}2031-03-04T05:06/)
    })

    it('takes the cluster of a lab file', async () => {
      const siem = `siem: {url: "${server.url}", apiKey: "env:KEY_OF_TEST"}`
      await writeFile(join(folder, 'lab.yml'), `hosts: {ws1: {role: source}}\n${siem}\n`)
      const { code, stderr } = await replay(['--index', INDEX, '--lab', 'lab.yml'], {
        ELASTICSEARCH_URL: 'http://127.0.0.1:1',
        KEY_OF_TEST: Buffer.from(KEY).toString('base64'),
      })
      assert.equal(code, 0, stderr)
    })

    it('exits 3 when one of the indices is not there, 2 when none is', async () => {
      const one = await replay(['--index', INDEX, 'nowhere-*', '--json'])
      assert.equal(one.code, 3)
      assert.match(one.stderr, /nowhere-\*: no such index \[nowhere-\*\]/)
      assert.equal(JSON.parse(one.stdout).inputs[1].problemCount, 1)
      const none = await replay(['--index', 'nowhere'])
      assert.equal(none.code, 2)
      assert.match(none.stderr, /nowhere: no such index \[nowhere\]/)
    })

    it('exits 3 for a query that the cluster refuses, and says what it cannot be asked', async () => {
      const analytic = (id: string, implementations: object[]) =>
        writeFile(
          join(folder, 'own', 'analytics', `${id}.yml`),
          JSON.stringify({ id, title: id, goal: 'x', attack: [{ technique: 'T1053' }], implementations }),
        )
      await import('node:fs/promises').then(({ mkdir }) => mkdir(join(folder, 'own', 'analytics'), { recursive: true }))
      await analytic('refused', [{ language: 'eql', query: 'process where nobody.knows == 1' }])
      await analytic('words', [
        {
          language: 'sigma',
          query:
            'title: x\nlogsource: {category: process_creation, product: windows}\ndetection:\n  a:\n    CommandLine|re: "a.*b"\n  condition: a\n',
        },
      ])
      await analytic('kql', [{ language: 'kuery', query: 'process.name : schtasks.exe' }])
      const { code, stdout, stderr } = await replay(['--index', INDEX, '--json', '--scenarios', 'own'])
      assert.equal(code, 3, stderr)
      assert.match(stderr, /refused \(eql\): the cluster refused the query: .*nobody\.knows/s)
      const { analytics, notEvaluated } = JSON.parse(stdout)
      assert.deepEqual(
        analytics.map(({ id, matches }: Json) => [id, matches]),
        [['kql', 1]],
      )
      assert.deepEqual(notEvaluated.map(({ id }: Json) => id).sort(), ['refused', 'words'])
      assert.match(notEvaluated.find(({ id }: Json) => id === 'words').reason, /no equal for regular expressions/)
    })
  })
}

describe('tocsin replay --on elastic', () => {
  const REFUSED: { args: string[]; env?: Record<string, string>; says: RegExp }[] = [
    { args: [], says: /needs --index/ },
    { args: ['--index', 'x', '--from', 'yesterday'], says: /--from yesterday: it is an instant such as/ },
    { args: ['--index', 'x'], says: /no cluster is named/ },
    { args: ['--index', 'x'], env: { ELASTICSEARCH_URL: 'http://127.0.0.1:1' }, says: /x: the SIEM cannot be reached/ },
  ]
  for (const { args, env = {}, says } of REFUSED) {
    it(`exits 2: ${[...args, ...Object.keys(env)].join(' ')}`, async () => {
      const { code, stdout, stderr } = await tocsin(['replay', '--on', 'elastic', ...args], {
        env: { ELASTICSEARCH_URL: '', ...env },
      })
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(stderr, says)
    })
  }

  it('and files do not go together', async () => {
    const both = await tocsin(['replay', 'x.json', '--on', 'elastic'])
    assert.deepEqual([both.code, both.stderr.includes('x.json is a file')], [2, true])
    const none = await tocsin(['replay'])
    assert.deepEqual([none.code, none.stderr.includes('files to replay, or a cluster')], [2, true])
    const index = await tocsin(['replay', 'x.json', '--from', 'now-1h'])
    assert.deepEqual([index.code, index.stderr.includes('--from goes with --on elastic')], [2, true])
  })
})
