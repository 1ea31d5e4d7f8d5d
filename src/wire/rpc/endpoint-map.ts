/** What endpoint mappers said about where interfaces listen: names the calls of connections whose bind was not captured. */

const MOST_ENDPOINTS = 4096
/** Several interfaces on one port leave its calls without a name. */
const SEVERAL = ''

export class EndpointMap {
  readonly #interfaces = new Map<string, string>()

  /** An interface listens there. */
  add(ip: string, port: number, uuid: string): void {
    const key = `${ip} ${port}`
    const known = this.#interfaces.get(key)
    if (known === undefined && this.#interfaces.size >= MOST_ENDPOINTS) return
    this.#interfaces.set(key, known === undefined || known === uuid ? uuid : SEVERAL)
  }

  /** The one interface that is known to listen there. */
  interfaceAt(ip: string, port: number): string | null {
    return this.#interfaces.get(`${ip} ${port}`) || null
  }
}
