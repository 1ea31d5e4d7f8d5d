/**
 * A whole run with alert checks, side by side with Threatest: N tests on a local shell at a concurrency, each command
 * posts one event with its marker to the same `siem serve`, and a real EQL rule that runs every 3 s alerts on it.
 * Threatest's binary is taken from $TOCSIN_SHARED/peers; without it only Tocsin runs, and the bench says so.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'

const home = fileURLToPath(new URL('../../', import.meta.url))
const RULE_NAME = 'Bench event'
const INTERVAL = '3s'

interface Work {
  tests: number
  concurrency: number
}

/** Threatest hangs for ever when there are more than twice as many scenarios as slots, so 1,000 tests are ours alone. */
const WORKS: (Work & { peer: boolean })[] = [
  { tests: 5, concurrency: 5, peer: true },
  { tests: 100, concurrency: 50, peer: true },
  { tests: 1000, concurrency: 50, peer: false },
]

export async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  try {
    const threatest = await findThreatest(folder)
    if (threatest === null)
      console.log('Threatest is not here (TOCSIN_SHARED is not set or has no peers): only Tocsin runs')
    for (const work of WORKS) {
      const ours = await timed(folder, work, runTocsin)
      const line = `${work.tests} tests, ${work.concurrency} at once, rule every ${INTERVAL}: Tocsin ${seconds(ours)}`
      if (threatest === null || !work.peer) console.log(line)
      else {
        const theirs = await timed(folder, work, (...args) => runThreatest(threatest, ...args))
        console.log(`${line}, Threatest ${seconds(theirs)}: ${(theirs / ours).toFixed(1)} times as fast`)
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

/** Each program gets a SIEM of its own that knows nothing yet. */
async function timed(
  folder: string,
  work: Work,
  program: (url: string, folder: string, work: Work) => Promise<void>,
): Promise<number> {
  const siem = await startSiem()
  try {
    await deployRule(siem.url)
    const own = await mkdtemp(join(folder, 'work-'))
    const from = performance.now()
    await program(siem.url, own, work)
    return performance.now() - from
  } finally {
    siem.child.kill('SIGTERM')
  }
}

async function startSiem(): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [`${home}bin/tocsin.js`, 'siem', 'serve', '--port', '0', '--no-auth'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.once('data', (data) => resolve(String(data)))
    child.once('exit', () => reject(new Error('siem serve did not start')))
  })
  return { url: (JSON.parse(line) as { url: string }).url, child }
}

async function deployRule(url: string): Promise<void> {
  await post(`${url}/logs-bench-default/_doc?refresh=true`, {
    '@timestamp': new Date(0).toISOString(),
    event: { category: ['process'], type: ['start'] },
    host: { name: 'bench' },
    process: { name: 'none', command_line: 'none' },
  })
  await post(`${url}/api/detection_engine/rules`, {
    ...ANALYTIC.implementations[0]!.rule,
    type: 'eql',
    language: 'eql',
    query: ANALYTIC.implementations[0]!.query,
    description: RULE_NAME,
    name: RULE_NAME,
  })
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'kbn-xsrf': 'bench' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

const ANALYTIC = {
  id: 'bench-event',
  title: RULE_NAME,
  goal: 'Every event of the bench.',
  attack: [{ technique: 'T1059' }],
  implementations: [
    {
      language: 'eql',
      query: 'process where process.name == "bench"',
      rule: {
        rule_id: 'bench-event',
        name: RULE_NAME,
        index: ['logs-bench-*'],
        interval: INTERVAL,
        from: 'now-60s',
        enabled: true,
        severity: 'medium',
        risk_score: 47,
      },
    },
  ],
}

/** A command that posts one event which carries a token. */
const postEvent = (url: string, token: string) =>
  `curl -s -o /dev/null -X POST ${url}/logs-bench-default/_doc -H 'content-type: application/json' -d "{\\"@timestamp\\":\\"$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)\\",\\"event\\":{\\"category\\":[\\"process\\"],\\"type\\":[\\"start\\"]},\\"host\\":{\\"name\\":\\"bench\\"},\\"process\\":{\\"name\\":\\"bench\\",\\"command_line\\":\\"${token}\\"}}"`

async function runTocsin(url: string, folder: string, { tests, concurrency }: Work): Promise<void> {
  await mkdir(join(folder, 'scenarios', 'analytics'), { recursive: true })
  const scenario = {
    id: 'bench',
    tests: Array.from({ length: tests }, (_, index) => ({
      id: `test-${index}`,
      provenance: { document: 'bench', kind: 'own' },
      isolation: 'marker',
      steps: [{ host: 'source', shell: 'sh', run: postEvent(url, '{{marker}}') }],
      expect: [{ analytic: ANALYTIC.id, is: 'alert', within: '1m' }],
    })),
  }
  const lab = {
    name: 'bench',
    authorization: 'authorization.yml',
    hosts: { bench: { role: 'source', os: 'linux', transport: 'local-shell', address: 'localhost', concurrency } },
    siem: { url },
  }
  const authorization = {
    approvedBy: 'whoever runs the bench',
    reason: 'bench',
    notBefore: new Date(Date.now() - 60_000).toISOString(),
    notAfter: new Date(Date.now() + 3_600_000).toISOString(),
    hosts: [{ address: 'localhost' }],
  }
  await writeFile(join(folder, 'scenarios', 'bench.yml'), stringify(scenario))
  await writeFile(join(folder, 'scenarios', 'analytics', 'bench-event.yml'), stringify(ANALYTIC))
  await writeFile(join(folder, 'lab.yml'), stringify(lab))
  await writeFile(join(folder, 'authorization.yml'), stringify(authorization))
  const args = [
    'run',
    '--lab',
    'lab.yml',
    '--scenarios',
    'scenarios',
    '--out',
    'out',
    '--concurrency',
    String(concurrency),
  ]
  await finish(process.execPath, [`${home}bin/tocsin.js`, ...args], folder)
}

async function runThreatest(binary: string, url: string, folder: string, { tests, concurrency }: Work): Promise<void> {
  const scenarios = Array.from({ length: tests }, (_, index) => ({
    name: `test-${index}`,
    // In a local command $0 is a path that ends in the detonation's UUID.
    detonate: { localDetonator: { commands: [postEvent(url, '$0')] } },
    expectations: [{ timeout: '1m', elasticSecuritySignal: { name: RULE_NAME, severity: 'medium' } }],
  }))
  await writeFile(join(folder, 'threatest.yml'), stringify({ scenarios }))
  const environment = { KIBANA_URL: url, ELASTIC_API_KEY: 'x' }
  await finish(binary, ['run', 'threatest.yml', '--max-parallelism', String(concurrency)], folder, environment)
}

/** Waits for a program that must succeed. */
function finish(program: string, args: string[], cwd: string, environment: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output = (output + data).slice(-4000)
      })
    }
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} exited ${code}\n${output}`))))
  })
}

async function findThreatest(folder: string): Promise<string | null> {
  const packed = join(process.env.TOCSIN_SHARED ?? '', 'peers', 'threatest.xz')
  if (process.env.TOCSIN_SHARED === undefined || !existsSync(packed)) return null
  const binary = join(folder, 'threatest')
  await writeFile(binary, execFileSync('xz', ['-dc', packed], { maxBuffer: 2 ** 30 }))
  await chmod(binary, 0o755)
  return binary
}
