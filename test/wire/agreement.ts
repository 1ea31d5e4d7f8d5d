/** What we read of a capture next to what tshark reads of it, PDU by PDU. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interfaceName } from '../../src/telemetry/rpc/interfaces.ts'
import type { WirePdu } from '../../src/wire/wire-types.ts'
import { decode } from './decoding.ts'
import { type DissectedPdu, dissectedIn, type Teller } from './dissected.ts'

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

const COLUMNS = ['frame', 'type', 'flags', 'call id', 'opnum', 'context ids', 'UUIDs', 'interface']

const theirLine = ({ frame, type, flags, callId, opnum, contextIds, uuids, interface: uuid }: DissectedPdu): string =>
  lineOf([frame, type, flags, callId, opnum, contextIds, uuids, uuid === null ? null : interfaceName(uuid)])

const ourLine = ({ frame, type, flags, callId, opnum, contextId, contexts, interface: name }: WirePdu): string =>
  lineOf([
    frame,
    NUMBERS[type],
    flags,
    callId,
    opnum,
    contexts?.map(({ id }) => id) ?? contextId,
    contexts?.map(({ uuid }) => uuid) ?? [],
    name,
  ])

const lineOf = (values: unknown[]): string =>
  values.map((value, index) => `${COLUMNS[index]} ${[value ?? '–'].flat().join(', ') || '–'}`).join(' | ')

/** Every PDU that one of both does not have, or has otherwise. */
function differences(ours: readonly string[], theirs: readonly string[]): string[] {
  const [own, other] = [new Set(ours), new Set(theirs)]
  return [
    ...ours.filter((line) => !other.has(line)).map((line) => `ours:   ${line}`),
    ...theirs.filter((line) => !own.has(line)).map((line) => `tshark: ${line}`),
  ]
}

/** Tshark does not look into answers to binds, faults, and parts of a call that it could not put together. */
const isNotDissected = ({ type, flags }: DissectedPdu): boolean =>
  (type !== NUMBERS.request && type !== NUMBERS.response) || (flags & 3) !== 3

/** How often tshark tells the interface of a PDU by what; `none` where it tells none. */
export type Tellers = Partial<Record<Teller | 'none', number>>

/**
 * Asserts that both read the same PDUs in the same order, with the same interface, opnum, call id, context ids and flags;
 * prints each difference.
 */
export function assertAgreement(capture: Buffer, name: string): Tellers {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tshark-'))
  try {
    const path = join(folder, 'capture')
    writeFileSync(path, capture)
    const theirs = dissectedIn(path)
    const [our, their] = [decode([capture]).pdus.map(ourLine), theirs.map(theirLine)]
    assert.deepEqual(differences(our, their), [], name)
    assert.deepEqual(our, their, `${name}: the order`)
    const tellers: Tellers = {}
    for (const pdu of theirs) {
      assert.ok(pdu.teller !== 'context' || isNotDissected(pdu), theirLine(pdu))
      tellers[pdu.teller ?? 'none'] = (tellers[pdu.teller ?? 'none'] ?? 0) + 1
    }
    return tellers
  } finally {
    rmSync(folder, { recursive: true })
  }
}
