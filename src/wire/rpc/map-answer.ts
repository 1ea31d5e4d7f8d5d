/** The answer of an endpoint mapper, gathered from its fragments. */
import type { Endpoint } from '../wire-types.ts'
import type { EndpointMap } from './endpoint-map.ts'
import { towersOf } from './ept-map.ts'

const LONGEST = 64 << 10
const MOST_PARTS = 256

export class MapAnswer {
  readonly #wide: boolean
  readonly #parts: Buffer[] = []
  #length = 0

  /** @param wide whether it is encoded in NDR64 */
  constructor(wide: boolean) {
    this.#wide = wide
  }

  /** Copies the body of the next fragment; what is too much is left out. */
  add(part: Buffer): void {
    if (this.#length + part.length > LONGEST || this.#parts.length === MOST_PARTS) return
    this.#parts.push(Buffer.from(part))
    this.#length += part.length
  }

  /** Keeps what it says about ports; where a tower leaves the address open, the mapper's host is meant. */
  learn(endpoints: EndpointMap, mapper: Endpoint, little: boolean): void {
    for (const { uuid, ip, port } of towersOf(Buffer.concat(this.#parts), { wide: this.#wide, little })) {
      if (port === null) continue
      endpoints.add(mapper.ip, port, uuid)
      if (ip !== null && ip !== mapper.ip) endpoints.add(ip, port, uuid)
    }
  }
}
