/** DCE/RPC PDUs as Wireshark's dissectors see them, each with the interface that tshark itself takes it to be about. */
import { execFileSync } from 'node:child_process'

export interface DissectedPdu {
  frame: number
  /** As the header has it. */
  type: number
  flags: number
  callId: number
  opnum: number | null
  /** Several of a bind or alter_context. */
  contextIds: number[]
  /** Of a bind or alter_context, in the order of its contexts. */
  uuids: string[]
  /** UUID of the interface; of a bind the first; null where tshark tells none. */
  interface: string | null
  /** Where tshark tells it, see `Teller`. */
  teller: Teller | null
  /** Name of the operation, where the interface has a dissector. */
  operation: string | null
}

/**
 * `bind`: a bind or alter_context names it. `dissector`: tshark has one for the interface, and chose it. `text`: it has
 * none for that version, and prints the UUID or its name. `context`: it does not look into the PDU, but a bind of the same connection, as tshark reads
 * it, gave the PDU's context that interface, or has the call id that a bind_ack answers.
 */
export type Teller = 'bind' | 'dissector' | 'text' | 'context'

const OFFERS = new Set([11, 14])
const ANSWERS = new Set([12, 13, 15])

/** Whose dissectors call themselves otherwise than binds name the interface. */
const SAME: Record<string, string> = { EPM: 'EPMv4' }

/** What tshark prints of a frame, without its remarks on TCP. */
interface Line {
  stream: string
  protocol: string
  /** One text a PDU. */
  infos: string[]
}

type Tree = Record<string, unknown>

/** All PDUs of a capture in order. */
export function dissectedIn(path: string): DissectedPdu[] {
  const lines = linesIn(path)
  const pdus = treesIn(path).flatMap(([frame, trees]) =>
    trees.map((tree, index) => {
      const { stream, protocol, infos } = lines.get(frame)!
      return { ...readPdu(frame, tree), stream, protocol, info: infos.length === trees.length ? infos[index]! : '' }
    }),
  )
  const names = new Map<string, string>()
  for (const { uuids, info } of pdus) {
    const items = [...info.matchAll(/(\S+) V\d+\.\d+ \(/g)]
    for (const [index, uuid] of uuids.entries()) names.set(items[index]?.[1] ?? uuid, uuid)
  }
  const bound = new Map<string, string>()
  return pdus.map(({ stream, protocol, info, ...pdu }) => {
    const { type, callId, contextIds, uuids } = pdu
    if (OFFERS.has(type)) {
      for (const [index, id] of contextIds.entries()) bound.set(`${stream} context ${id}`, uuids[index]!)
      bound.set(`${stream} call ${callId}`, uuids[0]!)
      return { ...pdu, interface: uuids[0] ?? null, teller: 'bind' as const, operation: null }
    }
    const printed = names.get(/ Ctx: \d+ (\S+) V\d+/.exec(info)?.[1] ?? '')
    const operation = /^(\S+) (?:request|response)\b/.exec(info)?.[1] ?? null
    const dissected = operation === null ? undefined : names.get(SAME[protocol] ?? protocol)
    const context = bound.get(`${stream} ${ANSWERS.has(type) ? `call ${callId}` : `context ${contextIds[0]}`}`)
    const uuid = dissected ?? printed ?? context ?? null
    const teller = dissected ? 'dissector' : printed ? 'text' : context ? 'context' : null
    return { ...pdu, interface: uuid, teller, operation }
  })
}

function readPdu(frame: number, tree: Tree) {
  const numbers = (name: string) => allOf(tree, `dcerpc.${name}`).map(Number)
  return {
    frame,
    type: numbers('pkt_type')[0]!,
    flags: numbers('cn_flags')[0]!,
    callId: numbers('cn_call_id')[0]!,
    opnum: numbers('opnum')[0] ?? null,
    contextIds: numbers('cn_ctx_id'),
    uuids: allOf(tree, 'dcerpc.cn_bind_to_uuid'),
  }
}

const tshark = (path: string, ...options: string[]): string =>
  execFileSync('tshark', ['-r', path, '-Y', 'dcerpc', ...options], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })

/** The trees of the PDUs in each frame. */
function treesIn(path: string): [frame: number, trees: Tree[]][] {
  const output = tshark(path, '-T', 'json', '--no-duplicate-keys', '-J', 'frame dcerpc')
  const packets = JSON.parse(output) as { _source: { layers: Record<string, Tree | Tree[]> } }[]
  return packets.map(({ _source: { layers } }) => [
    Number((layers.frame as Tree)['frame.number']),
    [layers.dcerpc!].flat(),
  ])
}

function linesIn(path: string): Map<number, Line> {
  const columns = ['frame.number', 'tcp.stream', '_ws.col.Protocol', '_ws.col.Info']
  const output = tshark(path, '-T', 'fields', ...columns.flatMap((column) => ['-e', column]))
  return new Map(
    output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [frame, stream, protocol, info] = line.split('\t')
        return [
          Number(frame),
          { stream: stream!, protocol: protocol!, infos: info!.replace(/^(\[[^\]]*\] )+/, '').split(' # ') },
        ]
      }),
  )
}

/** The values of a field at any depth, in order. */
function allOf(tree: unknown, name: string): string[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => allOf(item, name))
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]) =>
    key === name ? [value].flat().map(String) : allOf(value, name),
  )
}
