/** RPC connections of the lab's hosts: who authenticates how, and the endpoint mapper that says where to connect. */
import type { Machine } from '../machine/machine.ts'
import type { Credentials } from '../program.ts'
import { type Client, type Connection, type LabNetwork, RPC_UNAVAILABLE } from './network.ts'
import { mapRequest, mapResponse } from './packets/endpoint-map.ts'
import { INTERFACES, type RpcInterface } from './packets/interfaces.ts'
import type { Computer } from './packets/ntlm.ts'
import { kerberosSecurity, ntlmSecurity, type Security } from './packets/security.ts'
import { type Carrier, RpcConnection } from './rpc.ts'
import { IMPACKET, type RpcDialect, WINDOWS } from './rpc-dialect.ts'

const ENDPOINT_MAPPER = 135
const MAP = 3

export const dialectOf = ({ raw }: Client): RpcDialect => (raw ? IMPACKET : WINDOWS)

/** A server as its own messages name it. */
export const computerOf = ({ computer, domain, clock }: Machine): Computer => ({
  name: computer,
  domain,
  now: clock.now(),
})

/** The Kerberos realm of a host: its domain's name, where its own says it, else the short one. */
export const realmOf = ({ name, domain }: Machine): string =>
  name.includes('.') ? name.slice(name.indexOf('.') + 1).toUpperCase() : domain

/** As its own library authenticates, or as Windows does among members of one domain. */
export function securityOf({ raw, process }: Client, server: Machine, given?: Credentials): Security {
  const nobody = { user: '', password: '' }
  return raw
    ? ntlmSecurity(given ?? process.session.credentials ?? nobody, computerOf(server))
    : kerberosSecurity(server.name.toLowerCase(), realmOf(server))
}

/** An RPC connection over a TCP connection; without `security` it is neither authenticated nor encrypted. */
export function rpcOver(
  client: Client,
  { stream, destination }: Connection,
  security: Security | null,
  more: { dialect?: RpcDialect; carrier?: Carrier; secondaryAddress?: string } = {},
): RpcConnection {
  return new RpcConnection({
    carrier: stream,
    timeline: client.process.timeline,
    dialect: dialectOf(client),
    security,
    secondaryAddress: String(destination.port),
    ...more,
  })
}

/** Opens a connection to a server's endpoint mapper. */
export const connectMapper = (network: LabNetwork, client: Client, server: Machine, open: boolean): Connection =>
  network.connect(client, server, { port: ENDPOINT_MAPPER, process: server.services.rpc, open })

/**
 * Asks the endpoint mapper where an interface is; `port` is what the server has registered, null for none. Throws
 * 0x800706BA when it has none, or when a firewall drops the question.
 */
export function mapEndpoint(
  network: LabNetwork,
  client: Client,
  server: Machine,
  wanted: { interface: RpcInterface; port: number | null; open: boolean },
): number {
  const ends = connectMapper(network, client, server, wanted.open)
  const rpc = rpcOver(client, ends, null)
  const { word } = dialectOf(client)
  const { port } = wanted
  rpc.bind(INTERFACES.epmapper)
  const found = port === null ? null : { ip: server.ip, port }
  rpc.call(MAP, mapRequest(wanted.interface, word)).answer(mapResponse(wanted.interface, word, found))
  if (client.raw) ends.stream.close('finish')
  if (port === null) throw RPC_UNAVAILABLE()
  return port
}
