/** Both ends of a connection as ECS has them. */

import { address } from '../ecs/address.ts'
import { communityId } from './community-id.ts'

type Json = Record<string, unknown>

export interface Ends {
  sourceIp: unknown
  sourcePort: unknown
  destinationIp: unknown
  destinationPort: unknown
  /** In any case; null when the log does not say it. */
  transport: unknown
}

/**
 * `source`, `destination`, `network` and `related` of a connection. Addresses are in the one form that comparisons need;
 * what is no address stays as `address` alone. Absent parts are left out.
 */
export function endsOf(ends: Ends): Json {
  const source = endOf(ends.sourceIp, ends.sourcePort)
  const destination = endOf(ends.destinationIp, ends.destinationPort)
  const network: Json = {}
  if (typeof ends.transport === 'string') network.transport = ends.transport.toLowerCase()
  const ip = source.ip ?? destination.ip
  if (typeof ip === 'string') network.type = ip.includes(':') ? 'ipv6' : 'ipv4'
  const id = communityId({ source, destination, transport: network.transport })
  if (id !== null) network.community_id = id
  const known = [...new Set([source.ip, destination.ip].filter((each) => each !== undefined))]
  return { source, destination, network, ...(known.length === 0 ? {} : { related: { ip: known } }) }
}

function endOf(text: unknown, port: unknown): Json {
  const end: Json = {}
  if (typeof text === 'string') {
    const ip = address(text)
    end.address = text
    if (ip !== undefined) end.ip = ip
  }
  const number = typeof port === 'string' ? Number(port) : port
  if (typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= 65_535) end.port = number
  return end
}
