/** CIM sessions: the provider host on the far side does the work there. */
import assert from 'node:assert/strict'
import type { Program } from '../../../src/emulator/program.ts'
import type { NetworkRecord } from '../../../src/emulator/sensors/record.ts'
import { pause, startTestLab, type TestLab } from '../lab.ts'

/** Stands in for a PowerShell that registers a task through a CIM session: `powershell host protocol`. */
const registrar: Program = async ({ argv, connectCim, localCim, stdout }) => {
  const [host, protocol] = argv
  const session = host === undefined ? await localCim() : await connectCim(host, protocol as 'wsman' | 'dcom')
  const task = await session.tasks.register(
    '\\by-cim',
    {
      registrationInfo: {},
      triggers: [],
      principal: { userId: 'SYSTEM', logonType: 'ServiceAccount', runLevel: 'LeastPrivilege' },
      settings: { enabled: true, hidden: false, startWhenAvailable: false },
      actions: [{ command: 'cmd.exe' }],
    },
    'create-or-update',
  )
  stdout(`${session.hostName} ${task.path}`)
  return 0
}

describe('CIM sessions', () => {
  let lab: TestLab
  before(async () => {
    lab = await startTestLab({ ws1: {}, srv1: {} }, { programs: { 'powershell.exe': registrar } })
  })
  after(() => lab?.stop())
  beforeEach(async () => {
    await pause(1_200)
    lab.records.length = 0
  })

  const of = (host: string, id: number) =>
    lab.events().filter((event) => event.Hostname === host && event.EventID === id)
  /** Sysmon's record of a connection to srv1, which is about a second late. */
  const sysmonConnection = async (wanted: (port: number) => boolean) => {
    for (;;) {
      const found = of('srv1', 3).find(({ DestinationPort }) => wanted(Number(DestinationPort)))
      if (found !== undefined) return found
      await pause(50)
    }
  }
  const interfaces = () =>
    lab.records
      .filter((record): record is NetworkRecord => 'shape' in record)
      .map(({ document }) => (document.rpc as { interface: string }).interface)

  it('over WS-Management end in the kernel’s HTTP, and no RPC leaves the source', async () => {
    assert.equal((await lab.run('ws1', 'powershell srv1 wsman')).stdout, 'SRV1 \\by-cim')
    assert.deepEqual(interfaces(), [])
    await pause(1_200)
    assert.deepEqual(
      of('srv1', 3).map(({ Image, DestinationPort }) => [Image, DestinationPort]),
      [['System', '5985']],
    )
  })

  it('over DCOM reach the provider’s service, which is not the Task Scheduler’s process', async () => {
    assert.equal((await lab.run('ws1', 'powershell srv1 dcom')).exitCode, 0)
    assert.ok(interfaces().includes('IWbemServices'))
    assert.ok(!interfaces().includes('ITaskSchedulerService'))
    const inbound = await sysmonConnection((port) => port >= 49_152)
    const registry = of('srv1', 13).find(({ TargetObject }) => String(TargetObject).endsWith('\\Actions'))!
    assert.notEqual(inbound.ProcessGuid, registry.ProcessGuid)
  })

  it('are local clients of the scheduler: the audit names the provider host', async () => {
    await lab.run('srv1', 'schtasks /delete /tn by-cim /f')
    await lab.run('ws1', 'powershell srv1 wsman')
    const [created] = of('srv1', 4698)
    const { stdout } = await lab.run('srv1', 'tasklist /fi "IMAGENAME eq WmiPrvSE.exe" /fo csv /nh')
    assert.equal(created!.ClientProcessId, stdout.split('","')[1])
    assert.equal(created!.SubjectUserName, 'operator')
  })

  it('on the host itself use its own provider host', async () => {
    assert.equal((await lab.run('ws1', 'powershell')).stdout, 'WS1 \\by-cim')
    assert.deepEqual(interfaces(), [])
    assert.equal(of('ws1', 4698).length, 1)
    assert.ok(of('ws1', 1).some(({ Image }) => String(Image).endsWith('WmiPrvSE.exe')))
  })
})
