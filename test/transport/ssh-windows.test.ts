import assert from 'node:assert/strict'
import type { Command, CommandResult, NamedHost, Transport } from '../../src/engine/ports.ts'
import { createSshTransport } from '../../src/transport/ssh.ts'
import { startHosts } from './emulated-hosts.ts'

/** Every one has hurt somebody's quoting once. */
const HARD_TEXTS: Record<string, string> = {
  quotes: `'single' "double" ""twice"" \`backtick\``,
  code: '$(calc) $env:PATH $x @(1) ; exit 9 | Out-Null & whoami %PATH% ^',
  lines: 'first\nsecond\r\nthird\ttab',
  characters: 'naïve — Ünïcode 漢字 🔔',
  long: 'x"y '.repeat(2_500),
  empty: '',
}

/** Prints the UTF-8 of a parameter as base64: no code page can spoil that. */
const ECHO = '[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Parameters.text))'

/** What the engine asks to see whether a task is there. */
const TASK_STATE = `$ErrorActionPreference = 'Stop'
$service = New-Object -ComObject Schedule.Service
$service.Connect()
try { $null = $service.GetFolder('\\').GetTask($Parameters.name); 'present' } catch { if ($_.Exception.HResult -eq -2147024894) { 'absent' } else { throw } }`

for (const defaultShell of ['cmd', 'powershell']) {
  describe(`ssh transport to a Windows host whose default shell is ${defaultShell}`, () => {
    let host: NamedHost
    let transport: Transport
    let stop: () => Promise<void>
    const run = (command: Partial<Command> & { text: string }, timeoutMs = 20_000): Promise<CommandResult> =>
      transport.run(host, { shell: 'cmd', ...command }, { timeoutMs })
    const script = (text: string, parameters: Record<string, string> = {}, timeoutMs?: number) =>
      run({ text, shell: 'powershell', parameters }, timeoutMs)
    const tasks = async () => (await run({ text: 'tasklist' })).stdout

    before(async () => {
      const started = await startHosts({ ws1: { defaultShell } })
      host = started.hosts.ws1!
      stop = started.stop
      transport = createSshTransport()
    })
    after(async () => {
      await transport.close()
      await stop()
    })

    for (const [name, text] of Object.entries(HARD_TEXTS)) {
      it(`hands over a parameter unchanged: ${name}`, async () => {
        const { end, stdout, stderr } = await script(ECHO, { text })
        assert.deepEqual({ end, stderr }, { end: { kind: 'exited', exitCode: 0 }, stderr: '' })
        assert.equal(Buffer.from(stdout.trim(), 'base64').toString('utf8'), text)
      })
    }

    it('gives cmd its text byte for byte', async () => {
      const { stdout, end } = await run({ text: 'echo "a  b" $x \'y\' `z` ^&& exit /b 3' })
      assert.deepEqual({ stdout, end }, { stdout: `"a  b" $x 'y' \`z\` &\r\n`, end: { kind: 'exited', exitCode: 3 } })
    })

    it('answers a prompt by standard input', async () => {
      await run({ text: 'schtasks /create /f /sc once /st 23:59 /ru SYSTEM /tn asked /tr calc.exe' })
      const { end, stdout } = await run({ text: 'schtasks /delete /tn asked', stdin: 'Y\r\n' })
      assert.deepEqual(end, { kind: 'exited', exitCode: 0 })
      assert.ok(stdout.includes('successfully deleted'), stdout)
    })

    it('ends the input of a prompt that nobody answers', async () => {
      await run({ text: 'schtasks /create /f /sc once /st 23:59 /ru SYSTEM /tn kept /tr calc.exe' })
      assert.deepEqual((await run({ text: 'schtasks /delete /tn kept' })).end, { kind: 'exited', exitCode: 1 })
      assert.equal((await script(TASK_STATE, { name: 'kept' })).stdout, 'present\r\n')
      assert.equal((await script(TASK_STATE, { name: 'never made' })).stdout, 'absent\r\n')
    })

    it('gives exit codes as signed 32-bit numbers', async () => {
      assert.deepEqual((await run({ text: 'exit /b -2147467259' })).end, { kind: 'exited', exitCode: -2147467259 })
      assert.deepEqual((await script('exit -2147467259')).end, { kind: 'exited', exitCode: -2147467259 })
    })

    it('gives the exit code of the script, of its exception, or of its last program', async () => {
      const codeOf = async (text: string) => (await script(text)).end
      assert.deepEqual(await codeOf('exit 5'), { kind: 'exited', exitCode: 5 })
      assert.deepEqual(await codeOf("throw 'no'"), { kind: 'exited', exitCode: 1 })
      assert.deepEqual(await codeOf('cmd.exe /c "exit 7"'), { kind: 'exited', exitCode: 7 })
      assert.deepEqual(await codeOf("'fine'"), { kind: 'exited', exitCode: 0 })
    })

    it('keeps stderr apart', async () => {
      const { stdout, stderr } = await run({ text: 'schtasks /query /tn nowhere' })
      assert.equal(stdout, '')
      assert.ok(stderr.startsWith('ERROR: '), stderr)
    })

    it('ends the process tree of a command that runs too long', async () => {
      const { end } = await run({ text: 'ping -n 900 127.0.0.1' }, 500)
      assert.deepEqual(end, { kind: 'timed-out' })
      assert.ok(!(await tasks()).toLowerCase().includes('ping.exe'))
    })

    it('ends a script that runs too long, and no other command', async () => {
      const other = run({ text: 'ping -n 3 127.0.0.1' })
      assert.deepEqual((await script('Start-Sleep 900', {}, 500)).end, { kind: 'timed-out' })
      assert.deepEqual((await other).end, { kind: 'exited', exitCode: 0 })
    })
  })
}
