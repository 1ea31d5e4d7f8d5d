/** A host's SSH identity. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import ssh2 from 'ssh2'

export interface HostKey {
  /** OpenSSH private key text. */
  privateKey: string
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  fingerprint: string
}

/** The key in a file, made when the file is not there; without a file a key for this run only. */
export function hostKey(file: string | null): HostKey {
  const privateKey = read(file) ?? create(file)
  const parsed = ssh2.utils.parseKey(privateKey)
  if (parsed instanceof Error) throw new Error(`${file}: ${parsed.message}`)
  const digest = createHash('sha256').update(parsed.getPublicSSH()).digest('base64')
  return { privateKey, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` }
}

function read(file: string | null): string | null {
  if (file === null) return null
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** ssh2 now and then writes a key that it cannot read itself; the next one is as good. */
export function generate(): string {
  for (;;) {
    const { private: text } = ssh2.utils.generateKeyPairSync('ed25519')
    if (!(ssh2.utils.parseKey(text) instanceof Error)) return text
  }
}

function create(file: string | null): string {
  const text = generate()
  if (file !== null) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { mode: 0o600 })
  }
  return text
}
