import assert from 'node:assert/strict'
import { accessSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { NamedHost, Transport } from '../../src/engine/ports.ts'
import { createLocalPowerShellTransport } from '../../src/transport/local-powershell.ts'

const HOST: NamedHost = { name: 'here', role: 'source', os: 'linux', transport: 'local-powershell' }

describe('local PowerShell transport', () => {
  it('says that there is no PowerShell', async () => {
    const transport = createLocalPowerShellTransport({ environment: { PATH: '/nonexistent' } })
    const { end } = await transport.run(HOST, { text: "'x'", shell: 'powershell' }, { timeoutMs: 1_000 })
    assert.ok(end.kind === 'unreachable' && end.reason.includes('not on the PATH'), JSON.stringify(end))
    await transport.close()
  })

  it('has no other shell', async () => {
    const transport = createLocalPowerShellTransport({ environment: {} })
    const { end } = await transport.run(HOST, { text: 'ver', shell: 'cmd' }, { timeoutMs: 1_000 })
    assert.ok(end.kind === 'unreachable' && end.reason.includes('has no cmd'))
  })
})

describe('local PowerShell transport with a real pwsh', () => {
  let transport: Transport
  const run = (text: string, parameters: Record<string, string> = {}, timeoutMs = 30_000) =>
    transport.run(HOST, { text, shell: 'powershell', parameters }, { timeoutMs })

  before(function () {
    // Nothing but a real one can say how PowerShell reads these texts.
    if (!isOnPath('pwsh')) this.skip()
    transport = createLocalPowerShellTransport({ environment: process.env })
  })
  after(() => transport?.close())

  it('hands over hard parameters unchanged', async () => {
    for (const text of [`'a' "b" \`c`, '$(calc) ; exit 9', 'x\ny\r\nz', '漢字 ä', 'x" '.repeat(3_000)]) {
      const { stdout } = await run('[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Parameters.text))', {
        text,
      })
      assert.equal(Buffer.from(stdout.trim(), 'base64').toString('utf8'), text)
    }
  })

  it('gives exit codes, and keeps stderr apart', async () => {
    assert.deepEqual((await run('exit 5')).end, { kind: 'exited', exitCode: 5 })
    const { end, stderr } = await run("throw 'no'")
    assert.deepEqual(end, { kind: 'exited', exitCode: 1 })
    assert.match(stderr, /no/)
  })

  it('works again after a time limit', async () => {
    assert.deepEqual((await run('Start-Sleep 60', {}, 2_000)).end, { kind: 'timed-out' })
    assert.deepEqual((await run("'x'")).end, { kind: 'exited', exitCode: 0 })
  })
})

function isOnPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name))
      return true
    } catch {
      return false
    }
  })
}
