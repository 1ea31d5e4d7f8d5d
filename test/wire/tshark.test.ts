import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WirePdu } from '../../src/wire/wire-types.ts'
import { sharedFolder } from '../language/shared-folder.ts'
import { framesOf, REMOTE_CREATION, segmentsOf } from './conversation.ts'
import { capturesIn, decode } from './decoding.ts'
import { pcap } from './packet-maker.ts'

const ARCHIVES = ['schtask_create.zip', 'negative_wmi_execmethod.zip', 'smb_at_schedule.pcap']

/** What both are asked of each PDU. A context id is given by binds and calls, an opnum by calls. */
const FIELDS = ['pkt_type', 'cn_flags', 'cn_call_id', 'opnum', 'cn_ctx_id', 'cn_bind_to_uuid'] as const

const NUMBERS: Record<WirePdu['type'], number> = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bind_ack: 12,
  bind_nak: 13,
  alter_context: 14,
  alter_context_resp: 15,
  auth3: 16,
  shutdown: 17,
  cancel: 18,
  orphaned: 19,
}

interface TsharkPdu extends Record<string, unknown> {
  'dcerpc.pkt_type': string
}

/** All of tshark's PDUs with their frames; several in one frame are a list. */
function bySharkIn(path: string): string[] {
  const filter = ['-Y', 'dcerpc', '-T', 'json', '--no-duplicate-keys', '-J', 'frame dcerpc']
  const output = execFileSync('tshark', ['-r', path, ...filter], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const packets = JSON.parse(output) as { _source: { layers: Record<string, unknown> } }[]
  return packets.flatMap(({ _source: { layers } }) => {
    const frame = String((layers.frame as Record<string, unknown>)['frame.number'])
    return [layers.dcerpc].flat().map((pdu) => line(frame, pdu as TsharkPdu))
  })
}

function line(frame: string, pdu: TsharkPdu): string {
  const values = FIELDS.map((field) => allOf(pdu, `dcerpc.${field}`).map(canonical).join(','))
  return [frame, ...values].join(' | ')
}

/** The values of a field at any depth, in order. */
function allOf(tree: unknown, name: string): string[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => allOf(item, name))
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]) =>
    key === name ? [value].flat().map(String) : allOf(value, name),
  )
}

const canonical = (value: string) => (/^0x[0-9a-f]+$/.test(value) ? String(Number(value)) : value)

const ours = (bytes: Buffer): string[] =>
  decode([bytes]).pdus.map((pdu) => {
    const { frame, type, flags, callId, opnum, contextId, contexts } = pdu
    const ids = contexts?.map(({ id }) => id) ?? (contextId === null ? [] : [contextId])
    return [
      frame,
      NUMBERS[type],
      flags,
      callId,
      opnum ?? '',
      ids.join(','),
      (contexts ?? []).map(({ uuid }) => uuid).join(','),
    ].join(' | ')
  })

describe('agreement with tshark on every DCE/RPC PDU', () => {
  let folder: string

  before(function () {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-tshark-'))
    if (spawnSync('tshark', ['--version']).status === 0) return
    if (process.env.CI === 'true') throw new Error('tshark is missing: test/setup.sh installs it')
    this.skip()
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  function assertAgreement(name: string, captures: Buffer[]): void {
    for (const [index, bytes] of captures.entries()) {
      const path = join(folder, `${name}-${index}`)
      writeFileSync(path, bytes)
      const theirs = bySharkIn(path)
      assert.ok(theirs.length > 0)
      assert.deepEqual(ours(bytes), theirs, `${name}, capture ${index + 1}`)
    }
  }

  for (const name of ARCHIVES) {
    it(name, async function () {
      assertAgreement(name, await capturesIn(sharedFolder(this), name))
    })
  }

  it('a capture made by hand', () => {
    assertAgreement('by-hand', [pcap(framesOf(segmentsOf(REMOTE_CREATION)))])
  })
})
