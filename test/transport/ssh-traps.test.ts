import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import iconv from 'iconv-lite'
import ssh2, { type AuthContext, type ServerChannel } from 'ssh2'
import type { CommandResult, NamedHost, Transport } from '../../src/engine/ports.ts'
import { fingerprintOf } from '../../src/transport/ssh/host-key.ts'
import { createSshTransport } from '../../src/transport/ssh.ts'

interface Behaviour {
  /** What the host does with a command; those that ask for shell and code page are answered already. */
  exec?: (channel: ServerChannel, command: string, drop: () => void) => void
  codePage?: number
  authenticate?: (context: AuthContext) => void
  maxSessions?: number
  /** Takes the TCP connection and says nothing. */
  silent?: boolean
  /** Whether commands that ask for shell and code page end. */
  answersProbes?: boolean
}

const key = ssh2.utils.generateKeyPairSync('ed25519').private
const parsedKey = ssh2.utils.parseKey(key)
if (parsedKey instanceof Error) throw parsedKey
const pin = fingerprintOf((Array.isArray(parsedKey) ? parsedKey[0]! : parsedKey).getPublicSSH())

/** A host that behaves as a test needs it, with the login attempts it saw. */
async function startHost({ exec, codePage = 437, authenticate, maxSessions = 10, answersProbes = true }: Behaviour) {
  const logins: string[] = []
  let connections = 0
  let mostSessions = 0
  const server = new ssh2.Server({ hostKeys: [key] }, (client) => {
    connections += 1
    let sessions = 0
    client.on('error', () => {})
    client.on('authentication', (context) => {
      logins.push(context.method)
      if (authenticate !== undefined) authenticate(context)
      else if (context.method === 'password') context.accept()
      else context.reject(['password'])
    })
    client.on('session', (accept, reject) => {
      if (sessions >= maxSessions) return reject()
      sessions += 1
      mostSessions = Math.max(mostSessions, sessions)
      const session = accept()
      session.on('close', () => {
        sessions -= 1
      })
      session.on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec()
        channel.on('error', () => {})
        channel.resume()
        if (!answersProbes) return
        if (command.startsWith('echo %ComSpec%')) answer(channel, 'C:\\Windows\\system32\\cmd.exe $PSHOME\r\n')
        else if (command === 'chcp') answer(channel, `Active code page: ${codePage}\r\n`)
        else exec?.(channel, command, () => client.end())
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host: NamedHost = {
    name: 'double',
    role: 'target',
    os: 'windows',
    transport: 'ssh',
    address: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    user: 'operator',
    password: 'secret',
    hostKey: pin,
  }
  return { host, logins, connections: () => connections, mostSessions: () => mostSessions, stop: () => server.close() }
}

function answer(channel: ServerChannel, stdout: string | Buffer, exitCode = 0): void {
  channel.write(stdout)
  channel.exit(exitCode)
  channel.end()
}

describe('ssh transport against hosts that set traps', () => {
  let transport: Transport
  let stops: (() => void)[]
  const start = async (behaviour: Behaviour) => {
    const started = await startHost(behaviour)
    stops.push(started.stop)
    return started
  }
  const run = (host: NamedHost, text = 'ver', timeoutMs = 5_000): Promise<CommandResult> =>
    transport.run(host, { text, shell: 'cmd' }, { timeoutMs })

  beforeEach(() => {
    stops = []
    transport = createSshTransport({ connectTimeoutMs: 1_000, keepaliveMs: 200 })
  })
  afterEach(async () => {
    await transport.close()
    for (const stop of stops) stop()
  })

  it('takes output that arrives after the exit status', async () => {
    const { host } = await start({
      exec: (channel) => {
        channel.exit(0)
        setTimeout(() => {
          channel.write('late')
          channel.end()
        }, 100)
      },
    })
    assert.equal((await run(host)).stdout, 'late')
  })

  it('calls a command without an exit status lost', async () => {
    const { host } = await start({ exec: (channel) => void channel.end() })
    assert.equal((await run(host)).end.kind, 'lost')
  })

  it('calls a command lost when the connection breaks, and uses a new one afterwards', async () => {
    const started = await start({
      exec: (channel, command, drop) => (command === 'break' ? drop() : answer(channel, command)),
    })
    assert.equal((await run(started.host, 'break')).end.kind, 'lost')
    assert.equal((await run(started.host, 'again')).stdout, 'again')
    assert.equal(started.connections(), 2)
  })

  it('reads exit codes as signed numbers', async () => {
    const { host } = await start({ exec: (channel) => answer(channel, '', 0x80004005) })
    assert.deepEqual((await run(host)).end, { kind: 'exited', exitCode: -2147467259 })
  })

  it("decodes the host's own code page", async () => {
    const { host } = await start({ codePage: 866, exec: (channel) => answer(channel, iconv.encode('УСПЕХ', 'cp866')) })
    assert.equal((await run(host)).stdout, 'УСПЕХ')
  })

  it('waits for a session when the host has no more', async () => {
    const started = await start({
      maxSessions: 2,
      exec: (channel, command) => void setTimeout(() => answer(channel, command), 30),
    })
    const results = await Promise.all(['1', '2', '3', '4', '5', '6', '7'].map((text) => run(started.host, text)))
    assert.deepEqual(
      results.map(({ stdout }) => stdout),
      ['1', '2', '3', '4', '5', '6', '7'],
    )
    assert.equal(started.mostSessions(), 2)
    assert.equal(started.connections(), 1)
  })

  it('runs no more at once than the lab file allows', async () => {
    const started = await start({ exec: (channel, command) => void setTimeout(() => answer(channel, command), 30) })
    const host = { ...started.host, concurrency: 2 }
    await run(host)
    await Promise.all(['1', '2', '3', '4', '5'].map((text) => run(host, text)))
    assert.equal(started.mostSessions(), 2)
  })

  it('answers a question for the password', async () => {
    const { host, logins } = await start({
      authenticate: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
        context.prompt([{ prompt: 'Password: ', echo: false }], (answers) =>
          answers[0] === 'secret' ? context.accept() : context.reject(),
        )
      },
      exec: (channel) => answer(channel, 'in'),
    })
    assert.equal((await run(host)).stdout, 'in')
    assert.deepEqual(logins, ['none', 'keyboard-interactive'])
  })

  it('tries a wrong password once, however many commands follow', async () => {
    const { host, logins } = await start({
      authenticate: (context) => context.reject(['password', 'keyboard-interactive']),
    })
    for (const { end } of await Promise.all([run(host), run(host)])) assert.equal(end.kind, 'unreachable')
    assert.equal((await run(host)).end.kind, 'unreachable')
    assert.deepEqual(
      logins.filter((method) => method !== 'none'),
      ['password'],
    )
  })

  it('sends no login at all to a host with another key or without a pin', async () => {
    const { host, logins } = await start({})
    const { hostKey: _, ...unpinned } = host
    assert.equal((await run({ ...host, name: 'changed', hostKey: `SHA256:${'A'.repeat(43)}` })).end.kind, 'unreachable')
    assert.equal((await run({ ...unpinned, name: 'unpinned' })).end.kind, 'unreachable')
    assert.deepEqual(logins, [])
  })

  it('does not wait for ever for a host that starts commands and ends none', async () => {
    const { host } = await start({ answersProbes: false })
    const { end } = await run(host)
    assert.ok(end.kind === 'unreachable', end.kind)
    assert.match(end.reason, /did not answer within 1 s/)
  })

  it('does not keep an interrupted command waiting for such a host', async () => {
    const { host } = await start({ answersProbes: false })
    const { end, durationMs } = await transport.run(
      host,
      { text: 'ver', shell: 'cmd' },
      { timeoutMs: 5_000, signal: AbortSignal.timeout(200) },
    )
    assert.deepEqual(end, { kind: 'interrupted' })
    assert.ok(durationMs < 900, `${durationMs} ms`)
  })

  it('closes the channel of a command that cannot be ended', async () => {
    const { host } = await start({ exec: (channel, command) => command !== 'hang' && answer(channel, '') })
    const { end, durationMs } = await run(host, 'hang', 100)
    assert.deepEqual(end, { kind: 'timed-out' })
    assert.ok(durationMs < 15_000)
  })
})
