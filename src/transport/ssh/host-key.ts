/** Host keys: a host is who it says only if its key has the fingerprint that the lab file pins. */
import { createHash } from 'node:crypto'
import type { NamedHost } from '../../engine/ports.ts'

/** `SHA256:…` of a public key's blob, as `ssh-keygen -l` prints it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

export const samePin = (pin: string, fingerprint: string): boolean => pin.replace(/=+$/, '') === fingerprint

/** The type in a public key's blob, such as `ssh-ed25519`. */
export function keyTypeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0
  return key.subarray(4, 4 + length).toString('latin1')
}

/** Signature algorithms by type of host key, as ssh2 names them. */
export const HOST_KEY_ALGORITHMS = {
  'ssh-ed25519': ['ssh-ed25519'],
  ecdsa: ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
} as const

export function unpinned(host: NamedHost, shown: string): string {
  return `${host.name} has no pinned host key, so nothing was sent; it shows ${shown}. If that is its own, add it to the lab file: hostKey: ${shown}`
}

export function changedKey(host: NamedHost, shown: readonly string[]): string {
  return `the host key of ${host.name} is not the pinned one, so nothing was sent: pinned ${host.hostKey}, shown ${shown.join(', ')}`
}
