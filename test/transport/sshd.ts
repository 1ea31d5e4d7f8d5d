/** A real OpenSSH server on loopback, with keys and configuration of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import type { NamedHost } from '../../src/engine/ports.ts'
import { fingerprintOf } from '../../src/transport/ssh/host-key.ts'

const SSHD = '/usr/sbin/sshd'

export const sshdMissing = existsSync(SSHD) ? null : `${SSHD} is not installed`

export interface Sshd {
  host: NamedHost
  /** Fingerprint of the second host key, of another type. */
  otherHostKey: string
  stop(): Promise<void>
}

export async function startSshd(settings: string[] = []): Promise<Sshd> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-sshd-'))
  const newKey = async (file: string, { private: secret, public: open }: { private: string; public: string }) => {
    await writeFile(join(folder, file), secret, { mode: 0o600 })
    await writeFile(join(folder, `${file}.pub`), `${open}\n`)
  }
  await newKey('host_ed25519', ssh2.utils.generateKeyPairSync('ed25519'))
  await newKey('host_ecdsa', ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }))
  await newKey('user', ssh2.utils.generateKeyPairSync('ed25519'))
  const port = await freePort()
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host_ed25519`,
    `HostKey ${folder}/host_ecdsa`,
    `PidFile ${folder}/pid`,
    `AuthorizedKeysFile ${folder}/user.pub`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    ...settings,
  ]
  await writeFile(join(folder, 'config'), `${config.join('\n')}\n`)
  // sshd insists on it when root starts it; the service's start script would have made it.
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true })
  const child = spawn(SSHD, ['-D', '-e', '-f', join(folder, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  await listening(child)
  return {
    host: {
      name: 'debian',
      role: 'target',
      os: 'linux',
      transport: 'ssh',
      address: '127.0.0.1',
      port,
      user: userInfo().username,
      key: join(folder, 'user'),
      hostKey: await fingerprintOfFile(join(folder, 'host_ed25519.pub')),
    },
    otherHostKey: await fingerprintOfFile(join(folder, 'host_ecdsa.pub')),
    async stop() {
      if (child.kill()) await new Promise((resolve) => child.once('exit', resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function fingerprintOfFile(path: string): Promise<string> {
  const [, blob] = (await readFile(path, 'utf8')).split(' ')
  return fingerprintOf(Buffer.from(blob!, 'base64'))
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Server listening')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`sshd ended with ${code}: ${said}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
