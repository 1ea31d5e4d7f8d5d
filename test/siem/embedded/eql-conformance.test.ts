/** The conformance run over HTTP: the queries of Elasticsearch's own suite against `_eql/search`, by a client that is not ours. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type TestSiem, testSiem } from './siem.ts'

const QUERIES = 133
const RUNS: string[][] = [
  [],
  ...['head', 'tail'].map((position) => ['--result-position', position]),
  ...[2, 3, 5, 10, 20, 50].map((size) => ['--fetch-size', String(size)]),
  ['--fetch-size', '2', '--result-position', 'head'],
]

describe('eql over HTTP: conformance with Elasticsearch', function () {
  this.timeout(120_000)
  let siem: TestSiem
  let shared: string

  before(async function () {
    shared = process.env.TOCSIN_SHARED ?? ''
    if (!existsSync(join(shared, 'checks', 'eql_conformance.py'))) {
      process.stderr.write('      skipped: TOCSIN_SHARED names no folder with checks/eql_conformance.py\n')
      this.skip()
    }
    siem = await testSiem()
  })

  after(() => siem?.stop())

  for (const options of RUNS) {
    it(`gives what each query must return ${options.join(' ')}`.trim(), async () => {
      const suite = (name: string) => join(shared, 'content', 'eql', name)
      const { stdout } = await promisify(execFile)('python3', [
        join(shared, 'checks', 'eql_conformance.py'),
        ...['--url', siem.siem.url, '--queries', suite('test_queries.toml'), '--data', suite('test_data.json')],
        ...['--filetime', '--tiebreaker', 'serial_event_id', ...options],
      ]).catch((error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr }))
      assert.equal(stdout.trim(), `${QUERIES} passed, 0 failed`)
    })
  }
})
