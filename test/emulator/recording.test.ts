/** The recording of a real remote creation judges the emulated hosts: same records in each log, in the same order, of the same shape. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { WindowsRecord } from '../../src/emulator/sensors/record.ts'
import { pause, startTestLab, type TestLab } from './lab.ts'
import { DIFFERENCES, type Difference } from './recording-differences.ts'
import { type Shaped, shaped, taskRelated } from './recording-shapes.ts'

const shared = process.env.TOCSIN_SHARED
const path = join(shared ?? '', 'telemetry/host/schtask_create.zip')
const file = shared !== undefined && existsSync(path) ? path : null
const why = file === null ? ' (skipped: TOCSIN_SHARED names no folder with telemetry/host/schtask_create.zip)' : ''
const COMMAND =
  'schtasks /create /F /tn \\Microsoft\\Windows\\SoftwareProtectionPlatform\\EventCacheManager /tr "C:\\Windows\\system32\\cmd.exe /C C:\\Windows\\System32\\notepad.exe" /sc ONSTART /ru system /S WORKSTATION6'
const LEAF = 'EventCacheManager'
/** The recording's drifts of Sysmon 3. */
const DRIFT = { WORKSTATION5: 61_200, WORKSTATION6: 21_200 }

/** Objects one after the other, not always one a line. */
function parseConcatenated(text: string): WindowsRecord[] {
  return text
    .split(/\r?\n(?=\{)/)
    .filter((part) => part.trim() !== '')
    .map((part) => JSON.parse(part) as WindowsRecord)
}

const roleOf = (record: WindowsRecord): string => (record.Hostname.startsWith('WORKSTATION5') ? 'source' : 'target')

/** A row fits a record. */
const fits = (row: Difference, { role, channel, id, record }: Shaped): boolean =>
  row.channel === channel &&
  row.id === id &&
  (row.role === undefined || row.role === role) &&
  (row.where === undefined || row.where.pattern.test(String(record[row.where.field] ?? '')))

/** The logs of both hosts, each in its order. Between logs there is no order: each is written by itself. */
function logsOf(records: WindowsRecord[]): Map<string, Shaped[]> {
  const logs = new Map<string, Shaped[]>()
  for (const record of taskRelated(records, LEAF)) {
    const shape = shaped(record, roleOf(record))
    const log = `${shape.role} ${shape.channel}`
    logs.set(log, [...(logs.get(log) ?? []), shape])
  }
  return logs
}

describe(`the recorded remote creation${why}`, () => {
  let lab: TestLab
  let recorded: Map<string, Shaped[]>
  let emulated: Map<string, Shaped[]>
  const used = new Set<Difference>()

  before(async function () {
    if (file === null) return this.skip()
    const [text] = Object.values(unzipSync(readFileSync(file))).map((bytes) => Buffer.from(bytes).toString('utf8'))
    recorded = logsOf(parseConcatenated(text!))
    lab = await startTestLab({
      WORKSTATION5: {
        hostname: 'WORKSTATION5.theshire.local',
        domain: 'THESHIRE',
        emulated: { sensors: 'good', eid3DriftMs: DRIFT.WORKSTATION5 },
      },
      WORKSTATION6: {
        hostname: 'WORKSTATION6.theshire.local',
        domain: 'THESHIRE',
        emulated: { sensors: 'good', eid3DriftMs: DRIFT.WORKSTATION6 },
      },
    })
    const { exitCode, stderr } = await lab.run('WORKSTATION5', COMMAND)
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' })
    // Sysmon is a second late with connections.
    await pause(1_300)
    emulated = logsOf(lab.events())
  })

  after(async () => lab?.stop())

  /** What is left of a log when the differences of a kind are taken out. */
  const without = (log: Shaped[], kind: Difference['kind']): Shaped[] =>
    log.filter((record) => {
      const row = DIFFERENCES.find((difference) => difference.kind === kind && fits(difference, record))
      if (row !== undefined) used.add(row)
      return row === undefined
    })

  it('has logs on both hosts', () => {
    assert.deepEqual([...emulated.keys()].sort(), [...recorded.keys()].sort())
  })

  it('gives the same events in the same order', () => {
    for (const [log, records] of recorded) {
      const ids = (list: Shaped[]) => list.map(({ id, fields }) => `${id} ${fields.TargetObject ?? ''}`.trim())
      assert.deepEqual(ids(without(emulated.get(log) ?? [], 'extra')), ids(without(records, 'absent')), log)
    }
  })

  it('gives every field, and its value the same shape', () => {
    for (const [log, records] of recorded) {
      const others = without(emulated.get(log) ?? [], 'extra')
      for (const [index, record] of without(records, 'absent').entries()) {
        const excused = DIFFERENCES.filter((row) => row.kind === 'shape' && fits(row, record))
        for (const row of excused) used.add(row)
        const compared = ({ fields }: Shaped) =>
          Object.fromEntries(Object.entries(fields).filter(([name]) => !excused.some(({ field }) => field === name)))
        assert.deepEqual(compared(others[index]!), compared(record), `${log}, event ${record.id} (${index})`)
      }
    }
  })

  it('keeps the recorded relation of connection and registry times on the target', () => {
    const at = (id: number, field: string, pattern: RegExp) => {
      const log = emulated.get('target Microsoft-Windows-Sysmon/Operational')!
      const { record } = log.find(({ id: known, record: seen }) => known === id && pattern.test(String(seen[field])))!
      return { utc: Date.parse(`${String(record.UtcTime).replace(' ', 'T')}Z`), logged: Date.parse(record.TimeCreated) }
    }
    const connection = at(3, 'DestinationPort', /^49671$/)
    const actions = at(13, 'TargetObject', /\\Actions$/)
    const lead = actions.utc - connection.utc
    assert.ok(Math.abs(lead - DRIFT.WORKSTATION6) < 500, `by UtcTime the connection is ${lead} ms before the registry`)
    assert.ok(connection.logged > actions.logged, 'the connection is logged after the registry')
  })

  it('needs every difference it is allowed', () => {
    assert.deepEqual(
      DIFFERENCES.filter((row) => !used.has(row)),
      [],
    )
  })
})
