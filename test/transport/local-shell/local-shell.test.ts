import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import type { Command, NamedHost, Transport } from '../../../src/engine/ports.ts'
import { createTransport } from '../../../src/transport/router.ts'

const HOST: NamedHost = { name: 'here', role: 'source', os: 'linux', transport: 'local-shell' }

describe('local shell transport', () => {
  let transport: Transport
  const run = (
    command: Partial<Command> & { text: string },
    limits: { timeoutMs?: number; signal?: AbortSignal } = {},
  ) => transport.run(HOST, { shell: 'sh', ...command }, { timeoutMs: 10_000, ...limits })

  beforeEach(() => {
    transport = createTransport({ environment: process.env })
  })
  afterEach(() => transport.close())

  it('keeps stdout, stderr and exit code apart', async () => {
    const { end, stdout, stderr } = await run({ text: 'echo out; echo err >&2; exit 3' })
    assert.deepEqual(
      { end, stdout, stderr },
      { end: { kind: 'exited', exitCode: 3 }, stdout: 'out\n', stderr: 'err\n' },
    )
  })

  it('hands over standard input and environment', async () => {
    const { stdout } = await run({ text: 'cat; echo "$MARKER $HOME"', stdin: 'Y\n', environment: { MARKER: 'm1' } })
    assert.equal(stdout, `Y\nm1 ${process.env.HOME}\n`)
  })

  it('ends input that nobody gave', async () => {
    assert.equal((await run({ text: 'cat; echo end' })).stdout, 'end\n')
  })

  it('kills the process group at the time limit', async () => {
    const { end, durationMs } = await run({ text: 'sh -c "sleep 4721; true" & sleep 4721' }, { timeoutMs: 200 })
    assert.deepEqual(end, { kind: 'timed-out' })
    assert.ok(durationMs < 2_000)
    assert.equal(countOf('sleep 4721'), 0)
  })

  it('kills on interruption and when it is closed', async () => {
    const controller = new AbortController()
    const first = run({ text: 'sleep 4722' }, { signal: controller.signal })
    controller.abort()
    const second = run({ text: 'sleep 4722' })
    await transport.close()
    assert.deepEqual([(await first).end, (await second).end], [{ kind: 'interrupted' }, { kind: 'interrupted' }])
    assert.equal(countOf('sleep 4722'), 0)
  })

  it('does not wait for a child in the background that holds the output', async () => {
    const { end, stdout, durationMs } = await run({ text: 'sleep 5 & echo begun' })
    assert.deepEqual({ end, stdout }, { end: { kind: 'exited', exitCode: 0 }, stdout: 'begun\n' })
    assert.ok(durationMs < 3_000)
  })

  it('tells a signal from an exit', async () => {
    assert.deepEqual((await run({ text: 'kill -TERM $$' })).end, { kind: 'exited', exitCode: 143 })
  })

  it('decodes a character that lies across two chunks', async () => {
    assert.equal((await run({ text: String.raw`printf '\303'; sleep 0.1; printf '\244'` })).stdout, 'ä')
  })

  it('cuts endless output', async () => {
    const { stdout } = await run({ text: 'head -c 6000000 /dev/zero' })
    assert.ok(stdout.length < 5_000_000 && stdout.includes('output cut'))
  })

  it('has no other shell', async () => {
    const { end } = await run({ text: 'ver', shell: 'cmd' })
    assert.ok(end.kind === 'unreachable' && end.reason.includes('has no cmd'))
  })

  it('runs 200 commands side by side', async () => {
    const results = await Promise.all(Array.from({ length: 200 }, (_, i) => run({ text: `echo ${i}` })))
    assert.deepEqual(
      results.map(({ stdout }) => stdout.trim()),
      results.map((_, i) => String(i)),
    )
  })
})

function countOf(command: string): number {
  const rows = execFileSync('ps', ['-A', '-o', 'args=']).toString().split('\n')
  return rows.filter((row) => row === command).length
}
