/**
 * Clocks that do not agree. Sysmon's times of connections lag, and hosts' clocks are off: evidence is told apart by when
 * it was written, and what a rule cannot match for that reason is not called missing.
 */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { checkOf, WorkFolder } from './work-folder.ts'

const SEQUENCE = 'remote-scheduled-task-creation'
const PROCESS = 'CAR-2013-08-001'
const NETWORK = 'CAR-2015-04-002'
const ALL = [PROCESS, NETWORK, SEQUENCE]

const REMOTE = '/s {{target.name}} /u {{target.domain}}\\{{target.user}} /p {{target.password}}'
const remotely = (verb: string, rest = '') => ({
  host: 'source',
  run: `schtasks ${verb} ${REMOTE} /tn {{marker}} ${rest}`,
})
const CREATE = remotely('/create /f', '/sc once /st {{target.time+2h}} /ru SYSTEM /tr "cmd.exe /c ver"')

const test = (id: string, more: Record<string, unknown>) => ({
  id,
  provenance: { document: 'test', kind: 'own' },
  cleanup: [remotely('/delete /f')],
  changes: [{ kind: 'scheduled-task', host: 'target', name: '\\{{marker}}' }],
  ...more,
})

const expecting = (alerting: string[], silent: string[]) => [
  ...alerting.map((analytic) => ({ analytic, is: 'alert' })),
  ...silent.map((analytic) => ({ analytic, is: 'silent' })),
]

const SCENARIO = {
  id: 'drift',
  tests: [
    test('create', { steps: [CREATE], expect: expecting(ALL, []) }),
    // Reads on the same target after it: creates nothing, and only its set-up does.
    test('query', { setup: [CREATE], steps: [remotely('/query')], expect: expecting([PROCESS, NETWORK], [SEQUENCE]) }),
    test('module', {
      steps: [
        {
          host: 'target',
          shell: 'powershell',
          run: "Unregister-ScheduledTask -TaskName $Parameters.name -Confirm:$false -ErrorAction SilentlyContinue; 'done'",
          parameters: { name: '{{marker}}' },
        },
      ],
      // What the clean-up leaves would be a false positive of the test.
      cleanup: [{ host: 'target', run: 'schtasks /query' }],
      changes: [{ kind: 'none', host: 'target', name: 'nothing' }],
      expect: expecting([], ALL),
    }),
  ],
}

describe('clocks that do not agree', () => {
  let folder: WorkFolder

  beforeEach(async () => {
    folder = await WorkFolder.make()
    await writeFile(join(folder.path, 'scenarios', 'drift.yml'), stringify(SCENARIO))
    // One source and one target: every test follows another on the same hosts.
    await folder.changeLab((lab) => {
      const seen = new Set<string>()
      for (const [name, { role }] of Object.entries(lab.hosts as Record<string, { role: string | string[] }>)) {
        const [first] = [role].flat()
        if (seen.has(first!)) delete lab.hosts[name]
        seen.add(first!)
      }
    })
  })

  afterEach(() => folder.remove())

  const expected = async (change: (emulated: Record<string, unknown>, index: number) => void) => {
    let index = 0
    await folder.changeHosts((emulated) => {
      change(emulated, index)
      index += 1
    })
    const { code, record } = await folder.run(['drift'])
    for (const { id, checks, execution } of record.tests) {
      assert.equal(execution.status, 'completed', `${id}: ${execution.reason}`)
      for (const { analytic, outcome, verdict, cause } of checks)
        assert.equal(outcome, 'expected', `${id} × ${analytic}: ${verdict}: ${cause}`)
    }
    assert.equal(code, 0)
  }

  it('times of connections that lag by 21 s: as expected', () =>
    expected((emulated) => {
      emulated.eid3DriftMs = 21_200
    }))

  it('times of connections that lag by more than maxspan: logged, stage logic, and the cause names the gap', async () => {
    await folder.changeHosts((emulated) => {
      emulated.eid3DriftMs = 61_500
    })
    const { code, record } = await folder.run(['drift'])
    const check = checkOf(record, 'drift/create', SEQUENCE)
    assert.deepEqual([check.verdict, check.brokenStage, check.outcome], ['logged', 'logic', 'unexpected'], check.cause!)
    assert.match(check.cause!, /61\.\d+ ?s/)
    assert.match(check.cause!, /maxspan/)
    for (const analytic of [PROCESS, NETWORK])
      assert.equal(checkOf(record, 'drift/create', analytic).verdict, 'alerted')
    for (const id of ['drift/query', 'drift/module']) {
      const { outcome, cause } = checkOf(record, id, SEQUENCE)
      assert.equal(outcome, 'expected', `${id}: ${cause}`)
    }
    assert.equal(code, 1)
  })

  it('a source that is 5 s ahead of its target: as expected', () =>
    expected((emulated, index) => {
      emulated.skewMs = index === 0 ? 5_000 : -5_000
    }))

  it('a target that is 5 s ahead of its source, and times of connections that lag: as expected', () =>
    expected((emulated, index) => {
      emulated.skewMs = index === 0 ? -5_000 : 5_000
      emulated.eid3DriftMs = 21_200
    }))
})
