/** DCE/RPC PDUs of every kind, made by hand. */

export const TASK_SCHEDULER_UUID = '86d35949-83c9-4044-b424-db363231fd0c'
export const MAPPER_UUID = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa'
const SYNTAXES = {
  NDR32: ['8a885d04-1ceb-11c9-9fe8-08002b104860', 2],
  NDR64: ['71710533-beba-4937-8319-b5dbef9ccc36', 1],
  features: ['6cb71c2c-9812-4540-0300-000000000000', 1],
} as const
export type Syntax = keyof typeof SYNTAXES

const TYPES = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bind_ack: 12,
  bind_nak: 13,
  alter_context: 14,
  alter_context_resp: 15,
  auth3: 16,
} as const

export interface PduOptions {
  little?: boolean
  flags?: number
  callId?: number
  /** What follows the body: type, level, and value. */
  authentication?: [type: number, level: number, value: Buffer]
}

function u16(value: number, little: boolean): Buffer {
  const bytes = Buffer.alloc(2)
  if (little) bytes.writeUInt16LE(value)
  else bytes.writeUInt16BE(value)
  return bytes
}

function u32(value: number, little: boolean): Buffer {
  const bytes = Buffer.alloc(4)
  if (little) bytes.writeUInt32LE(value)
  else bytes.writeUInt32BE(value)
  return bytes
}

function uuidBytes(uuid: string, little = true): Buffer {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  if (!little) return bytes
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ])
}

export function pdu(type: keyof typeof TYPES, body: Buffer, options: PduOptions = {}): Buffer {
  const { little = true, flags = 3, callId = 1, authentication } = options
  const header = Buffer.from([5, 0, TYPES[type], flags, little ? 0x10 : 0, 0, 0, 0])
  const [kind, level, value] = authentication ?? [0, 0, Buffer.alloc(0)]
  const trailer = authentication === undefined ? [] : [Buffer.from([kind, level, 0, 0, 0, 0, 0, 0]), value]
  const rest = Buffer.concat([body, ...trailer])
  return Buffer.concat([header, u16(16 + rest.length, little), u16(value.length, little), u32(callId, little), rest])
}

export interface OfferedContext {
  id: number
  uuid: string
  syntax?: Syntax
  /** Major version of the interface; default 1. */
  version?: number
  /** So many transfer syntaxes are offered; those after the first are NDR32. */
  syntaxes?: number
}

export function bind(
  contexts: OfferedContext[],
  options: PduOptions & { type?: 'bind' | 'alter_context' } = {},
): Buffer {
  const little = options.little ?? true
  const syntaxBytes = (syntax: Syntax) => [uuidBytes(SYNTAXES[syntax][0], little), u32(SYNTAXES[syntax][1], little)]
  const items = contexts.flatMap(({ id, uuid, syntax = 'NDR32', version = 1, syntaxes = 1 }) => [
    u16(id, little),
    Buffer.from([syntaxes, 0]),
    uuidBytes(uuid, little),
    u32(version, little),
    ...syntaxBytes(syntax),
    ...Array.from({ length: syntaxes - 1 }, () => syntaxBytes('NDR32')).flat(),
  ])
  const head = [u16(5840, little), u16(5840, little), u32(0, little), Buffer.from([contexts.length, 0, 0, 0])]
  return pdu(options.type ?? 'bind', Buffer.concat([...head, ...items]), options)
}

/** `results`: 0 accepted, 2 rejected, 3 for bind-time features. */
export function bindAck(
  results: number[],
  options: PduOptions & { type?: 'bind_ack' | 'alter_context_resp'; address?: string } = {},
): Buffer {
  const little = options.little ?? true
  const address = Buffer.from(`${options.address ?? '49671'}\0`)
  const items = results.flatMap((result) => [
    u16(result, little),
    u16(result === 2 ? 1 : 0, little),
    Buffer.alloc(16),
    u32(0, little),
  ])
  return pdu(
    options.type ?? 'bind_ack',
    Buffer.concat([
      u16(5840, little),
      u16(5840, little),
      u32(7, little),
      u16(address.length, little),
      address,
      Buffer.alloc((4 - ((26 + address.length) % 4)) % 4),
      Buffer.from([results.length, 0, 0, 0]),
      ...items,
    ]),
    options,
  )
}

export interface CallOptions extends PduOptions {
  contextId?: number
  stub?: Buffer
  /** Object UUID of a request; its flag is the caller's. */
  object?: string
}

export function request(opnum: number, options: CallOptions = {}): Buffer {
  const { little = true, contextId = 0, stub = Buffer.alloc(8), object } = options
  const head = [u32(stub.length, little), u16(contextId, little), u16(opnum, little)]
  const id = object === undefined ? [] : [uuidBytes(object, little)]
  return pdu('request', Buffer.concat([...head, ...id, stub]), options)
}

export function response(options: CallOptions = {}): Buffer {
  const { little = true, contextId = 0, stub = Buffer.alloc(8) } = options
  return pdu(
    'response',
    Buffer.concat([u32(stub.length, little), u16(contextId, little), Buffer.alloc(2), stub]),
    options,
  )
}

export function fault(status: number, options: CallOptions = {}): Buffer {
  const { little = true, contextId = 0 } = options
  const body = [u32(0, little), u16(contextId, little), Buffer.alloc(2), u32(status, little), Buffer.alloc(4)]
  return pdu('fault', Buffer.concat(body), options)
}

/** What ends an authentication of three legs. */
export const auth3 = (options: PduOptions = {}): Buffer => pdu('auth3', Buffer.alloc(4), options)

export const bindNak = (reason: number, options: PduOptions = {}): Buffer =>
  pdu('bind_nak', Buffer.concat([u16(reason, options.little ?? true), Buffer.alloc(6)]), options)

/** What a floor of a tower says besides the interface: its protocol and its value. */
export type Floor = [protocol: number, value: Buffer]

export const tcpFloor = (port: number): Floor => [0x07, u16(port, false)]
export const ipFloor = (ip: string): Floor => [0x09, Buffer.from(ip.split('.').map(Number))]

/** A protocol tower: the interface, NDR32, connection-oriented, and what follows. Always little endian. */
export function tower(uuid: string, ...floors: Floor[]): Buffer {
  const floor = (left: Buffer, right: Buffer) =>
    Buffer.concat([u16(left.length, true), left, u16(right.length, true), right])
  const interfaceFloor = (id: string) =>
    floor(Buffer.concat([Buffer.of(0x0d), uuidBytes(id), u16(1, true)]), Buffer.alloc(2))
  return Buffer.concat([
    u16(3 + floors.length, true),
    interfaceFloor(uuid),
    interfaceFloor(SYNTAXES.NDR32[0]),
    floor(Buffer.of(0x0b), Buffer.alloc(2)),
    ...floors.map(([protocol, value]) => floor(Buffer.of(protocol), value)),
  ])
}

/** The body of an ept_map answer; null for a pointer that points nowhere. `wide`: in NDR64. */
export function eptMapAnswer(towers: (Buffer | null)[], { wide = false, little = true } = {}): Buffer {
  let bytes = Buffer.alloc(20)
  const align = (to: number) => Buffer.alloc((to - (bytes.length % to)) % to)
  const put = (size: number, value: number) => {
    const number = u32(value, little)
    const word = size === 4 ? [number] : little ? [number, Buffer.alloc(4)] : [Buffer.alloc(4), number]
    bytes = Buffer.concat([bytes, align(size), ...word])
  }
  const size = wide ? 8 : 4
  put(4, towers.length)
  for (const number of [4, 0, towers.length]) put(size, number)
  for (const [index, one] of towers.entries()) put(size, one === null ? 0 : index + 3)
  for (const one of towers) {
    if (one === null) continue
    put(size, one.length)
    put(4, one.length)
    bytes = Buffer.concat([bytes, one])
  }
  put(4, 0)
  return bytes
}

/** An ept_map answer in NDR32 that says where an interface listens. */
export const eptMapStub = (uuid: string, ip: string, port: number): Buffer =>
  eptMapAnswer([tower(uuid, tcpFloor(port), ipFloor(ip))])
