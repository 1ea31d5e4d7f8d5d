/** One SSH connection to a host: its key is checked before anything secret leaves. */
import { readFile } from 'node:fs/promises'
import ssh2, { type AnyAuthMethod, type Client, type ConnectConfig } from 'ssh2'
import type { NamedHost } from '../../engine/ports.ts'
import { changedKey, fingerprintOf, HOST_KEY_ALGORITHMS, keyTypeOf, samePin, unpinned } from './host-key.ts'
import { Unreachable } from './unreachable.ts'

export interface ConnectOptions {
  /** Real milliseconds until a host that does not answer counts as down. */
  connectTimeoutMs: number
  /** Real milliseconds between signs of life; three that stay unanswered are a lost connection. */
  keepaliveMs: number
}

type Algorithms = NonNullable<NonNullable<ConnectConfig['algorithms']>['serverHostKey']>

type LoginMethods = NonNullable<ConnectConfig['authHandler']>

class WrongHostKey extends Error {
  readonly fingerprint: string
  readonly keyType: string

  constructor(key: Buffer) {
    super('wrong host key')
    this.fingerprint = fingerprintOf(key)
    this.keyType = keyTypeOf(key)
  }
}

/**
 * Connects and logs in. A host with several keys may show another than the pinned one: the other types are asked for
 * before it is refused.
 * @throws {Unreachable}
 */
export async function connect(host: NamedHost, options: ConnectOptions): Promise<Client> {
  if (host.user === undefined) throw new Unreachable(`${host.name} has no user to log in as`, { lasting: true })
  const privateKey = await readKey(host)
  const shown: string[] = []
  let algorithms: Algorithms | undefined
  const untried = new Set(Object.keys(HOST_KEY_ALGORITHMS) as (keyof typeof HOST_KEY_ALGORITHMS)[])
  for (;;) {
    try {
      return await attempt(host, options, privateKey, algorithms)
    } catch (error) {
      if (error instanceof WrongHostKey) {
        if (host.hostKey === undefined) throw new Unreachable(unpinned(host, error.fingerprint), { lasting: true })
        shown.push(error.fingerprint)
        for (const type of untried) if (error.keyType.startsWith(type)) untried.delete(type)
      } else if (shown.length === 0 || !isNoSharedAlgorithm(error)) throw explain(host, error)
      const next = untried.values().next().value
      if (next === undefined) throw new Unreachable(changedKey(host, shown), { lasting: true })
      untried.delete(next)
      algorithms = [...HOST_KEY_ALGORITHMS[next]]
    }
  }
}

function attempt(
  host: NamedHost,
  { connectTimeoutMs, keepaliveMs }: ConnectOptions,
  privateKey: string | undefined,
  serverHostKey: Algorithms | undefined,
): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    let wrongKey: WrongHostKey | undefined
    const fail = (error: Error) => {
      client.destroy()
      reject(wrongKey ?? error)
    }
    // Stays on for good: an error without a listener would end the process. After `ready`, `close` tells the rest.
    client.on('error', fail)
    client.once('close', () => fail(new Error('the host closed the connection')))
    client.once('ready', () => resolve(client))
    client.once('connect', () => client.setNoDelay(true))
    client.connect({
      host: host.address ?? host.name,
      port: host.port ?? 22,
      username: host.user!,
      readyTimeout: connectTimeoutMs,
      keepaliveInterval: keepaliveMs,
      keepaliveCountMax: 3,
      ...(serverHostKey === undefined ? {} : { algorithms: { serverHostKey } }),
      hostVerifier: (key: Buffer) => {
        if (host.hostKey !== undefined && samePin(host.hostKey, fingerprintOf(key))) return true
        wrongKey = new WrongHostKey(key)
        return false
      },
      authHandler: loginMethods(host, privateKey),
    })
  })
}

/** Key, then password the way the host wants it. Each is tried once: further tries may lock the account. */
function loginMethods(host: NamedHost, privateKey: string | undefined): LoginMethods {
  const username = host.user!
  let keyTried = privateKey === undefined
  let passwordTried = host.password === undefined
  return ((offered: string[] | null, _partial: boolean | null, next: (method: AnyAuthMethod | false) => void) => {
    if (!keyTried) {
      keyTried = true
      return next({ type: 'publickey', username, key: privateKey! })
    }
    if (offered === null) return next({ type: 'none', username })
    if (!passwordTried && offered.includes('password')) {
      passwordTried = true
      return next({ type: 'password', username, password: host.password! })
    }
    if (!passwordTried && offered.includes('keyboard-interactive')) {
      passwordTried = true
      return next({
        type: 'keyboard-interactive',
        username,
        // One question without echo is the password's; anything else nobody is here to answer.
        prompt: (_name, _instructions, _language, prompts, answer) =>
          answer(prompts.map((prompt) => (prompts.length === 1 && prompt.echo !== true ? host.password! : ''))),
      })
    }
    return next(false)
  }) as unknown as LoginMethods
}

async function readKey(host: NamedHost): Promise<string | undefined> {
  if (host.key === undefined) return undefined
  let text: string
  try {
    text = await readFile(host.key, 'utf8')
  } catch (error) {
    throw new Unreachable(`the key of ${host.name} cannot be read: ${(error as Error).message}`, { lasting: true })
  }
  const parsed = ssh2.utils.parseKey(text)
  if (parsed instanceof Error) {
    throw new Unreachable(`the key of ${host.name} (${host.key}) cannot be used: ${parsed.message}`, { lasting: true })
  }
  return text
}

const isNoSharedAlgorithm = (error: unknown): boolean =>
  error instanceof Error && /no matching host key/i.test(error.message)

function explain(host: NamedHost, error: unknown): Unreachable {
  const { level, message } = error as Error & { level?: string }
  const where = `${host.name} (${host.address ?? host.name}:${host.port ?? 22})`
  if (level === 'client-authentication') {
    const means = [host.key && 'key', host.password !== undefined && 'password'].filter(Boolean).join(' and ')
    return new Unreachable(
      `${where} refused the login of ${host.user}${means ? ` with ${means}` : ': the lab file gives neither key nor password'}`,
      { lasting: true },
    )
  }
  if (level === 'client-timeout') return new Unreachable(`${where} did not answer in time`)
  return new Unreachable(`${where} cannot be reached: ${message}`)
}
