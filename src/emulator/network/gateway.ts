/** A gateway that translates addresses: what is behind it shows to others as the gateway's own address and ports. */
import type { Endpoint } from '../machine/changes.ts'

export interface GatewayConfig {
  ip: string
  /** The range it takes ports from. */
  ports: [number, number]
}

export class Gateway {
  readonly #config: GatewayConfig
  #next: number

  constructor(config: GatewayConfig) {
    this.#config = config
    this.#next = config.ports[0]
  }

  /** The end that the other side of a new connection sees. */
  translate(): Endpoint {
    const { ip, ports } = this.#config
    const port = this.#next
    this.#next = port >= ports[1] ? ports[0] : port + 1
    return { ip, port }
  }
}
