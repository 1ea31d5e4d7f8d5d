/** The telemetry of emulated hosts in the Python implementation of EQL: it must find in it what our own evaluator finds. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { compile } from '../../src/language/compile.ts'
import type { Analytic } from '../../src/model/analytic.ts'
import { fieldOf, valuesOf } from '../../src/model/event.ts'
import { normalise } from '../../src/telemetry/normalise.ts'
import { home } from '../cli/tocsin.ts'
import { type JudgedEvent, type PythonEql, pythonEql } from '../python-eql/python-eql.ts'
import { PASSWORD, pause, startTestLab, type TestLab } from './lab.ts'

const PROCESS = 'CAR-2013-08-001'
const SEQUENCE = 'remote-scheduled-task-creation'
/** Sysmon is a second late with connections. */
const SENSORS_MS = 1_300

async function queryOf(id: string): Promise<string> {
  const analytic = parse(await readFile(join(home, 'scenarios', 'analytics', `${id}.yml`), 'utf8')) as Analytic
  return analytic.implementations.find(({ language }) => language === 'eql')!.query
}

const CREATE = '/create /f /sc once /st 23:59 /ru SYSTEM /tn oracle /tr "cmd.exe /c ver"'
const REMOTE = `/s srv1 /u LAB\\operator /p ${PASSWORD}`

describe('emulated telemetry in the Python implementation of EQL', function () {
  this.timeout(300_000)
  let python: PythonEql
  let lab: TestLab

  before(async function () {
    const found = await pythonEql()
    if (typeof found === 'string') {
      this.test!.parent!.title += ` (skipped: ${found})`
      return this.skip()
    }
    python = found
  })

  afterEach(() => lab?.stop())

  /** The hits of both judges on what one command left, as the codes of their events. */
  const hitsOf = async (analytic: string, command: string, eid3DriftMs = 0) => {
    const host = (kind: string) => ({ domain: 'LAB', emulated: { kind, sensors: 'good', eid3DriftMs } })
    lab = await startTestLab({ ws1: host('workstation'), srv1: host('server') })
    const { exitCode, stderr } = await lab.run('ws1', command)
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' })
    await pause(SENSORS_MS)
    const text = await queryOf(analytic)
    const query = compile('eql', text)
    const documents = lab.events().flatMap((record) => {
      const normalised = normalise(record)
      return normalised === null ? [] : [normalised.document]
    })
    // Both judges take events by time, and those of one time in the order in which they were written.
    const at = (document: Record<string, unknown>) => Date.parse(String(fieldOf(document, '@timestamp')))
    const events = documents.toSorted((a, b) => at(a) - at(b)).map((document, id): JudgedEvent => ({ id, document }))
    const ours = query
      .evaluate(events.map(({ id, document }) => ({ index: 'emulated', id: String(id), source: document })))
      .map((hit) => hit.map(({ id }) => Number(id)))
    const [theirs] = await python.judge([text], events, query.fields)
    assert.deepEqual(theirs, ours)
    return ours.map((hit) => hit.map((id) => `${valuesOf(events[id]!.document, 'event.code')[0]}`))
  }

  const local = `schtasks ${CREATE}`
  const remote = `schtasks ${CREATE} ${REMOTE}`

  it('a local creation is a process in both, and no sequence in either', async () => {
    assert.deepEqual((await hitsOf(PROCESS, local)).flat().sort(), ['1', '4688'])
    await lab.stop()
    assert.deepEqual(await hitsOf(SEQUENCE, local), [])
  })

  it('a remote creation is a process and a sequence in both', async () => {
    assert.deepEqual((await hitsOf(PROCESS, remote)).flat().sort(), ['1', '4688'])
    await lab.stop()
    assert.deepEqual(await hitsOf(SEQUENCE, remote, 200), [['3', '13']])
  })

  it('a connection whose time lags by more than maxspan is no sequence in either', async () => {
    assert.deepEqual(await hitsOf(SEQUENCE, remote, 61_500), [])
  })
})
