/**
 * What breaks on the way from the command to the alert is named by the stage at which it broke. Each case changes one
 * thing of a lab or an analytic in which everything else works, and runs the real command.
 */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { checkOf, WorkFolder } from './work-folder.ts'

const SEQUENCE = 'remote-scheduled-task-creation'
const PROCESS = 'CAR-2013-08-001'
const NETWORK = 'CAR-2015-04-002'
const TEST = 'sabotage/remote-create'

const SCENARIO = {
  id: 'sabotage',
  tests: [
    {
      id: 'remote-create',
      provenance: { document: 'test', kind: 'own' },
      steps: [
        {
          host: 'source',
          run: 'schtasks /create /f /s {{target.name}} /u {{target.domain}}\\{{target.user}} /p {{target.password}} /sc once /st {{target.time+2h}} /ru SYSTEM /tn {{marker}} /tr "cmd.exe /c ver"',
        },
      ],
      cleanup: [
        {
          host: 'source',
          run: 'schtasks /delete /f /s {{target.name}} /u {{target.domain}}\\{{target.user}} /p {{target.password}} /tn {{marker}}',
        },
      ],
      changes: [{ kind: 'scheduled-task', host: 'target', name: '\\{{marker}}' }],
      expect: [PROCESS, NETWORK, SEQUENCE].map((analytic) => ({ analytic, is: 'alert', within: '10m' })),
    },
  ],
}

describe('sabotage', () => {
  let folder: WorkFolder

  beforeEach(async () => {
    folder = await WorkFolder.make()
    await writeFile(join(folder.path, 'scenarios', 'sabotage.yml'), stringify(SCENARIO))
  })

  afterEach(() => folder.remove())

  it('nothing changed: everything alerts', async () => {
    const { code, record } = await folder.run(['sabotage'])
    for (const analytic of [PROCESS, NETWORK, SEQUENCE]) {
      const check = checkOf(record, TEST, analytic)
      assert.equal(check.verdict, 'alerted', `${analytic}: ${check.cause}`)
      assert.equal(check.outcome, 'expected')
      assert.equal(check.brokenStage, null)
    }
    assert.equal(code, 0)
    assert.deepEqual(record.tests[0]!.cleanup, { status: 'done', verified: true, reason: null })
  })

  it('a common Sysmon configuration on the hosts: the sequence is unseen, stage telemetry', async () => {
    await folder.changeHosts((emulated) => {
      emulated.sensors = 'stock'
    })
    const { code, record } = await folder.run(['sabotage'])
    const check = checkOf(record, TEST, SEQUENCE)
    assert.equal(check.verdict, 'unseen')
    assert.equal(check.brokenStage, 'telemetry')
    assert.equal(check.outcome, 'unexpected')
    assert.match(check.cause!, /registry|network/)
    assert.equal(checkOf(record, TEST, PROCESS).verdict, 'alerted')
    assert.equal(code, 1)
  })

  it('a changed clause: logged, stage logic, and the cause names the clause and the value seen', async () => {
    await folder.changeDeployed(SEQUENCE, (implementation) => {
      implementation.query = implementation.query.replace('registry.value : "Actions"', 'registry.value : "Acts"')
    })
    const { code, record } = await folder.run(['sabotage'])
    const check = checkOf(record, TEST, SEQUENCE)
    assert.equal(check.verdict, 'logged')
    assert.equal(check.brokenStage, 'logic')
    assert.equal(check.outcome, 'unexpected')
    assert.match(check.cause!, /registry\.value/)
    assert.match(check.cause!, /Actions/)
    assert.match(check.cause!, /Acts/)
    assert.equal(code, 1)
  })

  it('a disabled rule: matched, stage rule', async () => {
    await folder.changeDeployed(SEQUENCE, (implementation) => {
      implementation.rule.enabled = false
    })
    const { code, record } = await folder.run(['sabotage'])
    const check = checkOf(record, TEST, SEQUENCE)
    assert.equal(check.verdict, 'matched')
    assert.equal(check.brokenStage, 'rule')
    assert.equal(check.outcome, 'unexpected')
    assert.match(check.cause!, /disabled/)
    assert.equal(code, 1)
  })

  it('a detection loop slower than the limit: alerted, late, stage alert', async () => {
    await folder.changeLab((lab) => {
      lab.siem = { detection: { interval: '25m' } }
    })
    const { code, record } = await folder.run(['sabotage'])
    const check = checkOf(record, TEST, SEQUENCE)
    assert.equal(check.verdict, 'alerted')
    assert.equal(check.late, true)
    assert.equal(check.brokenStage, 'alert')
    assert.equal(check.outcome, 'unexpected')
    assert.equal(code, 1)
  })

  it("the target's firewall closed: execution failed, remote checks inconclusive, no rule blamed", async () => {
    await folder.changeHosts((emulated) => {
      emulated.firewall = { remoteTasks: false }
    })
    const { code, record } = await folder.run(['sabotage'])
    assert.equal(record.tests[0]!.execution.status, 'failed')
    for (const analytic of [NETWORK, SEQUENCE]) {
      const check = checkOf(record, TEST, analytic)
      assert.equal(check.outcome, 'inconclusive')
      assert.equal(check.brokenStage, 'execution')
      assert.notEqual(check.verdict, 'alerted')
    }
    assert.equal(checkOf(record, TEST, PROCESS).verdict, 'alerted')
    assert.equal(code, 3)
  })

  it('a changed host key: nothing is sent, inconclusive', async () => {
    await folder.changeHosts((_emulated, host) => {
      host.hostKey = `SHA256:${'A'.repeat(43)}`
    })
    const { code, record } = await folder.run(['sabotage'])
    const [test] = record.tests
    assert.equal(test!.execution.status, 'skipped')
    assert.match(test!.execution.reason!, /host key/)
    assert.ok(test!.execution.steps.every(({ exitCode, stdout }) => exitCode === null && stdout === ''))
    for (const { outcome, brokenStage } of test!.checks)
      assert.deepEqual([outcome, brokenStage], ['inconclusive', 'execution'])
    assert.equal(code, 3)
  })
})
