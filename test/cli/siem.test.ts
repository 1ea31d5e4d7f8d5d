import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finished, home, tocsin } from './tocsin.ts'

interface Serving {
  url: string
  apiKey: string | null
  child: ChildProcess
  /** How it ended, with all it wrote. */
  ended: Promise<Finished>
}

/** Starts `siem serve` on a free port and waits for its line. */
async function serve(...args: string[]): Promise<Serving> {
  const child = spawn(process.execPath, [`${home}bin/tocsin.js`, 'siem', 'serve', '--port', '0', ...args])
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Finished>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.includes('\n')) resolve(stdout)
    })
    child.on('close', () => reject(new Error(`ended before it was ready: ${stderr}`)))
  })
  return { ...(JSON.parse(line) as { url: string; apiKey: string | null }), child, ended }
}

const ask = async ({ url, apiKey }: Serving, method: string, path: string, body?: string) => {
  const response = await fetch(url + path, {
    method,
    headers: {
      'kbn-xsrf': 'test',
      'content-type': path.startsWith('/_bulk') ? 'application/x-ndjson' : 'application/json',
      ...(apiKey === null ? {} : { authorization: `ApiKey ${apiKey}` }),
    },
    ...(body === undefined ? {} : { body }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests check
  return { status: response.status, body: (await response.json()) as any }
}

const RULE = {
  name: 'Shell with a marker',
  description: '',
  type: 'eql',
  query: 'process where true',
  severity: 'high',
  risk_score: 73,
  index: ['events'],
  interval: '1s',
  from: 'now-5m',
}

describe('tocsin siem serve', () => {
  const running: Serving[] = []
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-siem-'))
  })

  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL')
      await ended
    }
    await rm(folder, { recursive: true })
  })

  const started = async (...args: string[]) => {
    const serving = await serve(...args)
    running.push(serving)
    return serving
  }

  it('prints one line when ready, wants its key, and ends with 0 on SIGTERM', async () => {
    const siem = await started()
    assert.match(siem.url, /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.equal((await fetch(siem.url)).status, 401)
    assert.equal((await ask(siem, 'GET', '/')).status, 200)
    siem.child.kill('SIGTERM')
    const { code, stdout, stderr } = await siem.ended
    assert.deepEqual([code, stdout.split('\n').length, stderr], [0, 2, ''])
  })

  it('lets anybody ask with --no-auth, with any key', async () => {
    const siem = await started('--no-auth')
    assert.equal(siem.apiKey, null)
    assert.equal((await fetch(siem.url)).status, 200)
    assert.equal((await fetch(siem.url, { headers: { authorization: 'ApiKey whatever' } })).status, 200)
  })

  it('keeps with --data all that it acknowledged before kill -9', async () => {
    const first = await started('--data', folder)
    await ask(first, 'POST', '/api/detection_engine/rules', JSON.stringify({ ...RULE, rule_id: 'r', enabled: false }))
    let acknowledged = 0
    const writer = (async () => {
      for (let n = 0; ; n += 10) {
        const lines = Array.from(
          { length: 10 },
          (_, at) => `{"index":{"_index":"events","_id":"${n + at}"}}\n{"n":${n + at}}\n`,
        )
        await ask(first, 'POST', '/_bulk', lines.join(''))
        acknowledged = n + 10
      }
    })().catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 700))
    first.child.kill('SIGKILL')
    await Promise.all([first.ended, writer])
    assert.ok(acknowledged > 0)
    const second = await started('--data', folder)
    assert.equal(second.apiKey, first.apiKey)
    const { body } = await ask(second, 'POST', '/events/_count', `{"query":{"range":{"n":{"lt":${acknowledged}}}}}`)
    assert.equal(body.count, acknowledged)
    const rule = await ask(second, 'GET', '/api/detection_engine/rules?rule_id=r')
    assert.equal(rule.body.name, RULE.name)
  })

  it('says what is wrong with its options', async () => {
    const badPort = await tocsin(['siem', 'serve', '--port', 'x'])
    assert.deepEqual([badPort.code, badPort.stdout], [2, ''])
    assert.match(badPort.stderr, /--port: x is no port/)
    const siem = await started('--data', folder)
    const taken = await tocsin(['siem', 'serve', '--port', new URL(siem.url).port])
    assert.equal(taken.code, 2)
    assert.match(taken.stderr, /is in use; choose another port/)
    const inUse = await tocsin(['siem', 'serve', '--port', '0', '--data', folder])
    assert.equal(inUse.code, 2)
    assert.match(inUse.stderr, /is in use by another embedded SIEM/)
  })

  describe('with Threatest', () => {
    const packed = `${process.env.TOCSIN_SHARED}/peers/threatest.xz`

    before(function () {
      const reason =
        process.env.TOCSIN_SHARED === undefined
          ? 'TOCSIN_SHARED is not set'
          : existsSync(packed)
            ? null
            : `there is no ${packed}`
      if (reason !== null) {
        process.stderr.write(`      skipped: ${reason}\n`)
        this.skip()
      }
    })

    /** Runs one scenario whose command posts an event with Threatest's own marker. */
    async function threatest(siem: Serving, expected: string): Promise<Finished> {
      const program = join(folder, 'threatest')
      await writeFile(program, execFileSync('xz', ['-dc', packed], { maxBuffer: 256 * 1024 * 1024 }))
      await chmod(program, 0o755)
      const scenario = join(folder, 'scenario.yml')
      // The marker is the end of the path that the shell runs as.
      const event = `{"@timestamp":"'$(date -u +%FT%T.%3NZ)'","event":{"category":"process"},"process":{"command_line":"'$0'"}}`
      const command = `curl -sf -X POST ${siem.url}/events/_doc -H 'content-type: application/json' -d '${event}'`
      await writeFile(
        scenario,
        JSON.stringify({
          scenarios: [
            {
              name: 'shell',
              detonate: { localDetonator: { commands: [command] } },
              expectations: [{ timeout: '8s', elasticSecuritySignal: { name: expected, severity: 'high' } }],
            },
          ],
        }),
      )
      const child = spawn(program, ['run', scenario], {
        env: { ...process.env, KIBANA_URL: siem.url, ELASTIC_API_KEY: 'x' },
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text
        })
      }
      return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout: output, stderr: '' })))
    }

    it('finds the alert of a rule that fired', async () => {
      const siem = await started('--no-auth')
      await ask(siem, 'PUT', '/events')
      await ask(siem, 'POST', '/api/detection_engine/rules', JSON.stringify(RULE))
      const { code, stdout } = await threatest(siem, RULE.name)
      assert.equal(code, 0, stdout)
      // It closes what it found: the alert went through both of its requests.
      const { body } = await ask(siem, 'POST', '/api/detection_engine/signals/search', '{}')
      const states = body.hits.hits.map(
        ({ _source }: { _source: Record<string, unknown> }) => _source['kibana.alert.workflow_status'],
      )
      assert.deepEqual(states, ['closed'])
    })

    it('fails when the rule does not match', async () => {
      const siem = await started('--no-auth')
      await ask(siem, 'PUT', '/events')
      await ask(siem, 'POST', '/api/detection_engine/rules', JSON.stringify({ ...RULE, query: 'network where true' }))
      const { code, stdout } = await threatest(siem, RULE.name)
      assert.notEqual(code, 0, stdout)
    })
  })
})
