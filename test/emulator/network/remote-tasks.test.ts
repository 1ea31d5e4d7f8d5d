/** Scheduling on another host: what it takes, what crosses the network, and what both ends record. */
import assert from 'node:assert/strict'
import type { NetworkRecord, WindowsRecord } from '../../../src/emulator/sensors/record.ts'
import { PASSWORD, pause, startTestLab, type TestLab } from '../lab.ts'

interface Seen {
  action: string
  interface: string
  opnum?: number
  from: number
  to: number
}

describe('tasks of another host', () => {
  let lab: TestLab
  before(async () => {
    lab = await startTestLab({
      ws1: { hostname: 'ws1.lab.test', domain: 'LAB' },
      srv1: { hostname: 'srv1.lab.test', domain: 'LAB', emulated: { ip: '10.9.8.7' } },
      closed: { emulated: { firewall: { remoteTasks: false } } },
      notcp: { emulated: { rpc: { overTcp: false } } },
      low: { emulated: { rpc: { dynamicPorts: [20_000, 29_999] } } },
      local: { user: 'other', password: 'x' },
    })
  })
  after(() => lab?.stop())
  beforeEach(() => {
    lab.records.length = 0
  })

  const wire = (): Seen[] =>
    lab.records
      .filter((record): record is NetworkRecord => 'shape' in record)
      .map(({ document }) => {
        const { event, rpc, source, destination } = document as Record<string, Record<string, unknown>>
        const opnum = rpc!.opnum === undefined ? {} : { opnum: rpc!.opnum as number }
        const ports = { from: source!.port as number, to: destination!.port as number }
        return { action: event!.action as string, interface: rpc!.interface as string, ...opnum, ...ports }
      })
  const of = (host: string, ...ids: number[]): WindowsRecord[] =>
    lab.events().filter((event) => event.Hostname.startsWith(host) && ids.includes(event.EventID))
  const create = (host: string) => `schtasks /create /s ${host} /tn remote /tr "cmd.exe /c ver" /sc daily /ru SYSTEM /f`

  it('asks the endpoint mapper, binds, and calls 0, 7 and 1', async () => {
    assert.equal((await lab.run('ws1', create('srv1'))).exitCode, 0)
    assert.deepEqual(
      wire().map(({ action, interface: name, opnum, to }) => [name, action, opnum, to]),
      [
        ['epmapper', 'dce_rpc_bind', undefined, 135],
        ['epmapper', 'ept_map', 3, 135],
        ['ITaskSchedulerService', 'dce_rpc_bind', undefined, 49_671],
        ['ITaskSchedulerService', 'dce_rpc_alter_context', undefined, 49_671],
        ['ITaskSchedulerService', 'SchRpcHighestVersion', 0, 49_671],
        ['ITaskSchedulerService', 'SchRpcEnumTasks', 7, 49_671],
        ['ITaskSchedulerService', 'SchRpcRegisterTask', 1, 49_671],
      ],
    )
    const [created] = of('srv1', 4698)
    assert.deepEqual([created!.ClientProcessId, created!.RpcCallClientLocality], ['0', '0'])
    // The logon names the port from which the interface was called.
    assert.equal(of('srv1', 4624)[0]!.IpPort, String(wire().at(-1)!.from))
    assert.equal(of('ws1', 4698).length, 0)
  })

  it('takes every name and the address of a host', async () => {
    for (const name of ['SRV1', 'srv1.lab.test', '10.9.8.7', '\\\\srv1']) {
      assert.equal((await lab.run('ws1', `schtasks /query /s ${name}`)).exitCode, 0, name)
    }
  })

  it('has no network leg for the host itself', async () => {
    for (const name of ['ws1', 'localhost', '127.0.0.1']) {
      assert.equal((await lab.run('ws1', create(name))).exitCode, 0)
    }
    assert.deepEqual(wire(), [])
    const [created] = of('ws1', 4698)
    assert.notEqual(created!.ClientProcessId, '0')
  })

  const FAILURES = [
    { host: 'closed', stderr: 'ERROR: The RPC server is unavailable.\r\n', interfaces: [] },
    { host: 'notcp', stderr: 'ERROR: The RPC server is unavailable.\r\n', interfaces: ['epmapper', 'epmapper'] },
    { host: 'nowhere', stderr: 'ERROR: The network path was not found.\r\n', interfaces: [] },
  ]
  for (const { host, stderr, interfaces } of FAILURES) {
    it(`fails on ${host}, and changes nothing there`, async () => {
      assert.deepEqual(await lab.run('ws1', create(host)), { exitCode: 1, stdout: '', stderr })
      assert.deepEqual(
        wire().map(({ interface: name }) => name),
        interfaces,
      )
      assert.deepEqual(of(host, 13, 4698, 4624), [])
    })
  }

  it('is refused with a wrong password, which the other host records', async () => {
    const { exitCode, stderr } = await lab.run('ws1', `${create('srv1')} /u LAB\\operator /p wrong`)
    assert.deepEqual([exitCode, stderr], [1, 'ERROR: The user name or password is incorrect.\r\n'])
    assert.equal(of('srv1', 4625)[0]!.SubStatus, '0xc000006a')
    assert.deepEqual(of('srv1', 4624, 4698), [])
  })

  it('calls the port of a range that was moved', async () => {
    assert.equal((await lab.run('ws1', create('low'))).exitCode, 0)
    const { to } = wire().at(-1)!
    assert.ok(to >= 20_000 && to <= 29_999, String(to))
  })

  it('takes source ports from the client’s own range, a new one each time', async () => {
    await lab.run('low', create('srv1'))
    await lab.run('low', create('srv1'))
    const ports = new Set(wire().map(({ from }) => from))
    assert.equal(ports.size, 4)
    for (const port of ports) assert.ok(port >= 20_000 && port <= 29_999, String(port))
  })

  it('calls other operations for other commands', async () => {
    await lab.run('ws1', create('srv1'))
    const rows = [
      ['/query /tn remote', 2],
      ['/run /tn remote', 12],
      ['/end /tn remote', 11],
      ['/delete /tn remote /f', 13],
    ] as const
    for (const [command, opnum] of rows) {
      lab.records.length = 0
      assert.equal((await lab.run('ws1', `schtasks ${command} /s srv1`)).exitCode, 0, command)
      assert.ok(
        wire().some((message) => message.opnum === opnum),
        command,
      )
    }
  })

  it('deletes keys without setting values', async () => {
    await lab.run('ws1', create('srv1'))
    lab.records.length = 0
    await lab.run('ws1', 'schtasks /delete /s srv1 /tn remote /f')
    assert.deepEqual(
      of('srv1', 12, 13).map(({ EventID, EventType }) => [EventID, EventType]),
      [
        [12, 'DeleteKey'],
        [12, 'DeleteKey'],
        [12, 'DeleteKey'],
      ],
    )
    assert.equal(of('srv1', 4699).length, 1)
  })

  it('updates with 4702 and writes the actions again', async () => {
    await lab.run('ws1', create('srv1'))
    lab.records.length = 0
    assert.equal((await lab.run('ws1', 'schtasks /change /s srv1 /tn remote /tr notepad.exe')).exitCode, 0)
    assert.equal(of('srv1', 4702).length, 1)
    assert.ok(of('srv1', 13).some(({ TargetObject }) => String(TargetObject).endsWith('\\Actions')))
  })

  describe('clients of their own', () => {
    const target = `LAB/operator:${PASSWORD}@srv1`

    it('atexec.py uses the pipe on port 445, which the kernel serves', async () => {
      const { exitCode, stdout } = await lab.run('ws1', `atexec.py ${target} whoami`)
      assert.equal(exitCode, 0)
      assert.match(stdout, /nt authority\\system\r\n$/)
      assert.deepEqual([...new Set(wire().map(({ to }) => to))], [445])
      await pause(1_200)
      const [{ from }] = wire() as [Seen]
      assert.deepEqual(
        of('srv1', 3)
          .filter(({ SourcePort }) => SourcePort === String(from))
          .map(({ Image, DestinationPort }) => [Image, DestinationPort]),
        [['System', '445']],
      )
      assert.equal((await lab.run('srv1', 'schtasks /query /fo csv /nh')).stdout.includes('.tmp'), false)
    })

    it('atexec.py can create and delete a task of a given name', async () => {
      assert.equal(
        (await lab.run('ws1', `atexec.py -task-name named -create-only ${target} cmd.exe /c ver`)).exitCode,
        0,
      )
      assert.equal((await lab.run('srv1', 'schtasks /query /tn named')).exitCode, 0)
      assert.equal((await lab.run('ws1', `atexec.py -task-name named -delete-only ${target}`)).exitCode, 0)
      assert.equal((await lab.run('srv1', 'schtasks /query /tn named')).exitCode, 1)
    })

    it('tschclient.py binds the source port it is told', async () => {
      const command = `tschclient.py -source-port 40123 -create bound -command "cmd.exe /c ver" ${target}`
      assert.equal((await lab.run('ws1', command)).exitCode, 0)
      const calls = wire().filter(({ interface: name }) => name === 'ITaskSchedulerService')
      assert.deepEqual([...new Set(calls.map(({ from }) => from))], [40_123])
      assert.equal((await lab.run('ws1', `tschclient.py -delete bound ${target}`)).exitCode, 0)
    })

    it('say what went wrong, and end with 1', async () => {
      const { exitCode, stderr } = await lab.run('ws1', 'tschclient.py -create x LAB/operator:wrong@srv1')
      assert.equal(exitCode, 1)
      assert.match(stderr, /^\[-\] .*STATUS_LOGON_FAILURE/)
    })
  })

  it('needs an account that the other host knows', async () => {
    const { exitCode, stderr } = await lab.run('local', `schtasks /query /s srv1 /u srv1\\other /p x`)
    assert.equal(exitCode, 1)
    assert.match(stderr, /user name or password is incorrect/)
  })
})
