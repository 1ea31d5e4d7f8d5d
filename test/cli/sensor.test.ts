/**
 * A network sensor for real: tcpdump, started by a run over OpenSSH, captures what a client and an endpoint of impacket say
 * to each other on loopback, and the embedded SIEM's rule alerts on it.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { RunRecord } from '../../src/model/run-record.ts'
import { clientCommand, impacketMissing, startEndpoint } from '../impacket/impacket.ts'
import { type Sshd, sshdMissing, startSshd } from '../transport/sshd.ts'
import { checkOf, WorkFolder } from './work-folder.ts'

const missing = [
  sshdMissing,
  impacketMissing,
  spawnSync('tcpdump', ['--version']).status === 0 ? null : 'tcpdump is not installed',
  userInfo().uid === 0 ? null : 'only root may capture on loopback',
].filter((reason) => reason !== null)

/** `49 59 d3 86 …`: the UUID of ITaskSchedulerService as it lies in a bind. */
const UUID_ON_THE_WIRE = '4959d386c9834440b424db363231fd0c'

const title = `a network sensor${missing.length === 0 ? '' : ` (skipped: ${missing.join('; ')})`}`

describe(title, function () {
  this.timeout(90_000)
  let folder: WorkFolder
  let sshd: Sshd
  let port: number
  let stopEndpoint: () => Promise<void>

  before(async function () {
    if (missing.length > 0) {
      if (process.env.CI === 'true') throw new Error(missing.join('; '))
      this.skip()
    }
    folder = await WorkFolder.make()
    for (const name of await readdir(join(folder.path, 'scenarios'))) {
      if (name.endsWith('.yml')) await rm(join(folder.path, 'scenarios', name))
    }
    sshd = await startSshd()
    port = await freePort(50_000, 59_999)
    stopEndpoint = await startEndpoint(port)
    // Rules run in real time here.
    await folder.changeDeployed('CAR-2015-04-002', ({ rule }) =>
      Object.assign(rule, { interval: '1s', from: 'now-12s' }),
    )
    await writeFile(
      join(folder.path, 'leave.yml'),
      stringify({
        approvedBy: 'tester',
        reason: 'test',
        notBefore: '2020-01-01T00:00:00Z',
        notAfter: '2099-01-01T00:00:00Z',
        hosts: [{ address: 'localhost' }, { address: '127.0.0.1' }],
      }),
    )
  })

  after(async () => {
    await stopEndpoint?.()
    await sshd?.stop()
    await folder?.remove()
  })

  /** A lab of this machine: a host that runs commands here, and a sensor on loopback unless it is null. */
  async function lab(name: string, sensor: object | null, host: object = {}): Promise<string> {
    const { name: _, ...tap } = sshd.host
    const me = { role: 'source', os: 'linux', transport: 'local-shell', ip: '127.0.0.1' }
    const hosts = {
      me,
      // Others of this machine talk on loopback, too.
      ...(sensor === null
        ? {}
        : { tap: { ...tap, role: 'sensor', ...host, sensor: { interface: 'lo', filter: `port ${port}`, ...sensor } } }),
    }
    await writeFile(join(folder.path, `${name}.yml`), stringify({ hosts, authorization: 'leave.yml' }))
    return `${name}.yml`
  }

  /** A scenario of one test a command. */
  async function scenario(
    id: string,
    tests: Record<string, { run: string; is: string; within?: string }>,
  ): Promise<void> {
    const content = {
      id,
      tests: Object.entries(tests).map(([test, { run, is, within = '2s' }]) => ({
        id: test,
        provenance: { document: 'test', kind: 'own' },
        steps: [{ host: 'source', run }],
        expect: [{ analytic: 'CAR-2015-04-002', is, within }],
      })),
    }
    await writeFile(join(folder.path, 'scenarios', `${id}.yml`), stringify(content))
  }

  /** Runs a scenario, and gives its record and its check of each test. */
  async function run(id: string, labFile: string, ...args: string[]) {
    const finished = await folder.tocsin(['run', id, '--lab', labFile, '--out', `out-${id}`, '--json', ...args])
    assert.notEqual(finished.stdout, '', finished.stderr)
    const record = RunRecord.parse(JSON.parse(finished.stdout))
    return { ...finished, record, check: (test: string) => checkOf(record, `${id}/${test}`, 'CAR-2015-04-002') }
  }

  it('takes the check from unseen to alerted, for a source port of the dynamic range only', async () => {
    const high = await freePort(60_000, 60_999)
    const low = await freePort(40_000, 40_099)
    // Of the run without a sensor: the other's would see it.
    const [other, elsewhere] = [await freePort(61_000, 61_999), await freePort(62_000, 62_999)]
    await scenario('live', {
      high: { run: clientCommand(high, port), is: 'alert', within: '30s' },
      low: { run: clientCommand(low, port), is: 'silent' },
    })
    await scenario('blind', { high: { run: clientCommand(other, elsewhere), is: 'alert' } })
    const stopElsewhere = await startEndpoint(elsewhere)
    const [live, blind] = await Promise.all([
      run('live', await lab('tapped', {})),
      run('blind', await lab('bare', null)),
    ])
    await stopElsewhere()

    assert.deepEqual([blind.check('high').verdict, blind.check('high').outcome], ['unseen', 'unexpected'])
    assert.deepEqual([live.check('high').verdict, live.check('high').outcome], ['alerted', 'expected'], live.stderr)
    assert.deepEqual([live.check('low').verdict, live.check('low').outcome], ['logged', 'expected'], live.stderr)
    assert.equal(live.code, 0)

    for (const { id, captures } of live.record.tests) {
      const [capture] = captures
      assert.equal(capture!.problem, null)
      assert.equal(capture!.path, `captures/tap/${id}.pcap`)
      assert.equal(capture!.events, 3)
      const bytes = await readFile(join(folder.path, 'out-live', capture!.path!))
      assert.equal(createHash('sha256').update(bytes).digest('hex'), capture!.sha256)
    }
    const [exchange, ...others] = live.check('high').exchange
    assert.deepEqual(others, [])
    assert.deepEqual([exchange!.client.port, exchange!.server.port, exchange!.sensor], [high, port, 'tap'])
    assert.deepEqual(
      exchange!.messages.map(({ action, opnum, answer, matched }) => [action, opnum, answer, matched]),
      [
        ['dce_rpc_bind', null, 'success', true],
        ['SchRpcHighestVersion', 0, 'success', true],
        ['SchRpcRegisterTask', 1, 'success', true],
      ],
    )
    const { hex, marks, contexts } = exchange!.messages[0]!
    assert.deepEqual(
      contexts.map((context) => [context.interface, context.transferSyntax, context.result]),
      [['ITaskSchedulerService', 'NDR32', 'accepted']],
    )
    assert.equal(hex.slice(marks[0]!.offset * 2, (marks[0]!.offset + marks[0]!.length) * 2), UUID_ON_THE_WIRE)
    const clocks = live.record.clocks.map(({ host, offsetMs }) => [host, Math.abs(offsetMs) < 1_000])
    assert.deepEqual(clocks, [
      ['tap', true],
      ['me', true],
    ])
  })

  it('makes a check unknown that it cannot serve, and says why; what a cut capture holds counts', async () => {
    await folder.changeDeployed('CAR-2015-04-002', ({ rule }) => Object.assign(rule, { from: 'now-3s' }))
    const bare = await binWithout('tcpdump')
    const other = await startSshd([`SetEnv PATH=${bare}`])
    const { name: _, ...withoutTcpdump } = other.host
    try {
      const blind: [name: string, sensor: object, host: object, cause: RegExp][] = [
        ['down', {}, { port: await freePort(30_000, 30_999) }, /sensor tap: .*ECONNREFUSED/],
        [
          'interface',
          { interface: 'nosuch0' },
          {},
          /sensor tap: tcpdump ended with exit code 1: .*nosuch0: No such device/,
        ],
        ['missing', {}, withoutTcpdump, /sensor tap: tcpdump ended with exit code 127: .*tcpdump.*not found/],
      ]
      for (const [name] of blind) await scenario(name, { quiet: { run: 'true', is: 'silent' } })
      await Promise.all(
        blind.map(async ([name, sensor, host, cause]) => {
          const { code, check, stderr } = await run(name, await lab(name, sensor, host))
          assert.deepEqual([code, check('quiet').verdict, check('quiet').outcome], [3, 'unknown', 'inconclusive'])
          assert.match(check('quiet').cause!, cause)
          assert.match(stderr, cause)
        }),
      )
    } finally {
      await other.stop()
    }
    await scenario('cut', { many: { run: clientCommand(await freePort(60_000, 60_999), port, 20), is: 'match' } })
    const cut = await run('cut', await lab('cut', { maxBytes: 4_096 }))
    const [capture] = cut.record.tests[0]!.captures
    assert.deepEqual([capture!.bytes, capture!.problem], [4_096, 'its limit of 4,096 bytes was reached'])
    assert.equal(cut.check('many').outcome, 'expected')
  })

  /** Starts a run of one slow test, and ends it by a signal during its step: its capture goes on by then. */
  async function endedBy(signal: NodeJS.Signals, name: string, step: string) {
    await scenario(name, { slow: { run: step, is: 'silent' } })
    const running: ChildProcess[] = []
    const finished = folder.tocsin(['run', name, '--lab', await lab(name, {}), '--out', `out-${name}`], {
      onStart: (child) => running.push(child),
    })
    const id = await eventually(async () => {
      const journal = await readFile(join(folder.path, `out-${name}`, 'journal.jsonl'), 'utf8').catch(() => '')
      const found = /tocsin-capture-[0-9a-f]+/.exec(journal)?.[0]
      const capture = await stat(join(folder.path, `out-${name}`, 'captures', 'tap', name, 'slow.pcap')).catch(
        () => null,
      )
      const begun = capture !== null && capture.size > 0 && processes().split('\n').includes(step)
      return begun ? found : undefined
    })
    running[0]!.kill(signal)
    return { id, ...(await finished) }
  }

  it('captures nothing any more after the run was killed and cleaned up', async () => {
    const { id } = await endedBy('SIGKILL', 'killed', 'sleep 61')
    const { code, stdout } = await folder.tocsin(['cleanup', 'out-killed'])
    assert.equal(code, 0, stdout)
    assert.match(stdout, /killed\/slow: nothing captures there any more \(sensor tap\)/)
    assert.ok(!processes().includes(id))
    assert.ok(!capturing())
    assert.equal((await folder.tocsin(['cleanup', 'out-killed'])).stdout, 'Nothing to clean up.\n')
  })

  it('captures nothing any more after Ctrl-C, and keeps what it has', async () => {
    const { id, code } = await endedBy('SIGINT', 'interrupted', 'sleep 62')
    assert.equal(code, 130)
    assert.ok(!processes().includes(id))
    assert.ok(!capturing())
    assert.equal((await folder.tocsin(['cleanup', 'out-interrupted'])).stdout, 'Nothing to clean up.\n')
    const record = await readFile(join(folder.path, 'out-interrupted', 'run.json'), 'utf8')
    const [capture] = RunRecord.parse(JSON.parse(record)).tests[0]!.captures
    assert.ok(capture!.sha256 !== null && capture!.endedAt !== null)
  })

  /** Whether a tcpdump runs that is one of this test's. */
  const capturing = (): boolean =>
    processes()
      .split('\n')
      .some((line) => /^tcpdump .* and \(port /.test(line) && line.includes(`port ${port}`))

  /** A folder of programs that is all that a session has. */
  async function binWithout(left: string): Promise<string> {
    const bin = join(folder.path, `bin-without-${left}`)
    await mkdir(bin)
    for (const name of ['sh', 'ps', 'awk', 'cat', 'timeout', 'stdbuf', 'head', 'date', 'id']) {
      const path = ['/usr/bin', '/bin'].map((at) => join(at, name)).find(existsSync)!
      await symlink(path, join(bin, name))
    }
    return bin
  }
})

const processes = (): string => execFileSync('ps', ['-A', '-ww', '-o', 'args=']).toString()

/** A port of a range that nobody has. */
async function freePort(from: number, to: number): Promise<number> {
  for (;;) {
    const port = from + Math.floor(Math.random() * (to - from + 1))
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not come')
}
