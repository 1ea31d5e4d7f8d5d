/** Which host plays which role in which test. Tests are dealt out to lanes of hosts, so that lanes run side by side. */
import { rolesOf } from '../../model/lab.ts'
import type { NamedHost } from '../ports.ts'

/** Role → the hosts that can play it, in the order of the lab file. */
export function hostsByRole(hosts: NamedHost[]): Map<string, NamedHost[]> {
  const byRole = new Map<string, NamedHost[]>()
  for (const host of hosts) {
    for (const role of rolesOf(host)) byRole.set(role, [...(byRole.get(role) ?? []), host])
  }
  return byRole
}

/**
 * Deals out hosts. With two sources and two targets there are two lanes: each test goes to the lane with the least to
 * do, and takes the lane's host of each of its roles. No host plays two roles of one test while another is free.
 */
export class HostDealer {
  readonly #byRole: Map<string, NamedHost[]>
  readonly #load = new Map<NamedHost, number>()

  constructor(byRole: Map<string, NamedHost[]>) {
    this.#byRole = byRole
  }

  /** The hosts of one test; roles that no host plays are left out. `cost` is any measure of the test's length. */
  deal(roles: string[], cost: number): Map<string, NamedHost> {
    const known = roles.filter((role) => this.#byRole.has(role))
    const lanes = Math.max(1, ...known.map((role) => this.#byRole.get(role)!.length))
    let best = this.#lane(known, 0)
    for (let lane = 1; lane < lanes; lane += 1) {
      const other = this.#lane(known, lane)
      if (this.#busiest(other) < this.#busiest(best)) best = other
    }
    const after = this.#busiest(best) + cost
    for (const host of best.values()) this.#load.set(host, after)
    return best
  }

  #lane(roles: string[], lane: number): Map<string, NamedHost> {
    const chosen = new Map<string, NamedHost>()
    const taken = new Set<NamedHost>()
    for (const role of roles) {
      const candidates = this.#byRole.get(role)!
      const inOrder = candidates.map((_, index) => candidates[(lane + index) % candidates.length]!)
      const host = inOrder.find((candidate) => !taken.has(candidate)) ?? inOrder[0]!
      chosen.set(role, host)
      taken.add(host)
    }
    return chosen
  }

  /** A test starts when the last of its hosts is free. */
  #busiest(hosts: Map<string, NamedHost>): number {
    return Math.max(0, ...[...hosts.values()].map((host) => this.#load.get(host) ?? 0))
  }
}
