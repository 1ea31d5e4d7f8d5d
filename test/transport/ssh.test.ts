import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NamedHost, Transport } from '../../src/engine/ports.ts'
import { createSshTransport } from '../../src/transport/ssh.ts'
import { type Sshd, sshdMissing, startSshd } from './sshd.ts'

const LIMIT = { timeoutMs: 10_000 }

describe('ssh transport against OpenSSH', () => {
  let sshd: Sshd
  let transport: Transport
  const run = (
    text: string,
    options: { stdin?: string; host?: Partial<NamedHost>; timeoutMs?: number; signal?: AbortSignal } = {},
  ) => {
    const { stdin, host, ...limits } = options
    return transport.run(
      { ...sshd.host, ...host },
      { text, shell: 'sh', ...(stdin === undefined ? {} : { stdin }) },
      { ...LIMIT, ...limits },
    )
  }

  before(async function () {
    if (sshdMissing !== null) {
      if (process.env.CI) throw new Error(sshdMissing)
      this.skip()
    }
    sshd = await startSshd(['MaxSessions 3'])
  })
  after(() => sshd?.stop())
  beforeEach(() => {
    transport = createSshTransport()
  })
  afterEach(() => transport.close())

  it('keeps stdout, stderr and exit code apart', async () => {
    const { end, stdout, stderr } = await run(`printf 'a b'; printf "it's" >&2; exit 7`)
    assert.deepEqual({ end, stdout, stderr }, { end: { kind: 'exited', exitCode: 7 }, stdout: 'a b', stderr: "it's" })
  })

  it('ends standard input, with and without text', async () => {
    assert.equal((await run('cat; echo end')).stdout, 'end\n')
    assert.equal((await run('cat; echo end', { stdin: 'Y\n' })).stdout, 'Y\nend\n')
  })

  it('runs more commands than the host has sessions over one connection', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, (_, i) => run(`sleep 0.1; echo ${i} $SSH_CONNECTION`)))
    assert.deepEqual(
      results.map(({ stdout }) => stdout.split(' ')[0]),
      results.map((_, i) => String(i)),
    )
    assert.equal(new Set(results.map(({ stdout }) => stdout.split(' ').slice(1).join(' '))).size, 1)
  })

  it('kills the whole process tree of a command that runs too long', async () => {
    const { end, stdout, stderr } = await run('echo begun; sh -c "sleep 4711; true" & sleep 4711', { timeoutMs: 300 })
    assert.deepEqual({ end, stdout, stderr }, { end: { kind: 'timed-out' }, stdout: 'begun\n', stderr: '' })
    await sleep(100)
    assert.equal(countOf('sleep 4711'), 0)
  })

  it('kills on interruption', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 200)
    const { end } = await run('sleep 4712', { signal: controller.signal })
    assert.deepEqual(end, { kind: 'interrupted' })
    await sleep(100)
    assert.equal(countOf('sleep 4712'), 0)
  })

  it('does not wait for a child in the background that holds the output', async () => {
    const { end, durationMs } = await run('sleep 5 & echo begun')
    assert.deepEqual(end, { kind: 'exited', exitCode: 0 })
    assert.ok(durationMs < 4_000)
  })

  it('tells a signal from an exit', async () => {
    assert.deepEqual((await run('kill -TERM $$')).end, { kind: 'exited', exitCode: 143 })
  })

  it('calls a broken connection lost, and connects again for the next command', async () => {
    const breaking = run('kill -KILL $PPID; sleep 5')
    assert.equal((await breaking).end.kind, 'lost')
    assert.equal((await run('echo again')).stdout, 'again\n')
  })

  it('takes the other host key when that one is pinned', async () => {
    const { end } = await run('true', { host: { hostKey: sshd.otherHostKey } })
    assert.deepEqual(end, { kind: 'exited', exitCode: 0 })
  })

  it('sends nothing to a host without a pin, and shows its fingerprint', async () => {
    const { hostKey, ...unpinned } = sshd.host
    const { end } = await transport.run(unpinned, { text: 'true', shell: 'sh' }, LIMIT)
    assert.equal(end.kind, 'unreachable')
    assert.ok(end.kind === 'unreachable' && end.reason.includes(`hostKey: ${hostKey}`), JSON.stringify(end))
  })

  it('sends nothing to a host with another key', async () => {
    const { end } = await run('true', { host: { hostKey: `SHA256:${'A'.repeat(43)}` } })
    assert.ok(end.kind === 'unreachable' && end.reason.includes('not the pinned one'), JSON.stringify(end))
    assert.ok(end.reason.includes(sshd.host.hostKey!) && end.reason.includes(sshd.otherHostKey), end.reason)
  })

  it('says who was refused', async () => {
    const { key, ...keyless } = sshd.host
    const host = { ...keyless, password: 'correct horse' }
    const { end } = await transport.run(host, { text: 'true', shell: 'sh' }, LIMIT)
    assert.ok(end.kind === 'unreachable' && end.reason.includes('refused the login'), JSON.stringify(end))
    assert.ok(!end.reason.includes('correct horse'))
  })

  describe('starts a command that is listened to', () => {
    const start = async (text: string) => {
      let stdout = ''
      let stderr = ''
      let heard = () => {}
      const running = await transport.start(
        sshd.host,
        { text, shell: 'sh' },
        {
          stdout: (chunk) => {
            stdout += chunk
            heard()
          },
          stderr: (said) => {
            stderr += said
          },
        },
      )
      const next = () => new Promise<void>((resolve) => (heard = resolve))
      return { running, next, said: () => ({ stdout, stderr }) }
    }

    it('hears it while it runs, and lets it read', async () => {
      const { running, next, said } = await start(
        'while read -r line; do echo "heard $line"; done; echo over >&2; exit 3',
      )
      for (const word of ['one', 'two']) {
        const answer = next()
        running.write(`${word}\n`)
        await answer
      }
      running.endInput()
      assert.deepEqual(await running.ended, { kind: 'exited', exitCode: 3 })
      assert.deepEqual(said(), { stdout: 'heard one\nheard two\n', stderr: 'over\n' })
    })

    it('ends it with all that it started, also when the transport is closed', async () => {
      const one = await start('sh -c "sleep 4713; true" & sleep 4713')
      assert.equal((await one.running.kill()).kind, 'exited')
      const other = await start('echo begun; sleep 4714')
      await transport.close()
      assert.equal((await other.running.ended).kind, 'exited')
      await sleep(100)
      assert.deepEqual([countOf('sleep 4713'), countOf('sleep 4714')], [0, 0])
    })

    it('gives one that has ended where the host is down', async () => {
      const running = await transport.start(
        { ...sshd.host, port: 1 },
        { text: 'true', shell: 'sh' },
        { stdout: () => {}, stderr: () => {} },
      )
      assert.equal((await running.ended).kind, 'unreachable')
    })
  })

  it('says that a host is down', async () => {
    const { end } = await run('true', { host: { port: 1 } })
    assert.ok(end.kind === 'unreachable' && end.reason.includes('127.0.0.1:1'), JSON.stringify(end))
  })
})

function countOf(command: string): number {
  const rows = execFileSync('ps', ['-A', '-o', 'args=']).toString().split('\n')
  return rows.filter((row) => row === command).length
}
