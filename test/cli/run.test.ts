import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { RunRecord } from '../../src/model/run-record.ts'
import { WorkFolder } from './work-folder.ts'

/** A scenario of one short test. */
const scenario = (change: (test: Record<string, unknown>) => void = () => {}) => {
  const test: Record<string, unknown> = {
    id: 'query',
    provenance: { document: 'test', kind: 'own' },
    steps: [{ host: 'source', run: 'schtasks /query /fo csv' }],
    expect: [{ analytic: 'CAR-2013-08-001', is: 'match', within: '10m' }],
  }
  change(test)
  return { id: 'short', tests: [test] }
}

describe('tocsin run', () => {
  let folder: WorkFolder

  beforeEach(async () => {
    folder = await WorkFolder.make()
  })

  afterEach(() => folder.remove())

  const write = (name: string, content: unknown) => writeFile(join(folder.path, name), stringify(content))
  const withScenario = (change?: (test: Record<string, unknown>) => void) =>
    write('scenarios/short.yml', scenario(change))

  it('writes the record and the reports, and nothing but the record to stdout with --json', async () => {
    await withScenario()
    const { code, record, stderr } = await folder.run(['short', '--out', 'out'])
    assert.equal(code, 0, stderr)
    const written = RunRecord.parse(record)
    assert.equal(written.lab.kind, 'emulated')
    assert.equal(written.siem.kind, 'embedded')
    assert.ok(written.endedAt !== null)
    assert.deepEqual(written.summary.outcomes, { expected: 1, unexpected: 0, 'known-gap': 0, inconclusive: 0 })
    assert.deepEqual((await readdir(join(folder.path, 'out'))).sort(), [
      'journal.jsonl',
      'junit.xml',
      'report.html',
      'report.md',
      'run.json',
    ])
    assert.deepEqual(JSON.parse(await readFile(join(folder.path, 'out', 'run.json'), 'utf8')), record)
  })

  it('writes to reports/<run id> by default, and only the formats that are asked for', async () => {
    await withScenario()
    const { record } = await folder.run(['short', '--format', 'md'])
    assert.deepEqual((await readdir(join(folder.path, 'reports', record.id))).sort(), [
      'journal.jsonl',
      'report.md',
      'run.json',
    ])
  })

  it('exits 1 when something is unexpected', async () => {
    await withScenario((test) => {
      test.expect = [{ analytic: 'CAR-2013-08-001', is: 'silent' }]
    })
    const { code, record } = await folder.run(['short'])
    assert.equal(record.summary.outcomes.unexpected, 1)
    assert.equal(code, 1)
  })

  it('never writes a password down', async () => {
    await withScenario((test) => {
      test.steps = [
        { host: 'source', run: 'echo {{source.password}}' },
        { host: 'source', run: 'schtasks /query /tn x /u {{source.password}}', exitCodes: [0, 1] },
      ]
    })
    const { stdout, stderr } = await folder.run(['short', '--out', 'out'])
    const files = await Promise.all(
      (await readdir(join(folder.path, 'out'))).map((name) => readFile(join(folder.path, 'out', name), 'utf8')),
    )
    assert.ok(![stdout, stderr, ...files].join('').includes('lab-only-Kestrel-41'))
    assert.ok(stdout.includes('••••••'))
  })

  it('shows with --dry-run what it would do, and does nothing', async () => {
    await withScenario((test) => {
      test.steps = [{ host: 'source', run: 'schtasks /query /tn {{marker}} /u x /p {{source.password}}' }]
    })
    const { code, stdout } = await folder.tocsin(['run', 'short', '--lab', 'lab.yml', '--dry-run'])
    assert.equal(code, 0)
    assert.match(stdout, /short\/query/)
    assert.match(stdout, /schtasks \/query \/tn tocsin-[a-z0-9]+ \/u x \/p \{\{source\.password\}\}/)
    assert.match(stdout, /Nothing was run/)
    assert.ok(!(await readdir(folder.path)).includes('reports'))
  })

  const refused: { name: string; args?: string[]; prepare?: () => Promise<void>; says: RegExp[] }[] = [
    { name: 'a scenario that does not exist', args: ['shrot'], prepare: withScenario, says: [/shrot/, /short/] },
    { name: 'an empty selection', args: ['short', '--tag', 'nothing'], prepare: withScenario, says: [/nothing/] },
    {
      name: 'an analytic that does not exist',
      args: ['--analytic', 'CAR-2013-08-002'],
      says: [/CAR-2013-08-002/, /CAR-2013-08-001/],
    },
    { name: 'a lab file that is missing', args: ['--lab', 'nowhere.yml'], says: [/nowhere\.yml/] },
    { name: 'a folder that cannot be written', args: ['--out', '/dev/null/out'], says: [/\/dev\/null\/out/] },
    { name: 'an unknown report format', args: ['--format', 'html,pdf'], says: [/pdf/, /junit/] },
    { name: 'a concurrency of none', args: ['--concurrency', '0'], says: [/concurrency/] },
    {
      name: 'every mistake of all files at once',
      prepare: async () => {
        await withScenario((test) => {
          test.expects = []
          test.expect = [{ analytic: 'CAR-2013-08-01', is: 'alerted' }]
          test.steps = [{ host: 'sauce', run: 'echo {{mraker}}' }]
        })
        await write('scenarios/analytics/broken.yml', { id: 'broken', title: 5 })
      },
      says: [
        /short\.yml:\d+:\d+/,
        /expects/,
        /did you mean/,
        /CAR-2013-08-01/,
        /mraker/,
        /sauce/,
        /broken\.yml:\d+:\d+/,
        /\^/,
      ],
    },
    {
      name: 'a cycle among variables',
      prepare: () =>
        withScenario((test) => {
          test.variables = { a: '{{b}}', b: '{{a}}' }
        }),
      says: [/a/, /b/],
    },
    {
      name: 'a host that is not emulated, without an authorization',
      prepare: () =>
        folder.changeLab((lab) => {
          delete lab.hosts.ws1.emulated
          lab.hosts.ws1.address = '192.0.2.7'
        }),
      says: [/ws1/, /192\.0\.2\.7/, /authorization/],
    },
    {
      name: 'a host that calls itself emulated at an address that is not this machine',
      prepare: () =>
        folder.changeLab((lab) => {
          lab.hosts.ws1.address = '192.0.2.7'
          lab.hosts.ws1.port = 22
        }),
      says: [/ws1/, /192\.0\.2\.7/, /authorization/],
    },
    {
      name: 'an environment variable that is not set',
      prepare: () =>
        folder.changeLab((lab) => {
          lab.hosts.ws1.password = 'env:TOCSIN_TEST_UNSET'
        }),
      says: [/hosts\.ws1\.password/, /TOCSIN_TEST_UNSET/],
    },
  ]
  for (const { name, args = [], prepare, says } of refused) {
    it(`refuses ${name}: exit 2, nothing run`, async () => {
      await prepare?.()
      const { code, stdout, stderr } = await folder.tocsin(['run', '--lab', 'lab.yml', ...args])
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      for (const pattern of says) assert.match(stderr, pattern)
      assert.doesNotMatch(stderr, /\n\s+at /)
      assert.ok(!(await readdir(folder.path)).includes('reports'))
    })
  }
})
