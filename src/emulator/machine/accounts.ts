/** Accounts of the lab, and the sessions they are logged on in. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Credentials } from '../program.ts'

export interface Identity {
  name: string
  /** NetBIOS name of the domain or computer. */
  domain: string
  sid: string
}

export interface Account extends Identity {
  password: string
}

export type LogonType = 'interactive' | 'network' | 'batch' | 'service' | 'network-cleartext'

/** A logon session. Its credentials, where it holds any, are what the user may use on other hosts. */
export interface LogonSession {
  /** LUID as Windows writes it: `0x14f392e`. */
  id: string
  guid: string
  identity: Identity
  type: LogonType
  elevated: boolean
  terminal: number
  credentials: Credentials | null
  /** Where a network logon came from. */
  source: { ip: string; port: number } | null
  /** A network logon that was proven by NTLM, not by Kerberos. */
  ntlm: boolean
}

export const SYSTEM: Identity = { name: 'SYSTEM', domain: 'NT AUTHORITY', sid: 'S-1-5-18' }
export const LOCAL_SERVICE: Identity = { name: 'LOCAL SERVICE', domain: 'NT AUTHORITY', sid: 'S-1-5-19' }
export const NETWORK_SERVICE: Identity = { name: 'NETWORK SERVICE', domain: 'NT AUTHORITY', sid: 'S-1-5-20' }

/** Names under which the built-in accounts are known, lower case. */
export const BUILT_IN: Record<string, Identity> = {
  '': SYSTEM,
  system: SYSTEM,
  'nt authority\\system': SYSTEM,
  's-1-5-18': SYSTEM,
  'local service': LOCAL_SERVICE,
  localservice: LOCAL_SERVICE,
  'nt authority\\local service': LOCAL_SERVICE,
  'nt authority\\localservice': LOCAL_SERVICE,
  's-1-5-19': LOCAL_SERVICE,
  'network service': NETWORK_SERVICE,
  networkservice: NETWORK_SERVICE,
  'nt authority\\network service': NETWORK_SERVICE,
  'nt authority\\networkservice': NETWORK_SERVICE,
  's-1-5-20': NETWORK_SERVICE,
}

/** Whether it is one of the accounts of the system, which need no password. */
export const isService = (sid: string): boolean => sid === 'S-1-5-18' || sid === 'S-1-5-19' || sid === 'S-1-5-20'

export const qualified = (identity: Identity): string => `${identity.domain}\\${identity.name}`

/** The first label of a domain or host name in upper case: its NetBIOS name. */
export const netbios = (name: string): string => (name.split('.')[0] ?? name).toUpperCase()

/** Takes `DOMAIN\user`, `user@domain` and `user` apart. */
export function splitUser(text: string): { name: string; domain?: string } {
  const slash = text.indexOf('\\')
  if (slash !== -1) {
    const domain = text.slice(0, slash)
    return { name: text.slice(slash + 1), ...(domain === '' || domain === '.' ? {} : { domain: netbios(domain) }) }
  }
  const at = text.lastIndexOf('@')
  return at > 0 ? { name: text.slice(0, at), domain: netbios(text.slice(at + 1)) } : { name: text }
}

/** A SID authority that is the same for the same name, always. */
function authorityOf(name: string): string {
  const digest = createHash('sha256').update(name.toUpperCase()).digest()
  return `S-1-5-21-${digest.readUInt32LE(0)}-${digest.readUInt32LE(4)}-${digest.readUInt32LE(8)}`
}

/** Every account of the lab: those of domains, valid on all hosts, and those of single hosts. */
export class Directory {
  readonly #accounts: Account[] = []

  /** Adds an account. A domain account whose name is taken with another password becomes one of the computer. */
  add(user: string, password: string, domain: string, computer: string): Account {
    const { name, domain: named = netbios(domain) } = splitUser(user)
    const known = this.#find(name, named)
    if (known?.password === password) return known
    const owner = known === undefined ? named : netbios(computer)
    const account = { name, domain: owner, sid: `${authorityOf(owner)}-${1104 + this.#accounts.length}`, password }
    this.#accounts.push(account)
    return account
  }

  #find(name: string, domain: string | undefined): Account | undefined {
    return this.#accounts.find(
      (account) =>
        account.name.toLowerCase() === name.toLowerCase() &&
        (domain === undefined || account.domain === netbios(domain)),
    )
  }

  /** The account of that name as a computer sees it: its own first, then any domain's. */
  lookup(user: string, computer: string): Identity | null {
    const builtIn = BUILT_IN[user.toLowerCase()]
    if (builtIn !== undefined) return builtIn
    const bySid = this.#accounts.find(({ sid }) => sid === user.toUpperCase())
    if (bySid !== undefined) return bySid
    const { name, domain } = splitUser(user)
    if (domain !== undefined) return this.#visible(this.#find(name, domain), computer)
    return this.#find(name, computer) ?? this.#visible(this.#domainAccount(name), computer)
  }

  #domainAccount(name: string): Account | undefined {
    return this.#accounts.find((account) => account.name.toLowerCase() === name.toLowerCase())
  }

  /** Accounts of another computer are nobody here. */
  #visible(account: Account | undefined, computer: string): Account | null {
    if (account === undefined || !this.#computers.has(account.domain)) return account ?? null
    return account.domain === netbios(computer) ? account : null
  }

  readonly #computers = new Set<string>()

  addComputer(name: string): void {
    this.#computers.add(netbios(name))
  }

  /** The account that this name and password are right for on a computer, or null. */
  authenticate({ user, domain, password }: Credentials, computer: string): Account | null {
    const found = this.lookup(domain ? `${domain}\\${user}` : user, computer)
    return found !== null && 'password' in found && (found as Account).password === password ? (found as Account) : null
  }

  passwordOf(sid: string): string | null {
    return this.#accounts.find((account) => account.sid === sid)?.password ?? null
  }
}

let lastLogon = 0x20_0000

/** A new session with an id of its own. */
export function newSession(
  identity: Identity,
  type: LogonType,
  more: Partial<Pick<LogonSession, 'credentials' | 'source' | 'terminal' | 'elevated' | 'ntlm'>> = {},
): LogonSession {
  lastLogon += 0x1000 + randomBytes(1)[0]!
  return {
    id: `0x${lastLogon.toString(16)}`,
    guid: `{${randomUUID()}}`,
    identity,
    type,
    elevated: true,
    terminal: 0,
    credentials: null,
    source: null,
    ntlm: false,
    ...more,
  }
}
