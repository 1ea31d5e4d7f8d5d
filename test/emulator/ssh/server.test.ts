/** The SSH side of an emulated host, and the traps that OpenSSH for Windows has for its clients. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from '../../../src/emulator/ssh/host-key.ts'
import { execute, pause, startTestLab, type TestLab } from '../lab.ts'

describe('an emulated host over SSH', () => {
  let lab: TestLab
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-emulator-'))
  const privateKey = generate()
  const key = join(folder, 'id_ed25519')
  writeFileSync(key, privateKey, { mode: 0o600 })

  before(async () => {
    lab = await startTestLab({
      ws1: { key },
      srv1: {},
      cyrillic: { emulated: { codePage: 866 } },
      single: { emulated: { faults: { maxSessions: 1 } } },
      silent: { emulated: { faults: { noExitStatus: true } } },
      stuck: { emulated: { faults: { hang: true } } },
      fragile: { emulated: { faults: { dropAfterCommands: 1 } } },
    })
  })
  after(async () => {
    await lab.stop()
    rmSync(folder, { recursive: true })
  })

  it('gives stdout, stderr and exit code apart, lines ended with CR LF', async () => {
    assert.deepEqual(await lab.run('ws1', 'echo out& nonsense x'), {
      exitCode: 1,
      stdout: 'out\r\n',
      stderr: "'nonsense' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n",
    })
  })

  it('gives exit codes as unsigned 32-bit numbers', async () => {
    assert.equal((await lab.run('ws1', 'exit /b -1')).exitCode, 0xffffffff)
    assert.equal((await lab.run('ws1', 'exit 5')).exitCode, 5)
  })

  it('refuses a wrong password and an unknown user', async () => {
    for (const config of [{ password: 'wrong' }, { username: 'nobody' }]) {
      await assert.rejects(lab.connect('ws1', config), /authentication methods failed/)
    }
  })

  it('shows the host key whose fingerprint it names', async () => {
    const { createHash } = await import('node:crypto')
    let seen = ''
    const hostVerifier = (shown: Buffer) => {
      seen = `SHA256:${createHash('sha256').update(shown).digest('base64').replace(/=+$/, '')}`
      return true
    }
    ;(await lab.connect('ws1', { hostVerifier })).end()
    assert.equal(seen, lab.hosts.ws1!.hostKey)
  })

  it('waits at a prompt as long as standard input is open', async () => {
    const client = await lab.connect('ws1')
    await execute(client, 'schtasks /create /tn prompt /tr a.exe /sc daily /f')
    const open = execute(client, 'schtasks /delete /tn prompt', null)
    assert.equal(await Promise.race([open, pause(300).then(() => 'waits')]), 'waits')
    client.end()
    assert.equal((await lab.run('ws1', 'schtasks /query /tn prompt')).exitCode, 0)
  })

  it('gives console output in the OEM code page', async () => {
    const { stdout } = await lab.run('cyrillic', 'echo привет')
    assert.equal(stdout, '\xaf\xe0\xa8\xa2\xa5\xe2\r\n')
  })

  it('says the code page', async () => {
    assert.equal((await lab.run('cyrillic', 'chcp')).stdout, 'Active code page: 866\r\n')
  })

  it('takes ten sessions on one connection, or as many as the fault says', async () => {
    const client = await lab.connect('single')
    const waiting = execute(client, 'pause', null)
    await pause(50)
    await assert.rejects(execute(client, 'ver'), /Channel open failure/)
    client.end()
    await waiting
  })

  it('can end a command without an exit status', async () => {
    assert.equal((await lab.run('silent', 'ver')).exitCode, null)
  })

  it('can hang until somebody kills the command on another channel', async () => {
    const client = await lab.connect('stuck')
    const hanging = execute(client, 'ver')
    assert.equal(await Promise.race([hanging, pause(200).then(() => 'hangs')]), 'hangs')
    client.end()
  })

  it('can lose the connection in the middle', async () => {
    const client = await lab.connect('fragile')
    assert.equal((await execute(client, 'ver')).exitCode, 0)
    const { exitCode } = await execute(client, 'schtasks /create /tn lost /tr a.exe /sc daily /f')
    assert.equal(exitCode, null)
  })

  it('lets taskkill on a new channel end a command with all it started', async () => {
    const client = await lab.connect('ws1')
    const stuck = execute(client, 'cmd /c pause', null)
    await pause(100)
    const { stdout } = await lab.run('ws1', 'tasklist /fo csv /nh')
    const shells = stdout.split('\r\n').filter((line) => line.startsWith('"cmd.exe"'))
    // The oldest is the shell that sshd started for the stuck command.
    const pid = shells[0]!.split('","')[1]
    const killed = await lab.run('ws1', `taskkill /PID ${pid} /T /F`)
    assert.match(killed.stdout, /^SUCCESS: The process with PID \d+ \(child process of PID \d+\) has been terminated/)
    assert.equal((await stuck).exitCode, 1)
    client.end()
  })

  describe('onward credentials', () => {
    const create = 'schtasks /create /s srv1 /tn onward /tr a.exe /sc daily /f'

    it('are there after a logon with a password', async () => {
      assert.equal((await lab.run('ws1', create)).exitCode, 0)
    })

    it('are missing after a logon with a key', async () => {
      const client = await lab.connect('ws1', { privateKey, password: '' })
      assert.deepEqual(await execute(client, create), {
        exitCode: 1,
        stdout: '',
        stderr: 'ERROR: Access is denied.\r\n',
      })
      const named = `${create} /u LAB\\operator /p ${lab.hosts.srv1!.password}`
      assert.equal((await execute(client, named)).exitCode, 0)
      client.end()
    })
  })

  it('refuses a key that is not the host user’s', async () => {
    const other = generate()
    await assert.rejects(lab.connect('ws1', { privateKey: other, password: '' }), /authentication methods failed/)
  })
})
