/** The logon sessions of a host that are there from the start. */
import { type Identity, LOCAL_SERVICE, type LogonSession, NETWORK_SERVICE, newSession, SYSTEM } from './accounts.ts'

/** Well-known logon ids. */
const WELL_KNOWN: Record<string, string> = { 'S-1-5-18': '0x3e7', 'S-1-5-19': '0x3e5', 'S-1-5-20': '0x3e4' }

export class Sessions {
  readonly #services: Map<string, LogonSession>
  readonly #interactive: LogonSession[]

  constructor(loggedOn: Identity[]) {
    this.#services = new Map(
      [SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE].map((identity) => [
        identity.sid,
        { ...newSession(identity, 'service'), id: WELL_KNOWN[identity.sid]! },
      ]),
    )
    this.#interactive = loggedOn.map((identity, index) => newSession(identity, 'interactive', { terminal: index + 1 }))
  }

  get system(): LogonSession {
    return this.#services.get(SYSTEM.sid)!
  }

  service(identity: Identity): LogonSession {
    return this.#services.get(identity.sid) ?? this.system
  }

  interactive(identity: Identity): LogonSession | null {
    return this.#interactive.find((session) => session.identity.sid === identity.sid) ?? null
  }

  anyInteractive(): LogonSession | null {
    return this.#interactive[0] ?? null
  }
}
