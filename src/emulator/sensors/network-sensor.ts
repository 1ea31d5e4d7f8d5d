/** The sensor on the lab's network: DCE/RPC calls as ECS events, one a client message. */
import type { RpcMessage } from '../network/rpc.ts'
import type { NetworkRecord } from './record.ts'

export function networkRecord({ at, action, interface: name, opnum, source, destination }: RpcMessage): NetworkRecord {
  return {
    shape: 'network',
    document: {
      '@timestamp': new Date(at).toISOString(),
      event: {
        kind: 'event',
        category: ['network'],
        type: ['connection', 'protocol'],
        action,
        dataset: 'network_traffic.dcerpc',
      },
      network: { type: 'ipv4', transport: 'tcp', protocol: 'dce_rpc' },
      rpc: opnum === undefined ? { interface: name } : { interface: name, opnum },
      source: { ip: source.ip, port: source.port },
      destination: { ip: destination.ip, port: destination.port },
      observer: { type: 'sensor', name: 'lab-network' },
    },
  }
}
