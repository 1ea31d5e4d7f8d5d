/** Hosts and SIEMs that fail: the rest of the run goes on, what cannot be judged is inconclusive with its reason, exit 3. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { RunRecord } from '../../src/model/run-record.ts'
import { home } from './tocsin.ts'
import { WorkFolder } from './work-folder.ts'

/** One short test a host role. */
const SCENARIO = {
  id: 'short',
  tests: ['source', 'target'].map((role) => ({
    id: `query-on-${role}`,
    provenance: { document: 'test', kind: 'own' },
    steps: [{ host: role, run: 'schtasks /query /fo csv' }],
    expect: [{ analytic: 'CAR-2013-08-001', is: 'alert', within: '5s' }],
  })),
}

describe('trouble', () => {
  let folder: WorkFolder

  beforeEach(async () => {
    folder = await WorkFolder.make()
    await writeFile(join(folder.path, 'scenarios', 'short.yml'), stringify(SCENARIO))
    await folder.changeDeployed('CAR-2013-08-001', (implementation) => {
      implementation.rule.interval = '1s'
      implementation.rule.from = 'now-3s'
    })
  })

  afterEach(() => folder.remove())

  const inconclusive = (record: RunRecord, test: string, reason: RegExp) => {
    const [check] = record.tests.find(({ id }) => id === `short/${test}`)!.checks
    assert.equal(check!.outcome, 'inconclusive')
    assert.match(check!.cause!, reason)
  }
  const expected = (record: RunRecord, test: string) => {
    const [check] = record.tests.find(({ id }) => id === `short/${test}`)!.checks
    assert.deepEqual([check!.verdict, check!.outcome], ['alerted', 'expected'], check!.cause ?? '')
  }

  it('a host that is down', async () => {
    const port = await closedPort()
    await folder.changeLab((lab) => {
      for (const name of ['srv1', 'srv2']) {
        Object.assign(lab.hosts[name], { address: '127.0.0.1', port, hostKey: `SHA256:${'A'.repeat(43)}` })
      }
    })
    const { code, record } = await folder.run(['short'])
    inconclusive(record, 'query-on-target', /srv[12]/)
    assert.equal(code, 3)
  })

  it('a host that wants another password', async () => {
    // A lab of its own runs at 60 times real time: what is seconds for a person is nothing there.
    await folder.changeDeployed('CAR-2013-08-001', (implementation) => {
      implementation.rule.interval = '1m'
      implementation.rule.from = 'now-5m'
    })
    await folder.change('scenarios/short.yml', (scenario) => {
      for (const test of scenario.tests) test.expect[0].within = '10m'
    })
    await folder.changeLab((lab) => {
      lab.hosts.ws1.password = 'Right-one-1'
      lab.hosts.ws2.password = 'Right-one-1'
    })
    // Here an alert has to come, in real time, however busy this machine is.
    await folder.change('scenarios/short.yml', (scenario) => {
      for (const test of scenario.tests) test.expect[0].within = '60s'
    })
    await folder.changeDeployed('CAR-2013-08-001', (implementation) => {
      implementation.rule.from = 'now-5m'
    })
    const lab = await startLab(folder)
    try {
      await folder.change('lab-data/lab.yml', (content) => {
        for (const name of ['ws1', 'ws2']) content.hosts[name].password = 'Wrong-one-2'
      })
      const finished = await folder.tocsin(['run', 'short', '--lab', 'lab-data/lab.yml', '--json'])
      const record = JSON.parse(finished.stdout) as RunRecord
      inconclusive(record, 'query-on-source', /password|authentication|log/i)
      expected(record, 'query-on-target')
      assert.equal(finished.code, 3)
      assert.ok(!`${finished.stdout}${finished.stderr}`.includes('Wrong-one-2'))
    } finally {
      await ended(lab)
    }
  })

  const broken: [string, RequestListener, RegExp][] = [
    [
      'refuses the login',
      (_request, response) =>
        answer(response, 401, '{"error":{"type":"security_exception","reason":"no"},"status":401}'),
      /401/,
    ],
    [
      'is overloaded',
      (_request, response) =>
        answer(response, 429, '{"error":{"type":"es_rejected_execution_exception","reason":"full"},"status":429}'),
      /429/,
    ],
    [
      'fails',
      (_request, response) => answer(response, 500, '{"error":{"type":"exception","reason":"broken"},"status":500}'),
      /500/,
    ],
    ['answers garbage', (_request, response) => answer(response, 200, '<html>'), /JSON|Elasticsearch/],
    [
      'is no Elasticsearch',
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      /Elasticsearch/,
    ],
  ]
  for (const [what, listener, reason] of broken) {
    it(`a SIEM that ${what}`, async () => {
      const { url, server } = await listen(createServer(listener))
      try {
        await folder.changeLab((lab) => {
          lab.siem = { url, apiKey: 'secret-key-of-the-siem' }
        })
        const { code, record, stderr, stdout } = await folder.run(['short'])
        for (const test of ['query-on-source', 'query-on-target']) inconclusive(record, test, reason)
        for (const { execution, checks } of record.tests) {
          assert.equal(execution.status, 'completed')
          assert.equal(checks[0]!.verdict, 'unknown')
        }
        assert.equal(code, 3)
        assert.ok(!`${stdout}${stderr}`.includes('secret-key-of-the-siem'))
      } finally {
        server.closeAllConnections()
        server.close()
      }
    })
  }

  it('a SIEM in its own process that is killed in the middle', async () => {
    const siem = spawn(process.execPath, [`${home}bin/tocsin.js`, 'siem', 'serve', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const started = JSON.parse(await firstLine(siem)) as { url: string; apiKey: string }
    await folder.changeLab((lab) => {
      lab.siem = started
    })
    const { code, record } = await folder.run(['short', '--out', 'out'], {
      onStart: (child) => {
        // The journal is there once the lab is open: the tests have begun.
        child.stderr?.once('data', () => siem.kill('SIGKILL'))
        setTimeout(() => siem.kill('SIGKILL'), 3000)
      },
    })
    for (const test of record.tests)
      assert.deepEqual([test.checks[0]!.verdict, test.checks[0]!.outcome], ['unknown', 'inconclusive'])
    assert.equal(code, 3)
  })
})

function answer(response: Parameters<RequestListener>[1], status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }).end(body)
}

async function listen(server: Server): Promise<{ url: string; server: Server }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function startLab(folder: WorkFolder): Promise<ChildProcess> {
  const args = [`${home}bin/tocsin.js`, 'lab', 'up', '--lab', 'lab.yml', '--data', 'lab-data']
  const child = spawn(process.execPath, args, { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit'] })
  await firstLine(child)
  return child
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', (line) => resolve(String(line)))
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}
