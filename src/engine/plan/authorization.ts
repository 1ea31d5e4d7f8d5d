/** Leave to touch hosts: an emulated host needs none, any other has to be named. */
import type { Authorization } from '../../model/authorization.ts'
import { isEmulated } from '../../model/lab.ts'
import type { NamedHost } from '../ports.ts'

interface Refusal {
  message: string
  mend: string
}

/** The address that an authorization names a host by; hosts of local transports are this machine. */
const authorizedAddress = (host: NamedHost): string => host.address ?? 'localhost'

/** Why these hosts may not be used at `now` (real time, milliseconds); empty when they may. */
export function refusals(hosts: Iterable<NamedHost>, authorization: Authorization | null, now: number): Refusal[] {
  const real = [...new Set(hosts)].filter((host) => !isEmulated(host))
  if (real.length === 0) return []
  if (authorization === null) {
    return real.map((host) => ({
      message: `${host.name} (${authorizedAddress(host)}) is not emulated, and no authorization names it`,
      mend: "write an authorization file and name it in the lab file's `authorization`",
    }))
  }
  const when = timeRefusal(authorization, now)
  const each = real.map((host) => hostRefusal(host, authorization)).filter((refusal) => refusal !== null)
  return when === null ? each : [when, ...each]
}

/** Why an authorization does not hold at `now`; null when it does. */
export function timeRefusal({ notBefore, notAfter }: Authorization, now: number): Refusal | null {
  if (now < Date.parse(notBefore)) {
    return { message: `the authorization begins at ${notBefore}`, mend: 'run then, or ask for another one' }
  }
  if (now > Date.parse(notAfter)) {
    return { message: `the authorization ended at ${notAfter}`, mend: 'ask for another one' }
  }
  return null
}

function hostRefusal(host: NamedHost, authorization: Authorization): Refusal | null {
  const address = authorizedAddress(host)
  const named = authorization.hosts.filter((entry) => entry.address.toLowerCase() === address.toLowerCase())
  if (named.length === 0) {
    return {
      message: `the authorization does not name ${host.name} (${address})`,
      mend: 'name its address under `hosts`, or take it out of the lab',
    }
  }
  if (named.some(({ hostKey }) => hostKey === undefined || hostKey === host.hostKey)) return null
  return {
    message: `the authorization names ${host.name} (${address}) with the host key ${named[0]!.hostKey}, the lab file ${host.hostKey === undefined ? 'pins none' : `pins ${host.hostKey}`}`,
    mend: "set the host's `hostKey` in the lab file to the authorized one",
  }
}
