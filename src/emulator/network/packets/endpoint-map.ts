/** Parameters of the endpoint mapper's `ept_map`, which are not encrypted (C706 appendices L and O, MS-RPCE 2.2.1.2). */
import { missingTo, u8, u16, u32, u64, uuid, zeros } from './bytes.ts'
import { type RpcInterface, TRANSFER } from './interfaces.ts'

/** Bytes of a pointer and of a count: 8 as 64-bit Windows writes them, 4 in the older way. */
export type Word = 4 | 8

const word = (size: Word, value: number) => (size === 8 ? u64(value) : u32(value))

const UUID_FLOOR = 0x0d
const CONNECTION_ORIENTED = 0x0b
const TCP_FLOOR = 0x07
const IP_FLOOR = 0x09

const floor = (left: Buffer, right: Buffer) => Buffer.concat([u16(left.length), left, u16(right.length), right])

const syntaxFloor = ({ uuid: id, version }: { uuid: string; version: number }) =>
  floor(Buffer.concat([u8(UUID_FLOOR), uuid(id), u16(version)]), u16(0))

/** Where an interface is to be found, floor by floor: interface, way to write, protocol, port, address. */
function tower(wanted: RpcInterface, port: number, ip: string): Buffer {
  return Buffer.concat([
    u16(5),
    syntaxFloor(wanted),
    syntaxFloor(TRANSFER.ndr32),
    floor(u8(CONNECTION_ORIENTED), u16(0)),
    floor(u8(TCP_FLOOR), Buffer.of(port >> 8, port & 0xff)),
    floor(u8(IP_FLOOR), Buffer.from(ip.split('.').map(Number))),
  ])
}

const NO_HANDLE = zeros(20)
const MOST_TOWERS = 4
const MAPPER_PORT = 135

/** A tower behind its two lengths, and what aligns the field of 4 bytes after it. */
function framed(size: Word, bytes: Buffer): Buffer {
  return Buffer.concat([
    word(size, bytes.length),
    u32(bytes.length),
    bytes,
    zeros(missingTo(size + 4 + bytes.length, 4)),
  ])
}

/** The question: the interface, with the mapper's own port and no address where the answer will have its own. */
export function mapRequest(wanted: RpcInterface, size: Word): Buffer {
  return Buffer.concat([
    word(size, 1),
    zeros(16),
    word(size, 2),
    framed(size, tower(wanted, MAPPER_PORT, '0.0.0.0')),
    NO_HANDLE,
    u32(MOST_TOWERS),
  ])
}

const NOT_REGISTERED = 0x16c9a0d6

/** The answer: where the interface listens, or that it is registered nowhere. */
export function mapResponse(wanted: RpcInterface, size: Word, at: { ip: string; port: number } | null): Buffer {
  const towers = at === null ? 0 : 1
  const align = zeros(missingTo(NO_HANDLE.length + 4, size))
  const array = [word(size, MOST_TOWERS), word(size, 0), word(size, towers)]
  const found = at === null ? [] : [word(size, 3), framed(size, tower(wanted, at.port, at.ip))]
  const status = u32(at === null ? NOT_REGISTERED : 0)
  return Buffer.concat([NO_HANDLE, u32(towers), align, ...array, ...found, status])
}
