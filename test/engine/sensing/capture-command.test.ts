/** The command that captures, run by a real shell; a tool of the test's own stands for tcpdump where the arguments matter. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { captureCommand, END_CAPTURE, SAID } from '../../../src/engine/sensing/capture-command.ts'
import { Sensor } from '../../../src/model/lab.ts'

const sensor = (more: Record<string, unknown> = {}) => Sensor.parse({ interface: 'eth1', ...more })

describe('capture command', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-capture-'))
  })
  after(() => rm(folder, { recursive: true }))

  /** Puts a program in the way of the real one. */
  const tool = async (name: string, script: string) => {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
    await chmod(join(folder, name), 0o755)
  }

  /** Runs a command line as sshd does; its standard input stays open until `end`. */
  function start(line: string, env: Record<string, string> = {}) {
    const path = `${folder}${delimiter}${process.env.PATH}`
    const child = spawn('sh', ['-c', line], { detached: true, env: { ...process.env, PATH: path, ...env } })
    const out: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk
    })
    const ended = new Promise<{ stdout: Buffer; stderr: string }>((resolve) => {
      child.once('exit', () => child.stdin.end())
      child.once('close', () => resolve({ stdout: Buffer.concat(out), stderr }))
    })
    return { child, ended, end: () => child.stdin.end() }
  }

  const filters: [what: string, filter: string][] = [
    ['quotes', `(host 192.0.2.1) and tcp and (host 'x' or "y")`],
    ['substitutions', '(host $(touch pwned)) and `touch pwned` and $HOME and \\$x'],
    ['commands', '(tcp); touch pwned; exit 1 | cat & #'],
    ['wildcards and options', '(tcp) * -w /tmp/pwned --version'],
  ]
  for (const [what, filter] of filters) {
    it(`hands a filter with ${what} over as one argument, unread`, async () => {
      await tool('tcpdump', 'for word in "$@"; do printf "%s\\n" "$word"; done')
      const { ended, end } = start(captureCommand('tocsin-capture-1', sensor(), filter, 10))
      end()
      const words = (await ended).stdout.toString().trimEnd().split('\n')
      assert.deepEqual(words, ['-n', '-U', '--immediate-mode', '-s', '0', '-i', 'eth1', '-w', '-', filter])
    })
  }

  it('leaves the session out that it came by, with and without VLAN tags', async () => {
    await tool('tcpdump', 'for word in "$@"; do last=$word; done; printf %s "$last"')
    const session = { SSH_CONNECTION: '192.0.2.9 50000 192.0.2.5 22' }
    for (const [vlan, filter] of [
      [false, '(host a) and tcp and not (tcp port 50000 and tcp port 22)'],
      [
        true,
        '((host a) and tcp and not (tcp port 50000 and tcp port 22)) or (vlan and (host a) and tcp and not (tcp port 50000 and tcp port 22))',
      ],
    ] as const) {
      const { ended, end } = start(
        captureCommand('tocsin-capture-1', sensor({ vlan }), '(host a) and tcp', 10),
        session,
      )
      end()
      assert.equal((await ended).stdout.toString(), filter)
    }
  })

  it('asks sudo for nothing but tcpdump, which gives its rights up to the user', async () => {
    await tool('sudo', 'printf "%s " "$@"')
    const { ended, end } = start(captureCommand('tocsin-capture-1', sensor({ sudo: true }), '(tcp)', 10))
    end()
    assert.match((await ended).stdout.toString(), /^-n tcpdump -Z \S+ -n -U .* \(tcp\) $/)
  })

  it('hands each packet on at once, and what the tool still writes when it is ended', async () => {
    await tool('tcpdump', 'trap "printf end; exit 0" TERM; printf begin; while :; do sleep 0.05; done')
    const { child, ended, end } = start(captureCommand('tocsin-capture-1', sensor(), '(tcp)', 30))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    end()
    assert.equal((await ended).stdout.toString(), 'beginend')
  })

  it('ends at its limit of bytes, to the byte, and at its limit of time', async () => {
    await tool('tcpdump', 'while :; do head -c 1000 /dev/zero; sleep 0.01; done')
    const bytes = start(captureCommand('tocsin-capture-1', sensor({ maxBytes: 4_096 }), '(tcp)', 30))
    assert.equal((await bytes.ended).stdout.length, 4_096)
    const time = start(captureCommand('tocsin-capture-1', sensor(), '(tcp)', 1))
    assert.ok((await time.ended).stderr.includes(SAID.time))
  })

  it('says how the tool ended that could not begin', async () => {
    await tool('tcpdump', 'echo "tcpdump: eth1: No such device exists" >&2; exit 1')
    const { ended } = start(captureCommand('tocsin-capture-1', sensor(), '(tcp)', 30))
    const { stderr } = await ended
    assert.match(stderr, /No such device exists/)
    assert.equal(SAID.exit.exec(stderr)?.[1], '1')
  })

  it('is ended by its id with all that it started, and by no other', async () => {
    await tool('tcpdump', 'trap "" TERM; printf begin; while :; do sleep 0.05; done')
    const [one, other] = ['tocsin-capture-one', 'tocsin-capture-other'].map((id) =>
      start(captureCommand(id, sensor(), '(tcp)', 30)),
    )
    await Promise.all([one!, other!].map(({ child }) => new Promise((resolve) => child.stdout.once('data', resolve))))
    const ending = start(END_CAPTURE)
    ending.child.stdin.write('tocsin-capture-one\n')
    assert.equal((await ending.ended).stdout.toString(), 'absent\n')
    await one!.ended
    assert.equal(other!.child.exitCode, null)
    process.kill(-other!.child.pid!, 'SIGKILL')
    await other!.ended
  })
})
