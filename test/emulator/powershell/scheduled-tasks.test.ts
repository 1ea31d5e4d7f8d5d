import assert from 'node:assert/strict'
import { FakeMachine, plainDefinition } from './fake-machine.ts'

const CONNECT =
  "$service = New-Object -ComObject Schedule.Service\n$service.Connect()\n$root = $service.GetFolder('\\')\n"

const BUILD = `$task = $service.NewTask(0)
$task.Principal.UserId = 'SYSTEM'
$task.Principal.LogonType = 5
$trigger = $task.Triggers.Create(1)
$trigger.StartBoundary = (Get-Date).AddMinutes(3).ToString('s')
$action = $task.Actions.Create(0)
$action.Path = 'calc.exe'
$action.Arguments = '/x'
`

describe('Schedule.Service in the emulated PowerShell', () => {
  let machine: FakeMachine

  beforeEach(() => {
    machine = new FakeMachine()
  })

  it('registers a task', async () => {
    const script = `${CONNECT}${BUILD}$null = $root.RegisterTaskDefinition('made', $task, 2, 'SYSTEM', $null, 5)`
    assert.deepEqual(await machine.script(script), { exitCode: 0, stdout: '', stderr: '' })
    const { definition } = machine.tasks.get('\\made')!
    assert.deepEqual(definition.actions, [{ command: 'calc.exe', arguments: '/x' }])
    assert.deepEqual(definition.triggers, [{ kind: 'time', enabled: true, startBoundary: '2026-01-15T13:33:05' }])
    assert.deepEqual(definition.principal, {
      userId: 'SYSTEM',
      logonType: 'ServiceAccount',
      runLevel: 'LeastPrivilege',
    })
    assert.deepEqual(machine.accounts, [{ user: 'SYSTEM' }])
  })

  it('connects to another host as another user', async () => {
    await machine.script("$s = New-Object -ComObject Schedule.Service\n$s.Connect('srv1', 'op', 'LAB', 'pw')")
    assert.deepEqual(machine.connections, [
      { host: 'srv1', credentials: { user: 'op', domain: 'LAB', password: 'pw' } },
    ])
  })

  it('fails with the HRESULT of Windows', async () => {
    machine.add('\\there', plainDefinition())
    const hresult = async (statement: string) =>
      (await machine.script(`${CONNECT}${BUILD}try { $null = ${statement} } catch { $_.Exception.HResult }`)).stdout
    assert.equal(await hresult("$root.GetTask('nowhere')"), '-2147024894\n')
    assert.equal(await hresult("$root.RegisterTaskDefinition('there', $task, 2, 'SYSTEM', $null, 5)"), '-2147024713\n')
    assert.equal(await hresult("$service.Connect('unknown')"), '-2147024843\n')
  })

  it('updates, runs, disables and deletes', async () => {
    machine.add('\\t', plainDefinition())
    const script = `${CONNECT}$definition = $root.GetTask('t').Definition
$definition.Actions.Item(1).Path = 'new.exe'
$null = $root.RegisterTaskDefinition('t', $definition, 4, 'SYSTEM', $null, 5)
$null = $root.GetTask('t').Run($null)
$root.GetTask('t').State
$root.GetTask('t').Enabled = $false
@($root.GetTasks(0)).Count
$root.GetTask('t').Enabled`
    assert.deepEqual(await machine.script(script), { exitCode: 0, stdout: '4\n1\nFalse\n', stderr: '' })
    assert.equal(machine.tasks.get('\\t')!.definition.actions[0]!.command, 'new.exe')
    await machine.script(`${CONNECT}$root.DeleteTask('t', 0)`)
    assert.equal(machine.tasks.size, 0)
  })
})

describe('ScheduledTasks and CIM in the emulated PowerShell', () => {
  let machine: FakeMachine

  beforeEach(() => {
    machine = new FakeMachine()
  })

  it('registers a task through the provider of this machine', async () => {
    const script = `Register-ScheduledTask -TaskName made -Action (New-ScheduledTaskAction -Execute calc.exe) \`
 -Trigger (New-ScheduledTaskTrigger -Once -At (Get-Date).AddMinutes(3)) -User SYSTEM | Out-Null`
    assert.deepEqual(await machine.script(script), { exitCode: 0, stdout: '', stderr: '' })
    assert.deepEqual(machine.connections, ['cim'])
    assert.deepEqual(machine.tasks.get('\\made')!.definition.principal, {
      userId: 'SYSTEM',
      logonType: 'ServiceAccount',
      runLevel: 'LeastPrivilege',
    })
  })

  it('reports a task that exists and one that is missing', async () => {
    machine.add('\\there', plainDefinition())
    const there = await machine.script(
      'Register-ScheduledTask -TaskName there -Action (New-ScheduledTaskAction -Execute x.exe)',
    )
    assert.match(
      there.stderr,
      /Register-ScheduledTask : Cannot create a file when that file already exists\.[\s\S]*HRESULT 0x800700b7/,
    )
    const missing = await machine.script(
      "$ErrorActionPreference = 'Stop'\nStart-ScheduledTask -TaskName nowhere\n'after'",
    )
    assert.deepEqual({ exitCode: missing.exitCode, stdout: missing.stdout }, { exitCode: 1, stdout: '' })
    assert.match(missing.stderr, /No MSFT_ScheduledTask objects found with property 'TaskName' equal to 'nowhere'/)
  })

  it('does not delete what it should ask about', async () => {
    machine.add('\\t', plainDefinition())
    const asked = await machine.script('Unregister-ScheduledTask -TaskName t')
    assert.equal(machine.tasks.size, 1)
    assert.match(asked.stderr, /NonInteractive mode/)
    await machine.script('Unregister-ScheduledTask -TaskName t -Confirm:$false')
    assert.equal(machine.tasks.size, 0)
  })

  it('opens sessions over WinRM and DCOM, with credentials', async () => {
    const script = `$secret = ConvertTo-SecureString 'pw' -AsPlainText -Force
$credential = New-Object System.Management.Automation.PSCredential('LAB\\op', $secret)
$first = New-CimSession -ComputerName srv1 -Credential $credential
$second = New-CimSession srv1 -SessionOption (New-CimSessionOption -Protocol Dcom)
$null = Invoke-CimMethod -CimSession $second -Namespace Root\\Microsoft\\Windows\\TaskScheduler -ClassName PS_ScheduledTask -MethodName RegisterByXml -Arguments @{ Force = $true; Xml = $xml; TaskName = 'x' }`
    const xml = "$xml = '<Task><Actions><Exec><Command>a.exe</Command></Exec></Actions></Task>'\n"
    assert.deepEqual(await machine.script(xml + script), { exitCode: 0, stdout: '', stderr: '' })
    assert.deepEqual(machine.cimSessions, [
      { host: 'srv1', protocol: 'wsman', credentials: { domain: 'LAB', user: 'op', password: 'pw' } },
      { host: 'srv1', protocol: 'dcom', credentials: undefined },
    ])
    assert.ok(machine.tasks.has('\\x'))
  })
})
